import type { ConfigFile } from '../config/config-file'
import type { Credential } from '../config/credentials'
import { ModelManagementError } from '../errors'
import { isJsonObject, jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { MASK, redactExtras, redactModelInfo, redactParams } from '../model-info/redact'
import { isReference, isVariable } from '../yaml/environment'
import type { Edit } from './edit'
import { kindOfParam } from './known-params'
import { memberOf } from './leaves'
import type { Row } from './row'

/** Credentials that models name in `litellm_params.litellm_credential_name`. */
export interface Credentials {
  get(name: string): Credential | undefined
  list(): readonly Credential[]
  /** Parameters in clear, completed by the values of the credential they name. What is set in them wins. */
  fill(params: JsonObject): JsonObject
  /** Takes the credentials of the config as it is now. Returns whether they differ from those before. */
  update(): boolean
}

const param = 'litellm_credential_name'

export function createCredentials(config: ConfigFile | undefined): Credentials {
  let list: readonly Credential[] = []
  let byName: ReadonlyMap<string, Credential> = new Map()

  function update(): boolean {
    const next = config?.current().credentials ?? []
    const isChanged = !jsonEquals(next, list)
    list = next
    byName = new Map(next.map((one) => [one.name, one] as const))
    return isChanged
  }

  update()
  return {
    get: (name) => byName.get(name),
    list: () => list,
    fill: (params) => fillFrom(params, byName),
    update,
  }
}

/** LiteLLM calls a deployment's own model, whatever its credential says. */
const neverFilled: ReadonlySet<string> = new Set(['model', param])

function fillFrom(params: JsonObject, credentials: ReadonlyMap<string, Credential>): JsonObject {
  const name = params[param]
  const credential = typeof name === 'string' ? credentials.get(name) : undefined
  if (credential === undefined) return params
  const filled = Object.entries(credential.values).filter(
    ([key, value]) => !neverFilled.has(key) && !isBlank(value) && isBlank(memberOf(params, key)),
  )
  return { ...params, ...Object.fromEntries(filled) }
}

function isBlank(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

/** Throws `invalid_value` for an empty name, which neither attaches nor detaches a credential. */
export function assertCredentialName(sent: JsonObject): void {
  if (memberOf(sent['litellm_params'], param) === '')
    throw refused(
      `${param} cannot be an empty string. Send null to detach the stored credential or omit the field to leave it unchanged.`,
    )
}

/** Throws `invalid_value` for a credential that nobody has. A name that the stored model has already is left alone. */
export function assertCredentialExists({ next, before }: Edit, credentials: Credentials): void {
  const name = next.litellm_params[param]
  if (typeof name !== 'string' || name === before?.litellm_params[param]) return
  if (credentials.get(name) === undefined)
    throw refused(
      `Credential '${shownName(name)}' not found. Create it via /credentials before attaching it to a model.`,
    )
}

function refused(message: string): ModelManagementError {
  return new ModelManagementError('invalid_value', message, { param })
}

/** A secret that was put where a name belongs is not repeated. */
function shownName(name: string): string {
  return redactParams({ [param]: name })[param] === name ? name : MASK
}

/** Places that one warning lists. */
const mostPlaces = 5

/** Warnings for credentials that rows name and nobody has: one for each name. `placeOf` says where a row is written. */
export function unknownCredentialWarnings(
  rows: readonly Row[],
  { get }: Credentials,
  inClear: (params: JsonObject, row: Row) => JsonObject,
  placeOf: (row: Row) => string,
): readonly string[] {
  const unknown = new Map<string, Row[]>()
  for (const row of rows) {
    const written = row.deployment.litellm_params[param]
    const name = isVariable(written) ? inClear({ [param]: written }, row)[param] : written
    if (typeof name !== 'string' || get(name) !== undefined) continue
    const naming = unknown.get(name)
    if (naming === undefined) unknown.set(name, [row])
    else naming.push(row)
  }
  return Array.from(unknown, ([name, naming]) => {
    const places = naming.slice(0, mostPlaces).map(placeOf).join(', ')
    const more = naming.length > mostPlaces ? ` and ${naming.length - mostPlaces} more` : ''
    return `Credential '${shownName(name)}' is not in credential_list; models that name it are called without it: ${places}${more}.`
  })
}

/** A credential as administrators may see it: where a provider is reached is readable, every other value is a mask. */
export function shownCredential({ name, written, info }: Credential): JsonObject {
  const shown = Object.entries(redactExtras(written)).map(
    ([key, value]) => [key, isReadable(key, value) ? value : MASK] as const,
  )
  return {
    credential_name: shownName(name),
    credential_values: Object.fromEntries(shown),
    credential_info: redactModelInfo(info),
  }
}

function isReadable(key: string, value: JsonValue): boolean {
  if (isReference(value) || typeof value === 'boolean' || value === null) return true
  return !isJsonObject(value) && kindOfParam(key) !== undefined
}
