import { addressWithin } from '../model-info/address-within'

/** Whether `openai/*` is what `openai/gpt-4o` looks like. Linear in the length of the name, whatever the pattern. */
export function matchesPattern(pattern: string, name: string): boolean {
  return starsOf(pattern, name) !== undefined
}

/**
 * Whether a model of this pattern may be called so. What a star stands for is chosen by whoever calls, and so is never an address:
 * with `huggingface/*`, `huggingface/https://…` would send the gateway's key there.
 */
export function answersTo(pattern: string, name: string): boolean {
  return starsOf(pattern, name)?.every((star) => addressWithin(star) === undefined) ?? false
}

/** `openai/*` called as `openai/gpt-4o` where the pattern is `my/*` and the name `my/gpt-4o`. */
export function fillStars(template: string, pattern: string, name: string): string {
  const [head = '', ...rest] = template.split('*')
  const stars = starsOf(pattern, name) ?? []
  // As LiteLLM: where the stars do not fit, what was asked for is called.
  if (rest.length > 0 && stars.length > rest.length) return name
  return rest.reduce((filled, part, at) => filled + (stars[at] ?? '*') + part, head)
}

/** What each star of the pattern stands for in the name; undefined where the name does not fit. */
function starsOf(pattern: string, name: string): readonly string[] | undefined {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return pattern === name ? [] : undefined
  const end = name.length - tail.length
  if (end < head.length || !name.startsWith(head) || !name.endsWith(tail)) return undefined
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
