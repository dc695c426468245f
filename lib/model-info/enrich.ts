import type { Deployment } from '../adapters/adapter'
import { isJsonObject, jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { CostMap } from './cost-map'
import { mapFields } from './map-fields'
import { redactParams } from './redact'

/**
 * The `model_info` that a reader sees: the row's own keys first and in their order, then LiteLLM's fixed list of fields from the
 * cost map wherever the row has no such key, `null` where the map does not know. A row without an entry in the map gets nothing
 * but its own keys. Prices in `litellm_params` win over both, whether there is an entry or not.
 *
 * Pure: the same row and map give the same bytes, and neither is changed.
 */
export function enrich(own: JsonObject, deployment: Deployment, map: CostMap): JsonObject {
  const prices = pricesOf(deployment.litellm_params)
  const info = { ...own }
  // Twice: the first time for the place of the row's keys, the second for their values. Many times as fast as key by key or spread.
  return Object.assign(info, prices, map.find(deployment)?.fields, own, prices)
}

/** One field of what `enrich` gives at a time, for those who need a few of them of many rows. */
export function enriched(
  own: JsonObject,
  deployment: Deployment,
  map: CostMap,
): (field: string) => JsonValue | undefined {
  const fields = map.find(deployment)?.fields
  return (field) => {
    const price = isPrice.has(field) ? priceOf(field, deployment.litellm_params[field]) : undefined
    return price ?? (Object.hasOwn(own, field) ? own[field] : fields?.[field])
  }
}

/**
 * A `model_info` that a client sends back, without what it only read: a key is dropped when its value is the one that readers of
 * the row are shown and the row itself holds no such value. What is left is what the client means to change, so that saving an
 * unchanged form stores nothing. `stored` is the row as it was before the write, since that is what the client has read; for a
 * new row there is none and nothing to strip. A value that merely equals the derived one counts as read.
 */
export function stripDerived(sent: JsonObject, stored: Deployment, map: CostMap): JsonObject {
  const own = stored.model_info
  const shown = enrich(own, stored, map)
  const isRead = (key: string, value: JsonValue) =>
    Object.hasOwn(shown, key) &&
    jsonEquals(shown[key], value) &&
    !(Object.hasOwn(own, key) && jsonEquals(own[key], value))
  return Object.fromEntries(Object.entries(sent).filter(([key, value]) => !isRead(key, value)))
}

/** Prices that `model_info` shows, wherever they are kept. */
export const priceFields: readonly string[] = mapFields.filter(
  (field) => field.includes('cost') || field === 'tiered_pricing',
)
const isPrice: ReadonlySet<string> = new Set(priceFields)

/** The prices that the host set for calls: they are what is charged, so they are what is shown. */
function pricesOf(params: JsonObject): JsonObject {
  const prices: Record<string, JsonValue> = {}
  for (const field of priceFields) {
    const price = priceOf(field, params[field])
    if (price !== undefined) prices[field] = price
  }
  return prices
}

/** A price as a number or a table of numbers, without secrets; nothing for what is not a price, such as an unset or unresolved reference. */
function priceOf(field: string, value: JsonValue | undefined): JsonValue | undefined {
  // YAML 1.1 reads 1e-7 as text, and so does LiteLLM before it asks for a number.
  if (typeof value === 'string')
    return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined
  if (typeof value === 'number') return value
  // A table may hold anything; it is shown here as it is shown among the params.
  return Array.isArray(value) || isJsonObject(value) ? redactParams({ [field]: value })[field] : undefined
}
