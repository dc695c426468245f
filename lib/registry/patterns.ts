/** The texts before, between and after the stars of a name such as `openai/*`. */
export type Pattern = readonly string[]

export function isPattern(name: string): boolean {
  return name.includes('*')
}

export function compilePattern(name: string): Pattern {
  return name.split('*')
}

/** Whether `openai/*` is what `openai/gpt-4o` looks like. Linear in the length of the name, whatever the pattern. */
export function matchesPattern(pattern: string, name: string): boolean {
  return findStars(compilePattern(pattern), name) !== undefined
}

/** What each star of the pattern stands for in the name; undefined where the name does not fit. */
export function findStars(pattern: Pattern, name: string): readonly string[] | undefined {
  const [head = ''] = pattern
  // Most names do not fit most patterns.
  if (!name.startsWith(head)) return undefined
  const [, ...rest] = pattern
  const tail = rest.pop()
  if (tail === undefined) return head === name ? [] : undefined
  const end = name.length - tail.length
  if (end < head.length || !name.endsWith(tail)) return undefined
  const stars: string[] = []
  let from = head.length
  for (const part of rest) {
    const at = name.indexOf(part, from)
    if (at < 0 || at + part.length > end) return undefined
    stars.push(name.slice(from, at))
    from = at + part.length
  }
  return [...stars, name.slice(from, end)]
}

/** `openai/*` called as `openai/gpt-4o` where a star stands for `gpt-4o`; undefined where there are more stars than places. */
export function fillStars(template: string, stars: readonly string[]): string | undefined {
  const [head = '', ...rest] = compilePattern(template)
  if (rest.length > 0 && stars.length > rest.length) return undefined
  return rest.reduce((filled, part, at) => filled + (stars[at] ?? '*') + part, head)
}
