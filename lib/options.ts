import { IncomingMessage } from 'node:http'
import type { ModelAdapter, ModelSource } from './adapters/adapter'
import type { Caller } from './caller'
import { ModelManagementError } from './errors'
import type { JsonObject } from './json'
import { stderrLogger, steadyLogger } from './logger'
import type { Logger } from './logger'
import { checkAuth, settledAuth } from './options/auth'
import type { Authenticate, KeyAuth } from './options/auth'
import { adapter, callable, checkMembers, count, either, flag, invalid, methods } from './options/check'
import { milliseconds, names, object, oneOf, origins, text, url, zero } from './options/check'
import type { Checks } from './options/check'
import { resolveLimits } from './options/limits'
import type { GivenLimits, Limits } from './options/limits'

/** Whether models added at run time may hold secrets. */
export type SecretsMode = 'stored' | 'reference-only'

/** Which variables a stored model may refer to as `os.environ/NAME`. */
export type References = readonly string[] | ((name: string) => boolean)

/** What an address is for. */
export interface UrlFacts {
  readonly caller: Caller
  /** As `litellm_params.api_base`. */
  readonly param: string
  /** The model's name. */
  readonly model: string
}

/** Whether requests of a model may go to this address: true, or the reason why not, which the caller is told. */
export type UrlPolicy = (url: URL, facts: UrlFacts) => true | string | Promise<true | string>

export type CostMapSource = string | URL | JsonObject | (() => Promise<JsonObject>)

export interface RouterOptions {
  /** Path of a LiteLLM `config.yaml`; its models are served read-only beside the stored ones. @default none */
  readonly config?: string | undefined
  /** Where models added at run time are kept. @default `memoryAdapter()`: gone after a restart */
  readonly adapter?: ModelAdapter | ModelSource | undefined
  /** Accepted keys, read once, or a function that says who is calling. @default the master key of the file or the environment */
  readonly auth?: KeyAuth | Authenticate | undefined
  /** True where the host guards these routes itself: every caller is an administrator then. @default false */
  readonly allowUnauthenticated?: boolean | undefined
  /**
   * Origins of pages that may send writes without a key in a header, as `https://dashboard.example.com`: where `auth` is a function
   * that reads cookies, or with `allowUnauthenticated`. What a browser sends for a page of any other origin is refused.
   * @default only pages of the gateway's own origin
   */
  readonly trustedOrigins?: readonly string[] | undefined
  /** Prices and limits in LiteLLM's shape: a file path, a URL, an object or a function. @default the bundled map */
  readonly costMap?: CostMapSource | undefined
  /** Where `os.environ/NAME` and `LITELLM_*` are read. @default `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** pino's calling convention. @default warnings and errors on stderr */
  readonly logger?: Logger | undefined
  /** Milliseconds between full reads of storage when no change hint comes; at most 2147483647. @default 30000 */
  readonly refreshMs?: number | undefined
  /** Milliseconds between looks at the config file, at most 2147483647; 0 for none, `registry.reload()` reads it then. @default 500 */
  readonly configWatchMs?: number | undefined
  /** Whether `include` of the config file may name files outside its folder. @default false */
  readonly allowOutsideIncludes?: boolean | undefined
  /** Bytes of the largest body that is read, and of the largest model that updates may make. @default 1048576 */
  readonly bodyLimit?: number | undefined
  /** `litellm_params` that callers other than administrators see, or `'all'`. Secrets are hidden in any case. @default names and prices, no hosts */
  readonly publicParams?: readonly string[] | 'all' | undefined
  /** Keys of `model_info` that `/v1/models?include_metadata=true` adds. @default none */
  readonly publicInfo?: readonly string[] | undefined
  /** What lists make of a model named by a pattern, as `openai/*`: leave it out, show it as it is, or show what it stands for. @default 'expand' */
  readonly wildcards?: 'hide' | 'show' | 'expand' | undefined
  /** The names that a pattern stands for. @default the cost map's models of the provider behind the pattern */
  readonly expandWildcard?: ((pattern: string) => readonly string[]) | undefined
  /** `'reference-only'` refuses writes that hold a secret itself instead of an `os.environ/` reference. @default 'stored' */
  readonly secrets?: SecretsMode | undefined
  /**
   * The variables that models added at run time may refer to as `os.environ/NAME`; any other is refused in a write and unset
   * in `resolve()`. The gateway's own secrets, as `LITELLM_MASTER_KEY`, `LITELLM_SALT_KEY` and `DATABASE_URL`, are never among
   * them, under whatever name. Who writes the config file may refer to everything there; administrators of teams to nothing.
   * @default all others
   */
  readonly references?: References | undefined
  /**
   * Where requests of a model may go: asked for each new address in a write, whoever sends it. One that fails, or does not answer
   * within 10 seconds, lets nothing through.
   * @default `defaultUrlPolicy`: administrators anywhere, others not to link-local addresses and the metadata services of clouds
   */
  readonly urlPolicy?: UrlPolicy | undefined
  /** How much this gateway takes. @default see each */
  readonly limits?: Limits | undefined
}

/** The options as the package uses them: complete, checked, frozen. */
export interface Options {
  /** Names of the options that the caller passed. */
  readonly given: ReadonlySet<string>
  readonly config: string | undefined
  readonly adapter: ModelAdapter | ModelSource | undefined
  readonly auth: KeyAuth | Authenticate | undefined
  readonly allowUnauthenticated: boolean
  readonly trustedOrigins: readonly string[]
  readonly costMap: CostMapSource | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  readonly refreshMs: number
  readonly configWatchMs: number
  readonly allowOutsideIncludes: boolean
  readonly bodyLimit: number
  readonly publicParams: readonly string[] | 'all' | undefined
  readonly publicInfo: readonly string[]
  readonly wildcards: 'hide' | 'show' | 'expand'
  readonly expandWildcard: ((pattern: string) => readonly string[]) | undefined
  readonly secrets: SecretsMode
  readonly references: References | undefined
  readonly urlPolicy: UrlPolicy | undefined
  readonly limits: GivenLimits
}

/** The compiler holds this table complete. */
const checks: Checks<RouterOptions> = {
  config: text,
  adapter,
  auth: either(object, callable),
  allowUnauthenticated: flag,
  trustedOrigins: origins,
  costMap: either(text, url, object, callable),
  env: object,
  logger: methods('info', 'warn', 'error'),
  refreshMs: milliseconds,
  configWatchMs: either(zero, milliseconds),
  allowOutsideIncludes: flag,
  bodyLimit: count,
  publicParams: either(names, oneOf('all')),
  publicInfo: names,
  wildcards: oneOf('hide', 'show', 'expand'),
  expandWildcard: callable,
  secrets: oneOf('stored', 'reference-only'),
  references: either(names, callable),
  urlPolicy: callable,
  limits: object,
}

/** Checks and completes what the caller passed, which is neither changed nor kept. Throws `invalid_option`. */
export function resolveOptions(given: RouterOptions): Options {
  if (given instanceof IncomingMessage) throw createNotCalledError()
  if (object(given) !== undefined) throw invalid('options', 'an object')
  checkMembers(given, checks)
  const { auth } = given
  if (typeof auth === 'object') checkAuth(auth)
  return Object.freeze({
    given: new Set(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))),
    config: given.config,
    adapter: given.adapter,
    auth: typeof auth === 'object' ? settledAuth(auth) : auth,
    allowUnauthenticated: given.allowUnauthenticated ?? false,
    trustedOrigins: (given.trustedOrigins ?? []).map((origin) => origin.toLowerCase()),
    costMap: given.costMap,
    env: given.env ?? process.env,
    logger: steadyLogger(given.logger ?? stderrLogger),
    refreshMs: given.refreshMs ?? 30_000,
    configWatchMs: given.configWatchMs ?? 500,
    allowOutsideIncludes: given.allowOutsideIncludes ?? false,
    bodyLimit: given.bodyLimit ?? 1024 * 1024,
    publicParams: given.publicParams,
    publicInfo: given.publicInfo ?? [],
    wildcards: given.wildcards ?? 'expand',
    expandWildcard: given.expandWildcard,
    secrets: given.secrets ?? 'stored',
    references: given.references,
    urlPolicy: given.urlPolicy,
    limits: resolveLimits(given.limits ?? {}),
  })
}

/** What Express hands to `app.use(modelManagementRouter)`. */
function createNotCalledError(): ModelManagementError {
  const message =
    'modelManagementRouter makes the router and is not it. Call it: app.use(modelManagementRouter(options)).'
  return new ModelManagementError('invalid_option', message, { param: 'options' })
}
