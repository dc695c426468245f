import { CHOMPING_MODE, COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE } from 'js-yaml'
import type { Event, ScalarEvent } from 'js-yaml'
import { parseLayout } from './parse'
import { lineEnd } from './splice'

/** A value as it is written: the offsets between which its text stands, so that one value can be changed and no other byte. */
export type Written = WrittenScalar | WrittenList | WrittenMap

interface Span {
  /** Of the anchor or tag, if there is one. Equal to `end` where nothing is written. */
  readonly start: number
  /** Behind the last character that belongs to the value: no line break, no comment. */
  readonly end: number
}

/** Aliases too: to an editor they are text that stands for a value. */
export interface WrittenScalar extends Span {
  readonly kind: 'scalar'
}

export interface WrittenList extends Span {
  readonly kind: 'list'
  /** In brackets. */
  readonly isFlow: boolean
  readonly hasAnchor: boolean
  readonly items: readonly WrittenItem[]
}

export interface WrittenItem {
  /** Of the dash; in brackets, of the value. */
  readonly start: number
  readonly value: Written
}

export interface WrittenMap extends Span {
  readonly kind: 'map'
  /** In braces. */
  readonly isFlow: boolean
  readonly members: readonly WrittenMember[]
}

export interface WrittenMember {
  /** Where the key's own text starts: what the typed tree says of it. */
  readonly keyOffset: number
  readonly start: number
  /** Behind the colon. */
  readonly colonEnd: number
  readonly value: Written
}

/** The layout of a text that `readYaml` has read without complaint; `undefined` when there is nothing in it. */
export function layoutOf(text: string): Written | undefined {
  const events = parseLayout(text)
  let next = 0
  /** Behind the last thing that was seen. */
  let at = 0

  function take(): Event {
    return events[next++] ?? { type: EVENT_ID.POP }
  }

  function value(): Written {
    const event = take()
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return scalar(event)
      case EVENT_ID.ALIAS:
        at = event.anchorEnd
        return { kind: 'scalar', start: event.anchorStart - 1, end: at }
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const start = firstOf(event.start, event)
        const isFlow = event.style === COLLECTION_STYLE.FLOW
        at = Math.max(event.start, event.anchorEnd, event.tagEnd)
        if (event.type === EVENT_ID.MAPPING) {
          const members = untilPop(isFlow, () => member(isFlow))
          return { kind: 'map', isFlow, start, end: at, members }
        }
        const items = untilPop(isFlow, () => item(isFlow))
        return { kind: 'list', isFlow, hasAnchor: event.anchorStart >= 0, start, end: at, items }
      }
      default:
        return { kind: 'scalar', start: at, end: at }
    }
  }

  function untilPop<T>(isFlow: boolean, each: () => T): readonly T[] {
    const all: T[] = []
    const hasBracket = isFlow && /[[{]/.test(text[skipSpace(text, at)] ?? '')
    if (hasBracket) at = skipSpace(text, at) + 1
    while (next < events.length && events[next]?.type !== EVENT_ID.POP) all.push(each())
    next += 1
    if (hasBracket) at = skipBetween(text, at) + 1
    return all
  }

  function item(isFlow: boolean): WrittenItem {
    if (isFlow) {
      at = skipBetween(text, at)
      return { start: at, value: value() }
    }
    const start = skipSpace(text, at)
    at = start + 1
    return { start, value: value() }
  }

  function member(isFlow: boolean): WrittenMember {
    const start = isFlow ? skipBetween(text, at) : skipSpace(text, at)
    at = start
    // The key of a block may be written behind a question mark.
    if (text[start] === '?' && /\s/.test(text[start + 1] ?? ' ')) at += 1
    const event = events[next]
    const keyOffset = event?.type === EVENT_ID.SCALAR ? event.valueStart : -1
    value()
    const colon = skipSpace(text, at)
    if (text[colon] === ':') at = colon + 1
    return { keyOffset, start, colonEnd: at, value: value() }
  }

  function scalar(event: ScalarEvent): WrittenScalar {
    const start = firstOf(event.valueStart, event)
    const behind = Math.max(event.anchorEnd, event.tagEnd, at)
    if (event.valueStart < 0) {
      at = behind
      return { kind: 'scalar', start: start < 0 ? at : start, end: at }
    }
    switch (event.style) {
      case SCALAR_STYLE.PLAIN:
        at = event.valueEnd
        return { kind: 'scalar', start, end: at }
      case SCALAR_STYLE.SINGLE_QUOTED:
      case SCALAR_STYLE.DOUBLE_QUOTED:
        at = event.valueEnd + 1
        return { kind: 'scalar', start: Math.min(start, event.valueStart - 1), end: at }
    }
    const header = skipSpace(text, behind)
    // What holds it ends there too: behind are only blanks and breaks, which would be the next line's.
    at = blockEnd(event, header)
    return { kind: 'scalar', start: firstOf(header, event), end: at }
  }

  /** Blank lines behind a block of text are part of it only if it says so. */
  function blockEnd({ valueStart, valueEnd, chomping }: ScalarEvent, header: number): number {
    const body = text.slice(valueStart, valueEnd)
    const kept = chomping === CHOMPING_MODE.KEEP ? body.replace(/\r?\n$/, '') : body.trimEnd()
    return kept === '' ? lineEnd(text, header) : valueStart + kept.length
  }

  if (take().type !== EVENT_ID.DOCUMENT) return undefined
  return value()
}

/** The next character that is neither blank, a line break nor in a comment. */
function skipSpace(text: string, offset: number): number {
  return skip(text, offset, /[\s\ufeff]/)
}

/** The same between the members of a collection in brackets. */
function skipBetween(text: string, offset: number): number {
  return skip(text, offset, /[\s,:?]/)
}

function skip(text: string, offset: number, ignored: RegExp): number {
  let at = offset
  while (at < text.length) {
    if (text[at] === '#') at = lineEnd(text, at)
    else if (ignored.test(text[at] ?? '')) at += 1
    else break
  }
  return at
}

/** Where the value begins, with its anchor and its tag. */
function firstOf(
  start: number,
  { anchorStart, tagStart }: { anchorStart: number; tagStart: number },
): number {
  const all = [start, anchorStart < 0 ? -1 : anchorStart - 1, tagStart].filter((offset) => offset >= 0)
  return all.length === 0 ? -1 : Math.min(...all)
}
