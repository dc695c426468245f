/**
 * Texts of a length on which an expression that is not linear takes long: each piece of its own source, and each two of them,
 * repeated, with an end that lets the match fail.
 */
export function* attackStrings(source: string, length: number): Generator<string> {
  const all = piecesOf(source)
  // Single characters are what classes are made of.
  const pieces = all.filter((piece) => piece.length === 1).slice(0, mostPaired)
  const pairs = pieces.flatMap((one) => pieces.filter((other) => other !== one).map((other) => one + other))
  for (const piece of [...all.slice(0, mostPieces), ...pairs]) {
    const pumped = piece.repeat(Math.ceil(length / piece.length))
    for (const end of ends) yield pumped + end
    for (const start of pieces.slice(0, 3)) yield `${start}${pumped}\0`
  }
}

const ends = ['', '\0', '+', ' : ']

/** A member of each kind of character that an expression may repeat. */
const members: Readonly<Record<string, string>> = {
  w: 'a',
  d: '0',
  s: ' ',
  p: 'A',
  S: 'a',
  W: '-',
  D: 'a',
  n: '\n',
}
const mostPieces = 40
const mostPaired = 7

function piecesOf(source: string): readonly string[] {
  const found = new Set(['a', '0', ' '])
  for (const [token] of source.matchAll(/\\[pP]\{[^}]*\}|\\u[\da-f]{4}|\\.|[A-Za-z\d]+|[^A-Za-z\d]/g)) {
    if (token.startsWith('\\')) found.add(members[token.charAt(1)] ?? token.charAt(1))
    else if (!'()[]{}|?+^$'.includes(token)) found.add(token)
  }
  return [...found]
}
