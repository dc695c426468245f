import type { JsonObject, JsonValue } from '../json'
import { addressWithin } from './address-within'
import { mapFields } from './litellm-names'
import { redactParams } from './redact'

/** Keys of an entry that are not about the model. */
const ofTheMap: ReadonlySet<string> = new Set(['aliases', 'key', 'supported_openai_params'])

const nulls: JsonObject = Object.freeze(Object.fromEntries(mapFields.map((field) => [field, null])))

/**
 * What an entry of the cost map adds to `model_info` behind `key`: LiteLLM's declared fields in its order, `null` where the entry says
 * nothing, then the entry's other keys as they are.
 */
export function fieldsOf(
  entry: JsonObject,
  provider: string | undefined,
  openaiParams: JsonValue,
): JsonObject {
  const said = Object.entries(entry).filter(([name]) => !ofTheMap.has(name))
  const fields: Record<string, JsonValue> = Object.fromEntries([...Object.entries(nulls), ...said])
  // As LiteLLM: the most that an answer may have, else the most that a call may have.
  fields.max_tokens ??= entry.max_output_tokens || entry.max_input_tokens || null
  if (provider !== undefined) fields.litellm_provider = provider
  fields.supported_openai_params = entry.supported_openai_params ?? openaiParams
  return fields
}

/** The key as everybody may see it: of a model without an entry it is the model itself, which may be an address or hold a secret. */
export function publicKey(key: string): string | null {
  return addressWithin(key) === undefined && redactParams({ model: key })['model'] === key ? key : null
}
