import type { Deployment } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import { jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { redactExtras, redactModelInfo } from '../model-info/redact'

/**
 * Refuses a deployment that holds a secret itself: whatever a reader would not be shown, unless it is an `os.environ/`
 * reference. What `stored` has at the same place may stay, so that a model from before can still be changed otherwise.
 */
export function refuseLiteralSecrets(deployment: Deployment, stored?: Deployment): void {
  const { litellm_params: params, model_info: info, ...extras } = deployment
  const before = stored ?? { litellm_params: {}, model_info: {} }
  const { litellm_params: paramsBefore, model_info: infoBefore, ...extrasBefore } = before
  const param =
    // The rule for extras is that of the params, without leaving out any that a message could name.
    literalWithin({
      value: params,
      shown: redactExtras(params),
      before: paramsBefore,
      path: 'litellm_params',
    }) ??
    literalWithin({ value: info, shown: redactModelInfo(info), before: infoBefore, path: 'model_info' }) ??
    literalWithin({ value: extras, shown: redactExtras(extras), before: extrasBefore, path: '' })
  if (param === undefined) return
  throw new ModelManagementError(
    'invalid_value',
    `${param} holds a secret, and this gateway keeps none. Send a reference to an environment variable of the gateway ` +
      'instead, as os.environ/MY_PROVIDER_KEY.',
    { param },
  )
}

interface Place {
  readonly value: JsonValue
  /** The same as a reader sees it; undefined when it was left out. */
  readonly shown: JsonValue | undefined
  readonly before: JsonValue | undefined
  readonly path: string
}

/** The path of the first secret; that of the object around it where the name itself is one. */
function literalWithin({ value, shown, before, path }: Place): string | undefined {
  if (shown === value || (before !== undefined && jsonEquals(value, before))) return undefined
  if (!isContainer(value) || !isContainer(shown)) return path
  for (const [name, member] of Object.entries(value)) {
    const seen = memberOf(shown, name)
    if (seen === undefined) return path === '' ? 'the deployment' : path
    const inner = path === '' ? name : `${path}.${name}`
    const found = literalWithin({ value: member, shown: seen, before: memberOf(before, name), path: inner })
    if (found !== undefined) return found
  }
  return undefined
}

function isContainer(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isContainer(value) && Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined
}
