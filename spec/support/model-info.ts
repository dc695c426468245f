import type { JsonObject } from '../../lib/json'
import { mapFields } from '../../lib/model-info/litellm-names'

/** What `model_info` of a row says of which the cost map has no entry, behind the row's own keys. */
export function nothingKnown(key: string | null, more: JsonObject = {}): JsonObject {
  return {
    key,
    ...Object.fromEntries(mapFields.map((field) => [field, null])),
    supported_openai_params: null,
    ...more,
  }
}
