import type { Deployment } from '../adapters/adapter'
import { isReference } from '../yaml/environment'
import { jsonEquals, pick } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { CostMap } from './cost-map'
import { publicKey } from './map-fields'
import { isNumberName, isPriceName, numberIn, priceOf, pricesOf } from './prices'

/**
 * The `model_info` that a reader sees: the row's own keys first and in their order, then `key` and LiteLLM's fields from the cost map
 * wherever the row says nothing, `null` where the map does not know. Prices in `litellm_params` win over both.
 *
 * Pure: the same row and map give the same bytes, and neither is changed.
 */
export function enrich(own: JsonObject, deployment: Deployment, map: CostMap): JsonObject {
  const prices = pricesOf(deployment.litellm_params)
  const { key, fields } = map.describe(deployment)
  // The row's keys come first, and those that say something keep their values.
  const info: Record<string, JsonValue> = Object.assign({ ...own }, prices, { key: publicKey(key) }, fields)
  for (const name of Object.keys(own)) {
    const said = typedValue(name, own[name] ?? null)
    if (said !== null && said !== info[name]) info[name] = said
  }
  return Object.assign(info, prices)
}

/** One field of what `enrich` gives at a time, for those who need a few of them of many rows. */
export function enriched(
  own: JsonObject,
  deployment: Deployment,
  map: CostMap,
): (field: string) => JsonValue | undefined {
  const { key, fields } = map.describe(deployment)
  return (field) => {
    const price = isPriceName(field) ? priceOf(field, deployment.litellm_params[field]) : undefined
    if (price !== undefined) return price
    const said = Object.hasOwn(own, field) ? typedValue(field, own[field] ?? null) : null
    if (said !== null) return said
    return field === 'key'
      ? publicKey(key)
      : (fields[field] ?? (Object.hasOwn(own, field) ? null : undefined))
  }
}

/** Numbers and switches that arrived as text in their own type. */
function typedValue(name: string, value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  if (isNumberName(name)) return numberIn(value) ?? value
  if (!name.startsWith('supports_')) return value
  const word = value.trim().toLowerCase()
  return word === 'true' || word === 'false' ? word === 'true' : value
}

/** Fields of the row that should be numbers and are not; they are shown as they are and take part in no sum. */
export function fieldsThatAreNoNumbers({ model_info, litellm_params }: Deployment): readonly string[] {
  const among = (path: string, object: JsonObject): readonly string[] =>
    Object.entries(object).flatMap(([name, value]) =>
      typeof value === 'string' &&
      value.trim() !== '' &&
      !isReference(value) &&
      isNumberName(name) &&
      numberIn(value) === undefined
        ? [`${path}.${name}`]
        : [],
    )
  return [...among('model_info', model_info), ...among('litellm_params', litellm_params)]
}

/**
 * A `model_info` that a client sends back, without what it only read: a key is dropped when its value is the one that readers of
 * the row are shown and the row itself holds no such value. What is left is what the client means to change, so that saving an
 * unchanged form stores nothing. `stored` is the row as it was before the write, since that is what the client has read; for a
 * new row there is none and nothing to strip. A value that merely equals the derived one counts as read.
 */
export function stripDerived(sent: JsonObject, stored: Deployment, map: CostMap): JsonObject {
  const own = stored.model_info
  if (Object.keys(sent).length === 0) return sent
  const shown = enrich(own, stored, map)
  const isRead = (key: string, value: JsonValue) =>
    Object.hasOwn(shown, key) &&
    jsonEquals(shown[key], value) &&
    !(Object.hasOwn(own, key) && jsonEquals(own[key], value))
  return pick(sent, (key, value) => !isRead(key, value))
}
