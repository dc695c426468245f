import { YAMLException, parseEvents } from 'js-yaml'
import type { Event } from 'js-yaml'
import { findFreeText, startOfLine } from './free-text'

export interface Parsed {
  readonly events: readonly Event[]
  /** What the offsets of the events refer to. */
  readonly text: string
  /** Where in the given text that place is. */
  original(offset: number): number
}

/**
 * The events of a YAML text, as PyYAML accepts it: in brackets and quotes lines may be indented as they like, `}` below its key
 * included. js-yaml wants them deeper, so such lines are given more blanks, which say nothing there.
 *
 * Throws js-yaml's exception, with the position in the given text.
 */
export function parseYaml(text: string, maxDepth = Infinity): Parsed {
  const options = { maxDepth }
  try {
    return { events: parseEvents(text, options), text, original: (offset) => offset }
  } catch (error) {
    if (!isIndentation(error)) throw error
    const indented = indentFreeLines(text)
    try {
      return { events: parseEvents(indented.text, options), ...indented }
    } catch (deeper) {
      // Blanks that were put in may have moved what is wrong; where nothing helped, the first word stands.
      if (!(deeper instanceof YAMLException) || isIndentation(deeper) || deeper.mark === undefined)
        throw error
      Object.assign(deeper.mark, { position: indented.original(deeper.mark.position) })
      throw deeper
    }
  }
}

/** The same with the offsets of the given text, for whoever looks at the text and not at the values. */
export function parseLayout(text: string): readonly Event[] {
  const { events, original } = parseYaml(text)
  return events.map((event) => {
    const moved = Object.entries(event).map(([key, value]: [string, unknown]) => {
      return [
        key,
        typeof value === 'number' && value > 0 && offsets.has(key) ? original(value) : value,
      ] as const
    })
    return Object.fromEntries(moved) as unknown as Event
  })
}

const offsets: ReadonlySet<string> = new Set([
  'start',
  'valueStart',
  'valueEnd',
  'anchorStart',
  'anchorEnd',
  'tagStart',
  'tagEnd',
])

function isIndentation(error: unknown): boolean {
  return error instanceof YAMLException && error.reason === 'deficient indentation'
}

function indentFreeLines(text: string): Pick<Parsed, 'text' | 'original'> {
  const pieces: string[] = []
  /** In order: from this offset of the new text on, so many blanks were put in. */
  const shifts: { readonly from: number; readonly by: number }[] = []
  let at = 0
  let by = 0
  for (const { start, end } of findFreeText(text)) {
    const blanks = ' '.repeat(start - startOfLine(text, start) + 1)
    for (const { index, 0: lineBreak } of text.slice(start, end).matchAll(/\r\n?|\n/g)) {
      const line = start + index + lineBreak.length
      pieces.push(text.slice(at, line), blanks)
      at = line
      by += blanks.length
      shifts.push({ from: line + by, by })
    }
  }
  pieces.push(text.slice(at))
  return {
    text: pieces.join(''),
    original(offset) {
      let [low, high] = [0, shifts.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((shifts[middle]?.from ?? 0) <= offset) low = middle + 1
        else high = middle
      }
      return offset - (shifts[low - 1]?.by ?? 0)
    },
  }
}
