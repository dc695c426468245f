/** Replaces the text between two offsets. */
export interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** All at once; of several insertions at one place the first comes first. `undefined` where two want the same text. */
export function spliced(text: string, splices: readonly Splice[]): string | undefined {
  const pieces: string[] = []
  let at = 0
  for (const { from, to, text: by } of splices.toSorted((one, other) => one.from - other.from)) {
    if (from < at) return undefined
    pieces.push(text.slice(at, from), by)
    at = to
  }
  return [...pieces, text.slice(at)].join('')
}

/** Where the line ends at which `offset` stands: before its break. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset)
  if (at < 0) return text.length
  return text[at - 1] === '\r' ? at - 1 : at
}

export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset)
  return at < 0 ? text.length : at + 1
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

/** The line break that the text uses. */
export function breakOf(text: string): string {
  const first = text.indexOf('\n')
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n'
}

/** Behind the lines of what ends at `offset`, with the comments below it that are set deeper than its column. */
export function blockEnd(text: string, offset: number, column: number): number {
  let at = nextLine(text, offset)
  for (;;) {
    const indent = /^ *(?=#)/.exec(text.slice(at, lineEnd(text, at)))?.[0].length ?? -1
    if (indent <= column) return at
    at = nextLine(text, at)
  }
}

/** Whole lines, to be put in at the start of a line or at the end of a text that has no last break. */
export function linesAt(text: string, at: number, lines: readonly string[]): Splice {
  const end = breakOf(text)
  const body = lines.join(end)
  const isOpen = at > 0 && text[at - 1] !== '\n'
  return { from: at, to: at, text: isOpen ? end + body : body + end }
}

export function indented(lines: readonly string[], column: number): readonly string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(column) + line))
}
