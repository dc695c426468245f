import type { IncomingMessage } from 'node:http'
import type { ModelAdapter, ModelSource } from './adapters/adapter'
import type { Caller } from './caller'
import { ModelManagementError } from './errors'
import type { JsonObject } from './json'
import { stderrLogger } from './logger'
import type { Logger } from './logger'

/** One key of a further caller beside the master key. */
export interface KeyEntry extends Caller {
  readonly key: string
}

/** The keys that are accepted. The master key's caller is `proxy_admin` with the user id `default_user_id`. */
export interface KeyAuth {
  /** @default the file's `general_settings.master_key`, else `LITELLM_MASTER_KEY` */
  readonly masterKey?: string | undefined
  readonly keys?: readonly KeyEntry[] | undefined
}

/**
 * Says who is calling; `null` is answered with 401. A parameter of Express's own `Request` type, of either major, fits:
 * that is what a method's looser check of parameters is used for here.
 */
export type Authenticate = {
  authenticate(request: IncomingMessage): Caller | null | Promise<Caller | null>
}['authenticate']

/** Whether models added at run time may hold secrets. */
export type SecretsMode = 'stored' | 'reference-only'

export type CostMapSource = string | URL | JsonObject | (() => Promise<JsonObject>)

export interface RouterOptions {
  /** Path of a LiteLLM `config.yaml`; its models are served read-only beside the stored ones. @default none */
  readonly config?: string | undefined
  /** Where models added at run time are kept. @default `memoryAdapter()`: gone after a restart */
  readonly adapter?: ModelAdapter | ModelSource | undefined
  /** Accepted keys, or a function that says who is calling. @default the master key of the file or the environment */
  readonly auth?: KeyAuth | Authenticate | undefined
  /** True where the host guards these routes itself: every caller is an administrator then. @default false */
  readonly allowUnauthenticated?: boolean | undefined
  /** Prices and limits in LiteLLM's shape: a file path, a URL, an object or a function. @default the bundled map */
  readonly costMap?: CostMapSource | undefined
  /** Where `os.environ/NAME` and `LITELLM_*` are read. @default `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** pino's calling convention. @default warnings and errors on stderr */
  readonly logger?: Logger | undefined
  /** Milliseconds between full reads of storage when no change hint comes. @default 30000 */
  readonly refreshMs?: number | undefined
  /** Milliseconds between looks at the config file. @default 500 */
  readonly configWatchMs?: number | undefined
  /** Bytes of the largest body that is read. @default 1048576 */
  readonly bodyLimit?: number | undefined
  /** `litellm_params` that callers other than administrators see, or `'all'`. Secrets are hidden in any case. @default names and prices, no hosts */
  readonly publicParams?: readonly string[] | 'all' | undefined
  /** Keys of `model_info` that `/v1/models?include_metadata=true` adds. @default none */
  readonly publicInfo?: readonly string[] | undefined
  /** What lists make of a model named by a pattern, as `openai/*`: leave it out, show it as it is, or show what it stands for. @default 'show' */
  readonly wildcards?: 'hide' | 'show' | 'expand' | undefined
  /** The names that a pattern stands for. @default the cost map's models of that provider */
  readonly expandWildcard?: ((pattern: string) => readonly string[]) | undefined
  /** `'reference-only'` refuses writes that hold a secret itself instead of an `os.environ/` reference. @default 'stored' */
  readonly secrets?: SecretsMode | undefined
}

/** The options as the package uses them: complete, checked, frozen. */
export interface Options {
  /** Names of the options that the caller passed. */
  readonly given: ReadonlySet<string>
  readonly config: string | undefined
  readonly adapter: ModelAdapter | ModelSource | undefined
  readonly auth: KeyAuth | Authenticate | undefined
  readonly allowUnauthenticated: boolean
  readonly costMap: CostMapSource | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  readonly refreshMs: number
  readonly configWatchMs: number
  readonly bodyLimit: number
  readonly publicParams: readonly string[] | 'all' | undefined
  readonly publicInfo: readonly string[]
  readonly wildcards: 'hide' | 'show' | 'expand'
  readonly expandWildcard: ((pattern: string) => readonly string[]) | undefined
  readonly secrets: SecretsMode
}

type Check = (value: unknown) => string | undefined
type KeysOf<T> = { readonly [K in keyof Required<T>]: Check }

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a non-empty string')
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false')
const count: Check = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? undefined : 'a whole number above 0'
const object: Check = (value) => (typeof value === 'object' && value !== null ? undefined : 'an object')
const methods =
  (...names: readonly string[]): Check =>
  (value) => {
    const missing = names.filter(
      (name) => typeof (value as Record<string, unknown> | null)?.[name] !== 'function',
    )
    return missing.length === 0
      ? undefined
      : `an object with the method${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`
  }
const either =
  (...checks: readonly Check[]): Check =>
  (value) => {
    const wanted = checks.map((check) => check(value))
    return wanted.includes(undefined) ? undefined : wanted.join(', or ')
  }
const callable: Check = (value) => (typeof value === 'function' ? undefined : 'a function')
const names: Check = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'a list of names'
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string) ? undefined : words.map((word) => `'${word}'`).join(' or ')

/** The compiler holds this table complete. */
const checks: KeysOf<RouterOptions> = {
  config: text,
  adapter: methods('list', 'get'),
  auth: either(object, callable),
  allowUnauthenticated: flag,
  costMap: either(text, object, callable),
  env: object,
  logger: methods('info', 'warn', 'error'),
  refreshMs: count,
  configWatchMs: count,
  bodyLimit: count,
  publicParams: either(names, oneOf('all')),
  publicInfo: names,
  wildcards: oneOf('hide', 'show', 'expand'),
  expandWildcard: callable,
  secrets: oneOf('stored', 'reference-only'),
}

/** Checks and completes what the caller passed, which is neither changed nor kept. Throws `invalid_option`. */
export function resolveOptions(given: RouterOptions): Options {
  if (object(given) !== undefined) throw invalid('options', 'an object')
  for (const [name, value] of Object.entries(given)) {
    if (!(name in checks)) throw unknownOption(name)
    if (value === undefined) continue
    const wanted = checks[name as keyof RouterOptions](value)
    if (wanted !== undefined) throw invalid(name, wanted)
  }
  return Object.freeze({
    given: new Set(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))),
    config: given.config,
    adapter: given.adapter,
    auth: given.auth,
    allowUnauthenticated: given.allowUnauthenticated ?? false,
    costMap: given.costMap,
    env: given.env ?? process.env,
    logger: given.logger ?? stderrLogger,
    refreshMs: given.refreshMs ?? 30_000,
    configWatchMs: given.configWatchMs ?? 500,
    bodyLimit: given.bodyLimit ?? 1024 * 1024,
    publicParams: given.publicParams,
    publicInfo: given.publicInfo ?? [],
    wildcards: given.wildcards ?? 'show',
    expandWildcard: given.expandWildcard,
    secrets: given.secrets ?? 'stored',
  })
}

function invalid(name: string, wanted: string): ModelManagementError {
  return new ModelManagementError('invalid_option', `Option '${name}' must be ${wanted}.`, { param: name })
}

function unknownOption(name: string): ModelManagementError {
  const near = Object.keys(checks).find((known) => distance(known.toLowerCase(), name.toLowerCase()) <= 2)
  const advice =
    near === undefined ? `Known are: ${Object.keys(checks).join(', ')}.` : `Did you mean '${near}'?`
  return new ModelManagementError('invalid_option', `There is no option '${name}'. ${advice}`, {
    param: name,
  })
}

/** Levenshtein's distance, for short words. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [at, letter] of Array.from(one).entries()) {
    let diagonal = at
    const next = [at + 1]
    for (const [column, against] of Array.from(other).entries()) {
      const above = row[column + 1] ?? 0
      next.push(Math.min(above + 1, (next[column] ?? 0) + 1, diagonal + (letter === against ? 0 : 1)))
      diagonal = above
    }
    row = next
  }
  return row.at(-1) ?? 0
}
