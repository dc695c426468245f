import { pick } from '../json'
import type { JsonObject } from '../json'

const parts: ReadonlySet<string> = new Set(['model_name', 'litellm_params', 'model_info'])

export function isPart(key: string): boolean {
  return parts.has(key)
}

/**
 * What a deployment holds beside its three parts. A deployment is never changed in place, so that it is always the same object:
 * what is known of it, as its redaction, is known to all that ask.
 */
export function extrasOf(deployment: JsonObject): JsonObject {
  const known = extras.get(deployment)
  if (known !== undefined) return known
  const made = pick(deployment, (key) => !isPart(key))
  extras.set(deployment, made)
  return made
}

const extras = new WeakMap<JsonObject, JsonObject>()
