/** A piece of the text in which PyYAML does not look at the indentation of lines: in brackets or quotes. */
export interface FreeText {
  readonly start: number
  readonly end: number
}

const blank = /[ \t]/
const space = /[\s\ufeff]/

/**
 * The values in brackets or quotes that reach over several lines. Follows PyYAML's scanner no further than that takes, and
 * only texts that another reader has refused for their indentation come here.
 */
export function findFreeText(text: string): readonly FreeText[] {
  const found: FreeText[] = []
  let at = 0
  /** Of the innermost key or dash of the current line: a text block, or a plain text of several lines, stands deeper. */
  let parent = -1
  let lineStart = 0

  while (at < text.length) {
    const sign = text[at] ?? ''
    if (isBreak(sign)) lineStart = at += 1
    else if (space.test(sign)) at += 1
    else if (sign === '#') at = endOfLine(text, at)
    else if (/[-?:]/.test(sign) && isSpaceAt(text, at + 1)) {
      if (sign !== ':') parent = at - lineStart
      at += 1
    } else if (/[&*!]/.test(sign)) while (!isSpaceAt(text, at)) at += 1
    else if (/[|>]/.test(sign)) skipBlock()
    else if (/['"[{]/.test(sign)) {
      const end = sign === '"' || sign === "'" ? endOfQuoted(text, at) : endOfFlow(text, at)
      found.push({ start: at, end })
      if (isKey(end)) parent = at - lineStart
      at = end
      lineStart = startOfLine(text, at)
    } else skipPlain()
  }
  return found.filter(({ start, end }) => /[\r\n]/.test(text.slice(start, end)))

  function isKey(end: number): boolean {
    let behind = end
    while (blank.test(text[behind] ?? '')) behind += 1
    return text[behind] === ':' && isSpaceAt(text, behind + 1)
  }

  function skipPlain(): void {
    const start = at
    const end = endOfPlain(text, at)
    at = end
    if (text[end] === ':') {
      parent = start - lineStart
      return
    }
    // The next lines go on with it as long as they stand deeper.
    for (;;) {
      const next = nextText(text, at)
      if (isBreakless(next) || columnAt(text, next) <= parent || text[at] === '#' || text[next] === '#')
        return
      at = endOfPlain(text, next)
      lineStart = startOfLine(text, at)
      if (text[at] === ':') return
    }
  }

  function isBreakless(next: number): boolean {
    return next >= text.length || !/[\r\n]/.test(text.slice(at, next))
  }

  function skipBlock(): void {
    at = endOfLine(text, at)
    for (;;) {
      const next = nextText(text, at)
      if (next >= text.length || columnAt(text, next) <= parent) break
      at = endOfLine(text, next)
    }
    lineStart = startOfLine(text, at)
  }
}

function endOfQuoted(text: string, start: number): number {
  const quote = text[start]
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return text.length
}

function endOfFlow(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length;) {
    const sign = text[at] ?? ''
    if (/[[{]/.test(sign)) depth += 1
    if (/[\]}]/.test(sign)) depth -= 1
    if (depth === 0) return at + 1
    if (/['"]/.test(sign)) at = endOfQuoted(text, at)
    else if (sign === '#' && isSpaceAt(text, at - 1)) at = endOfLine(text, at)
    else if (/[\s,:?[\]{}]/.test(sign)) at += 1
    // A quote inside a plain text is a letter of it.
    else while (at < text.length && !/[\s,:[\]{}]/.test(text[at] ?? '')) at += 1
  }
  return text.length
}

/** Before the colon of a key, a comment, or the end of the line. */
function endOfPlain(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] ?? ''
    if (isBreak(sign)) return at
    if (sign === ':' && isSpaceAt(text, at + 1)) return at
    if (sign === '#' && at > start && isSpaceAt(text, at - 1)) return at
  }
  return text.length
}

function nextText(text: string, from: number): number {
  let at = from
  while (at < text.length && space.test(text[at] ?? '')) at += 1
  return at
}

function isSpaceAt(text: string, at: number): boolean {
  return at >= text.length || space.test(text[at] ?? '')
}

function isBreak(sign: string): boolean {
  return sign === '\n' || sign === '\r'
}

function endOfLine(text: string, at: number): number {
  let end = at
  while (end < text.length && !isBreak(text[end] ?? '')) end += 1
  return end
}

export function startOfLine(text: string, at: number): number {
  let start = at
  while (start > 0 && !isBreak(text[start - 1] ?? '')) start -= 1
  return start
}

function columnAt(text: string, at: number): number {
  return at - startOfLine(text, at)
}
