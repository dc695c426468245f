/** A text cut before each item of the list that one key of the root holds. Joined in this order it is the text again. */
export interface Sections {
  /** Up to the first item. */
  readonly head: string
  /** Each with the comments and blank lines behind it. */
  readonly items: readonly string[]
  /** From the first line that belongs to no item. */
  readonly tail: string
  /** Of the dashes. */
  readonly column: number
}

export function joinSections({ head, items, tail }: Omit<Sections, 'column'>): string {
  return head + items.join('') + tail
}

/**
 * `undefined` where the list is not written with one dash a line below its key. A guess from indentation alone:
 * whoever uses it has to make sure that each part reads as what it is taken for.
 */
export function cutList(text: string, key: string): Sections | undefined {
  const heading = new RegExp(`^(?:${key}|"${key}"|'${key}')[ \\t]*:[ \\t]*(?:#.*)?\\r?\\n`, 'm').exec(text)
  if (heading === null) return undefined
  const starts: number[] = []
  let column = -1
  let end = text.length
  for (let at = heading.index + heading[0].length; at < text.length; at = lineAfter(text, at)) {
    const first = firstOfLine(text, at)
    const sign = text[first]
    if (sign === undefined || sign === '\n' || sign === '\r' || sign === '#') continue
    const indent = first - at
    const isDash = sign === '-' && /^[ \t\r\n]?$/.test(text[first + 1] ?? '')
    if (column < 0 && isDash) column = indent
    if (isDash && indent === column) starts.push(at)
    else if (indent <= column || column < 0) {
      end = at
      break
    }
  }
  const [start] = starts
  if (start === undefined) return undefined
  const items = starts.map((from, index) => text.slice(from, starts[index + 1] ?? end))
  return { head: copyText(text.slice(0, start)), items, tail: copyText(text.slice(end)), column }
}

/** A copy that does not keep the text it was cut from in memory. */
export function copyText(text: string): string {
  return ` ${text}`.slice(1)
}

function lineAfter(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

function firstOfLine(text: string, at: number): number {
  let first = at
  while (text[first] === ' ') first += 1
  return first
}
