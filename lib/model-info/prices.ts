import type { JsonObject, JsonValue } from '../json'
import { isJsonObject } from '../json'
import { redactParams } from './redact'

/** Prices and what is multiplied with them, that are not called a cost. */
const otherPrices: ReadonlySet<string> = new Set(['tiered_pricing', 'off_peak_pricing'])

/** Whether a parameter or a field of `model_info` is a price: the one rule for what is shown, moved, billed and guarded. */
export function isPriceName(name: string): boolean {
  const lower = name.toLowerCase()
  return otherPrices.has(lower) || /(?:^|_)cost|uplift_multiplier/.test(lower)
}

/** Fields of `model_info` that are numbers wherever they are known. */
export function isNumberName(name: string): boolean {
  return (
    /^(?:[ioc]?[rt]pm|[io]tpm|max_(?:input_|output_)?tokens|output_vector_size|prompt_cache_min_tokens|search_free_requests)$/.test(
      name,
    ) ||
    (isPriceName(name) && !otherPrices.has(name) && !tables.has(name))
  )
}

const tables: ReadonlySet<string> = new Set(['search_context_cost_per_query'])

/** A number, or a text that is one: YAML 1.1 reads `1e-7` as text, and command lines send text. Undefined for anything else. */
export function numberIn(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

export function numberOrNull(value: JsonValue | undefined): number | null {
  return numberIn(value) ?? null
}

/** A price as a number or a table of numbers, without secrets; undefined for what is none, such as an unset reference. */
export function priceOf(name: string, value: JsonValue | undefined): JsonValue | undefined {
  const number = numberIn(value)
  if (number !== undefined) return number
  // A table may hold anything; it is shown here as it is shown among the params.
  return Array.isArray(value) || isJsonObject(value) ? redactParams({ [name]: value })[name] : undefined
}

/** The prices that the host set for calls: they are what is charged, so they are what is shown. */
export function pricesOf(params: JsonObject): JsonObject {
  const prices: Record<string, JsonValue> = {}
  for (const name of Object.keys(params)) {
    const price = isPriceName(name) ? priceOf(name, params[name]) : undefined
    if (price !== undefined) prices[name] = price
  }
  return prices
}
