import type { Deployment } from '../adapters/adapter'
import { jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'

const names = ['rpm', 'tpm'] as const

/** `litellm_params` with the rate limits that stand beside it, as LiteLLM reads them. */
export function paramsWithLimits(deployment: Deployment): JsonObject {
  const { litellm_params: params } = deployment
  const beside = names.filter((name) => params[name] == null && deployment[name] != null)
  if (beside.length === 0) return params
  return { ...params, ...Object.fromEntries(beside.map((name) => [name, deployment[name] as JsonValue])) }
}

interface Sent {
  readonly params: JsonObject
  readonly extras: JsonObject
}

/** What was sent, but for limits that come back from beside `litellm_params`; one that is changed or cleared in it is kept there alone. */
export function limitsMoved(stored: Deployment, sent: Sent): Sent {
  const params: Record<string, JsonValue> = { ...sent.params }
  const extras: Record<string, JsonValue> = { ...sent.extras }
  for (const name of names) {
    const isShownFromBeside = stored.litellm_params[name] == null && stored[name] != null
    if (!isShownFromBeside || params[name] === undefined) continue
    const isSame = jsonEquals(params[name], stored[name])
    if (!isSame) extras[name] = null
    if (isSame || params[name] === null) delete params[name]
  }
  return { params, extras }
}
