import type { ConfigFile } from '../config/config-file'
import { ModelManagementError } from '../errors'
import type { JsonObject, JsonValue } from '../json'
import type { Options } from '../options'
import { isReference, resolveReferences, variableIn } from '../yaml/environment'
import type { Environment } from '../yaml/environment'
import { hostFunction } from './host-function'
import { leavesOf } from './leaves'
import type { Leaf } from './leaves'
import type { Row } from './row'

/** What `os.environ/NAME` may stand for: anything in the config file, in a stored model what is not the gateway's own. */
export interface References {
  /** Throws `invalid_value` for a reference that stored models may not have. */
  check(leaf: Leaf): void
  /** The row's parameters in clear. What it may not refer to is unset. */
  inClear(params: JsonObject, row: Row): JsonObject
  /** The stored rows that refer to what they may not, as other hands may have written them. */
  deniedAmong(rows: readonly Row[]): readonly Row[]
  /** Finds the references of a row, which are then known as long as the row is there. */
  find(row: Row): readonly Leaf[]
}

export interface ReferenceParts {
  readonly options: Options
  readonly config: ConfigFile | undefined
  readonly environment: Environment
}

/** The gateway's own, whatever the option says: whoever has one of them has everything, or all that is stored. */
const own: readonly string[] = [
  'LITELLM_MASTER_KEY',
  'LITELLM_SALT_KEY',
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'DIRECT_URL',
  'PGPASSWORD',
]

export function referencesOf({ options, config, environment }: ReferenceParts): References {
  const { references, auth, logger } = options
  const ask = typeof references === 'function' ? hostFunction('references', references, logger) : undefined
  const look: Environment = (name) => (config?.current().environment ?? environment)(name)

  function isChosen(variable: string): boolean {
    // What is only nearly true, as a promise is, opens nothing.
    if (ask !== undefined) return ask(variable) === true
    return typeof references === 'object' ? references.includes(variable) : true
  }

  /** By name in any case, since some systems read variables so; by value, since another variable may hold the same. */
  function isOwn(variable: string): boolean {
    if (own.some((name) => name.toUpperCase() === variable.trim().toUpperCase())) return true
    const value = look(variable)
    if (value === undefined || value === '') return false
    const masterKey = typeof auth === 'object' ? auth.masterKey : undefined
    const { master_key: fileKey, database_url: database } = config?.current().generalSettings ?? {}
    return [masterKey, fileKey, database].includes(value) || own.some((name) => look(name) === value)
  }

  const allows = (variable: string): boolean => !isOwn(variable) && isChosen(variable)
  const found = new WeakMap<Row, readonly Leaf[]>()
  const isRefused = ({ value }: Leaf): boolean => isReference(value) && !allows(variableIn(value))

  function find(row: Row): readonly Leaf[] {
    const known = found.get(row) ?? leavesOf(row.deployment).filter(({ value }) => isReference(value))
    found.set(row, known)
    return known
  }

  return {
    check(leaf) {
      if (isRefused(leaf)) throw refused(leaf.path)
    },
    inClear(params, row) {
      const { value } = resolveReferences(
        params,
        row.stored ? (name) => (allows(name) ? look(name) : undefined) : look,
      )
      return value as JsonObject
    },
    find,
    deniedAmong(rows) {
      // Thousands of rows refer to a few variables.
      const verdicts = new Map<JsonValue, boolean>()
      const isDenied = (leaf: Leaf): boolean => {
        const known = verdicts.get(leaf.value) ?? isRefused(leaf)
        verdicts.set(leaf.value, known)
        return known
      }
      return rows.filter((row) => find(row).some(isDenied))
    },
  }
}

function refused(param: string): ModelManagementError {
  return new ModelManagementError(
    'invalid_value',
    `${param} refers to an environment variable that models added at run time may not use. Send the value itself, use ` +
      "another variable, or declare the model in the config file; option 'references' says which are open.",
    { param },
  )
}

/** What a status tells of such rows. */
export function deniedWarning({ id }: Row): string {
  return `Model ${id} refers to an environment variable that models added at run time may not use (option 'references'): it is unset for it.`
}
