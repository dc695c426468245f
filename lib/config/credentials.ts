import { ModelManagementError } from '../errors'
import { deepFreeze, isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { resolveReferences } from '../yaml/environment'
import type { Environment, UnsetReference } from '../yaml/environment'
import { plain } from '../yaml/python-text'
import { describePlace, member } from '../yaml/tree'
import type { MapTree, Tree } from '../yaml/tree'

/** One entry of `credential_list`: parameters that models take by its name. */
export interface Credential {
  readonly name: string
  /** The parameters as they were written, references included. */
  readonly written: JsonObject
  /** The parameters with their references resolved: secrets that are never shown. */
  readonly values: JsonObject
  readonly info: JsonObject
}

export interface CredentialList {
  readonly credentials: readonly Credential[]
  readonly unset: readonly UnsetReference[]
  /** Entries that are ignored, by file and line. Values are never named. */
  readonly warnings: readonly string[]
}

/** Reads `credential_list`. Throws `invalid_config` when it is no list. */
export function readCredentials(root: MapTree, environment: Environment): CredentialList {
  const list = member(root, 'credential_list')
  if (list === undefined || list.kind === 'null') return { credentials: [], unset: [], warnings: [] }
  if (list.kind !== 'list') {
    const message = `${describePlace(list)}: credential_list must be a list of mappings with credential_name and credential_values`
    throw new ModelManagementError('invalid_config', message)
  }
  const credentials = new Map<string, Credential>()
  const unset: UnsetReference[] = []
  const warnings: string[] = []
  for (const entry of list.items) {
    const read = readEntry(entry, environment)
    // LiteLLM looks a name up from the start of the list.
    const problem = read.problem ?? (credentials.has(read.credential.name) ? duplicate : undefined)
    if (problem === undefined && read.problem === undefined) {
      credentials.set(read.credential.name, deepFreeze(read.credential))
      unset.push(...read.unset)
    } else warnings.push(`${describePlace(entry)}: the credential is ignored: ${problem}`)
  }
  return { credentials: Array.from(credentials.values()), unset, warnings }
}

const duplicate = 'an earlier entry of credential_list has the same credential_name'

type Read =
  | {
      readonly credential: Credential
      readonly unset: readonly UnsetReference[]
      readonly problem?: undefined
    }
  | { readonly problem: string }

function readEntry(entry: Tree, environment: Environment): Read {
  const source = plain(entry)
  if (!isJsonObject(source)) return { problem: 'an entry must be a mapping' }
  const name = resolveReferences(source['credential_name'] ?? null, environment).value
  if (typeof name !== 'string' || name === '') return { problem: nameProblem(name) }
  const { credential_values: written = null, credential_info: info = null } = source
  if (!isJsonObject(written)) return { problem: 'credential_values must be a mapping of parameters' }
  if (info !== null && !isJsonObject(info)) return { problem: 'credential_info must be a mapping' }
  const { value, unset } = resolveReferences(written, environment, { path: 'credential_values' })
  return { credential: { name, written, values: value as JsonObject, info: info ?? {} }, unset }
}

function nameProblem(name: JsonValue | undefined): string {
  if (name === undefined) return 'the environment variable of its credential_name is not set'
  return name === null || name === ''
    ? 'it has no credential_name'
    : 'credential_name must be a text; put it in quotes'
}
