import { ModelManagementError } from '../errors'
import { isJsonObject } from '../json'
import type { JsonObject } from '../json'
import { validator } from '../schema/validator'
import type { Validate } from '../schema/validator'
import { processEnvironment, resolveReferences, withDefaults } from '../yaml/environment'
import type { Environment, Resolved, UnsetReference } from '../yaml/environment'
import { readCredentials } from './credentials'
import type { Credential } from './credentials'
import { findIgnoredSettings } from './ignored-settings'
import { readWithIncludes } from './include'
import { findMisspellings } from './misspelled'
import { plain } from '../yaml/python-text'
import { fileReader, isSettled } from '../yaml/read-files'
import type { FileReader } from '../yaml/read-files'
import { rowsOf } from './rows'
import type { ConfigRow, Rows, RowsContext, SetAside } from './rows'
import { describePlace, member } from '../yaml/tree'
import type { MapTree } from '../yaml/tree'
import { customProviders } from './unknown-provider'
import { variablesOf } from '../yaml/variables'

export interface LoadOptions {
  /** Where `os.environ/NAME` looks. @default the process environment */
  readonly env?: Environment | undefined
  /** The check of one deployment. @default the package's own schema */
  readonly validate?: Validate | undefined
  /** Whether `include` may name files outside the config file's folder. @default false */
  readonly allowOutside?: boolean | undefined
  /** A file whose models are an adapter's: of that one only the rest is read. @default none */
  readonly storedIn?: string | undefined
  /** Characters of a model's name. @default no limit */
  readonly maxNameLength?: number | undefined
}

/** A config file as it was at one moment. */
export interface Config {
  /** Deployments that are served, in the file's order. */
  readonly rows: readonly ConfigRow[]
  readonly setAside: readonly SetAside[]
  /** Hold secrets and are never to be shown as they are. */
  readonly credentials: readonly Credential[]
  /** What `credential_list` refers to though its variable is not set. */
  readonly unsetCredentials: readonly UnsetReference[]
  /** The three settings have their references resolved: they may hold secrets and are never to be shown. */
  readonly generalSettings: JsonObject
  /** What `general_settings` refers to though its variable is not set. */
  readonly unsetSettings: readonly UnsetReference[]
  readonly routerSettings: JsonObject
  readonly litellmSettings: JsonObject
  /** Variables of the process, then those of the file's `environment_variables`. */
  readonly environment: Environment
  /** Every file that was read, the main one first. */
  readonly files: readonly string[]
  /** False when the file has no `model_list` at all. */
  readonly hasModelList: boolean
  readonly warnings: readonly string[]
  /** Settings that have no effect here, as `router_settings.routing_strategy`. */
  readonly ignoredSettings: readonly string[]
}

/** Enough for a swap of several files to be over; what still changes then is found by the next look. */
const attempts = 5

/** Reads `config.yaml` in LiteLLM's dialect. Throws `invalid_config` naming file, line and column. */
export function loadConfig(file: string, options: LoadOptions = {}): Config {
  return loadSettled(file, options).config()
}

/** Loads again while a file changes under the reading; hands out the reader of the last attempt, also when that failed. */
export function loadSettled(
  file: string,
  options: LoadOptions,
): { reader: FileReader; config: () => Config } {
  for (let attempt = 1; ; attempt += 1) {
    const reader = fileReader()
    const config = attemptOf(() => loadOnce(file, reader, options))
    if (attempt === attempts || isSettled(reader)) return { reader, config }
  }
}

function attemptOf<T>(work: () => T): () => T {
  try {
    const result = work()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function loadOnce(file: string, reader: FileReader, options: LoadOptions): Config {
  const { env = processEnvironment, validate = validator('deployment') } = options
  const { allowOutside = false, storedIn, maxNameLength = Infinity } = options
  const warnings: string[] = []
  const warn = (message: string): void => void warnings.push(message)
  const root = readWithIncludes(file, reader, { allowOutside, storedIn, warn })
  if (root === undefined) {
    const message = `Config cannot be None or Empty. Write at least model_list: [] into ${file}`
    throw new ModelManagementError('invalid_config', message)
  }
  const environment = withDefaults(env, variablesOf(root, env))
  const rowsContext = { environment, validate, maxNameLength, customProviders: customProviders(root) }
  const { rows, setAside, warnings: odd } = modelList(root, rowsContext)
  const { credentials, unset, warnings: ignored } = readCredentials(root, environment)
  const general = settings(root, 'general_settings', environment)
  const routerSettings = asObject(routerSettingsOf(root, environment, warn))
  return {
    rows,
    setAside,
    credentials,
    unsetCredentials: unset,
    generalSettings: asObject(general),
    unsetSettings: general.unset,
    routerSettings,
    litellmSettings: asObject(settings(root, 'litellm_settings', environment)),
    environment,
    files: Array.from(reader.contents.keys()),
    hasModelList: (member(root, 'model_list')?.kind ?? 'null') !== 'null',
    warnings: [
      ...warnings,
      ...findMisspellings(root),
      ...odd,
      ...ignored,
      ...twins(rows),
      ...longAliases(routerSettings, maxNameLength),
    ],
    ignoredSettings: findIgnoredSettings(root),
  }
}

function modelList(root: MapTree, context: RowsContext): Rows {
  const list = member(root, 'model_list')
  if (list === undefined || list.kind === 'null') return { rows: [], setAside: [], warnings: [] }
  if (list.kind !== 'list') throw refusal(describePlace(list), 'model_list must be a list')
  const results = list.items.map((entry) => rowsOf(entry, context))
  return {
    rows: results.flatMap(({ rows }) => rows),
    setAside: results.flatMap(({ setAside }) => setAside),
    warnings: results.flatMap(({ warnings }) => warnings),
  }
}

function settings(root: MapTree, name: string, environment: Environment): Resolved {
  const tree = member(root, name)
  if (tree === undefined || tree.kind === 'null') return { value: {}, unset: [] }
  if (tree.kind !== 'map') throw refusal(describePlace(tree), `${name} must be a mapping`)
  return resolveReferences(plain(tree), environment, { level: 1 })
}

/** LiteLLM ignores router settings that are no mapping, and refuses to start for the other two. */
function routerSettingsOf(
  root: MapTree,
  environment: Environment,
  warn: (message: string) => void,
): Resolved {
  const tree = member(root, 'router_settings')
  if (tree === undefined || tree.kind === 'map' || tree.kind === 'null')
    return settings(root, 'router_settings', environment)
  warn(`${describePlace(tree)}: router_settings must be a mapping, and is ignored`)
  return { value: {}, unset: [] }
}

function asObject({ value }: Resolved): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** LiteLLM keeps both and finds the later one by id; two such rows cannot be told apart by any client. */
function twins(rows: readonly ConfigRow[]): string[] {
  const first = new Map<string, ConfigRow>()
  return rows.flatMap((row) => {
    const earlier = first.get(row.id)
    first.set(row.id, earlier ?? row)
    if (earlier === undefined) return []
    const [here, there] = [row, earlier].map(({ where }) => `${where.file}:${where.line}`)
    return [`${here}: same id as the deployment at ${there}; give one of them a model_info.id of its own`]
  })
}

function longAliases({ model_group_alias: aliases }: JsonObject, maxLength: number): string[] {
  const isAnyLong = isJsonObject(aliases) && Object.keys(aliases).some(({ length }) => length > maxLength)
  return isAnyLong ? [`a model_group_alias of more than ${maxLength} characters has no effect`] : []
}

function refusal(at: string, reason: string): ModelManagementError {
  return new ModelManagementError('invalid_config', `${at}: ${reason}`)
}
