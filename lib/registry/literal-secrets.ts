import type { JsonObject, JsonValue } from '../json'
import { holdsMask } from '../model-info/redact-text'
import { ModelManagementError } from '../errors'
import { isReference, isVariable } from '../yaml/environment'
import { isContainer, memberOf } from './leaves'

/** The first secret itself in what was sent: all that a reader would not be shown, unless it is a reference or a mask. */
export function literalSecretIn(sent: JsonObject, shown: JsonObject): string | undefined {
  return secretWithin(sent, shown, '')
}

/** The path of the secret; that of the object around it where the name itself is one. */
function secretWithin(value: JsonValue, shown: JsonValue | undefined, path: string): string | undefined {
  if (shown === value || isHarmless(value)) return undefined
  if (!isContainer(value) || !isContainer(shown)) return path
  for (const [name, member] of Object.entries(value)) {
    const seen = memberOf(shown, name)
    if (seen === undefined) return path === '' ? 'the deployment' : path
    const found = secretWithin(member, seen, path === '' ? name : `${path}.${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** A mask is never stored, and `oidc/…` says where a secret is; redaction knows references to variables itself. */
function isHarmless(value: JsonValue): boolean {
  return typeof value === 'string' && (holdsMask(value) || (isReference(value) && !isVariable(value)))
}

/** What a gateway with `secrets: 'reference-only'` says. */
export function literalSecretRefused(param: string): ModelManagementError {
  return new ModelManagementError(
    'invalid_value',
    `${param} holds a secret, and this gateway keeps none. Send a reference to an environment variable of the gateway ` +
      'instead, as os.environ/MY_PROVIDER_KEY.',
    { param },
  )
}
