import { resolve } from 'node:path'
import type { ConfigFile } from '../config/config-file'
import { ModelManagementError } from '../errors'
import type { JsonObject, JsonValue } from '../json'
import type { Options } from '../options'
import { createSecretMatcher } from '../secret-matcher'
import { referentOf, resolveReferences } from '../yaml/environment'
import type { Environment } from '../yaml/environment'
import { hostFunction } from './host-function'
import { leavesOf } from './leaves'
import type { Leaf } from './leaves'
import type { Row } from './row'

/** What `os.environ/NAME` and `oidc/…` may stand for: anything in the config file, in a stored model what is not the gateway's own. */
export interface References {
  /** Throws `invalid_value` for a reference that stored models may not have. */
  check(leaf: Leaf): void
  /** The row's parameters in clear. What it may not refer to is unset. */
  inClear(params: JsonObject, row: Row): JsonObject
  /** The stored rows that refer to what they may not, as other hands may have written them. */
  deniedAmong(rows: readonly Row[]): readonly Row[]
  /** Finds the references of a row, which are then known as long as the row is there. */
  find(row: Row): readonly JsonValue[]
}

export interface ReferenceParts {
  readonly options: Options
  readonly config: ConfigFile | undefined
  readonly environment: Environment
  /** Whether a text is a secret of the storage. */
  readonly ownsSecret?: (text: string) => boolean
}

/** The gateway's own, whatever the option says: whoever has one of them has everything, or all that is stored. */
const costMapVariable = 'LITELLM_MODEL_COST_MAP_URL'
const own: ReadonlySet<string> = new Set([
  'LITELLM_MASTER_KEY',
  'LITELLM_SALT_KEY',
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'DIRECT_URL',
  'PGPASSWORD',
  costMapVariable,
])

export function referencesOf(parts: ReferenceParts): References {
  const { options, config, environment, ownsSecret = () => false } = parts
  const { references, auth, costMap, logger } = options
  const ask = typeof references === 'function' ? hostFunction('references', references, logger) : undefined
  const look: Environment = (name) => (config?.current().environment ?? environment)(name)
  const isGiven = createSecretMatcher([
    ...(typeof auth === 'object' ? [auth.masterKey, ...(auth.keys ?? []).map(({ key }) => key)] : []),
    ...(typeof costMap === 'string' || costMap instanceof URL ? passwordUrl(String(costMap)) : []),
  ])

  /** A variable's name; of what has none, as `oidc/google/AUDIENCE`, the whole reference. */
  function isChosen(name: string): boolean {
    // What is only nearly true, as a promise is, opens nothing.
    if (ask !== undefined) return ask(name) === true
    return typeof references === 'object' ? references.includes(name) : true
  }

  /** By name in any case, since some systems read variables so; by value, since another variable may hold the same. */
  function isOwn(variable: string): boolean {
    const name = variable.trim().toUpperCase()
    if (own.has(name) && !(name === costMapVariable && passwordUrl(look(variable)).length === 0)) return true
    const value = look(variable)
    if (value === undefined || value.trim() === '') return false
    if (databaseUrl.test(value) && passwordUrl(value.trim()).length > 0) return true
    const { master_key: fileKey, database_url: database } = config?.current().generalSettings ?? {}
    const current = [fileKey, database].filter((one) => typeof one === 'string')
    const variables = [...own].map((one) => (one === costMapVariable ? passwordUrl(look(one))[0] : look(one)))
    return isGiven(value) || ownsSecret(value) || createSecretMatcher([...current, ...variables])(value)
  }

  /** The process's memory and variables, which are files on Linux, and the config file. */
  function isOwnFile(path: string): boolean {
    const file = resolve(path.trim())
    return (
      /^\/(?:proc|dev)\//.test(file) || (config?.current().files ?? []).some((one) => resolve(one) === file)
    )
  }

  function isRefused(value: JsonValue): boolean {
    const referent = referentOf(value)
    switch (referent?.kind) {
      case undefined:
        return false
      case 'variable':
        return isOwn(referent.name) || !isChosen(referent.name)
      case 'path':
        return isOwn(referent.name) || isOwnFile(look(referent.name) ?? '') || !isChosen(referent.name)
      case 'file':
        return isOwnFile(referent.path) || !isChosen(value as string)
      case 'issuer':
        return !isChosen(value as string)
    }
  }

  const found = new WeakMap<Row, readonly JsonValue[]>()

  function find(row: Row): readonly JsonValue[] {
    const known = found.get(row) ?? referencesIn(row)
    found.set(row, known)
    return known
  }

  return {
    check(leaf) {
      if (isRefused(leaf.value)) throw refused(leaf.path.toString(), leaf.value as string)
    },
    inClear(params, row) {
      const { value } = resolveReferences(params, look, row.stored ? { isDenied: isRefused } : {})
      return value as JsonObject
    },
    find,
    deniedAmong(rows) {
      // Thousands of rows refer to a few variables.
      const verdicts = new Map<JsonValue, boolean>()
      const isDenied = (value: JsonValue): boolean => {
        const known = verdicts.get(value) ?? isRefused(value)
        verdicts.set(value, known)
        return known
      }
      return rows.filter((row) => find(row).some(isDenied))
    },
  }
}

/** No provider is called by such a URL: whoever has it reads or writes what a database keeps. */
const databaseUrl = /^\s*(?:postgres(?:ql)?|cockroachdb|mysql|mariadb|mongodb(?:\+srv)?|sqlserver|mssql):/i

/** Without a password it is no secret. */
function passwordUrl(url: string | undefined): readonly string[] {
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : undefined
  return parsed === undefined || parsed.username + parsed.password === '' ? [] : [url as string]
}

function refused(param: string, reference: string): ModelManagementError {
  const isVariable = referentOf(reference)?.kind === 'variable'
  const [what, other] = isVariable
    ? ['an environment variable', ', use another variable,']
    : ['a file or issuer of tokens', '']
  return new ModelManagementError(
    'invalid_value',
    `${param} refers to ${what} that models added at run time may not use. Send the value itself${other} or declare the ` +
      "model in the config file; option 'references' says which are open.",
    { param },
  )
}

/** What a status tells of such rows. */
export function deniedWarning({ id }: Row): string {
  return `Model ${id} refers to an environment variable that models added at run time may not use (option 'references'): it is unset for it.`
}

function referencesIn({ deployment }: Row): readonly JsonValue[] {
  return leavesOf(deployment).flatMap(({ value }) => (referentOf(value) === undefined ? [] : [value]))
}
