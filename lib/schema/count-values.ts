import type { JsonValue } from '../json'

/** Members of all objects and lists. What a text of JSON holds is looked through as well, and so counts as much. */
export function countValues(value: JsonValue): number {
  if (typeof value === 'string') return countInText(value)
  if (typeof value !== 'object' || value === null) return 0
  const keys = Object.keys(value)
  let count = keys.length
  for (const key of keys) count += countValues((value as Readonly<Record<string, JsonValue>>)[key] ?? null)
  return count
}

/** By the commas between them, without parsing it; no text that is not JSON has as many as would matter. */
export function countInText(text: string): number {
  if (!/^\s*[{["]/.test(text)) return 0
  let count = 0
  for (let at = text.indexOf(','); at >= 0; at = text.indexOf(',', at + 1)) count++
  return count
}
