import type { ModelSource } from '../adapters/adapter'
import type { ConfigFile } from '../config/config-file'
import type { JsonValue } from '../json'
import type { CostMapKeeper } from '../model-info/cost-map-keeper'
import type { Options } from '../options'

/** An option as it is in effect. `value` tells of functions and objects only that they were given. */
export interface EffectiveOption {
  readonly value: JsonValue
  readonly origin: 'option' | 'environment' | 'file' | 'default'
}

export interface OptionParts {
  readonly options: Options
  readonly source: ModelSource
  readonly config: ConfigFile | undefined
  readonly costMap: CostMapKeeper
}

/** Those that need nothing but themselves to be told. */
const plain = [
  'config',
  'allowUnauthenticated',
  'trustedOrigins',
  'refreshMs',
  'configWatchMs',
  'allowOutsideIncludes',
  'bodyLimit',
  'publicParams',
  'publicInfo',
  'wildcards',
  'expandWildcard',
  'secrets',
  'references',
  'urlPolicy',
] as const satisfies readonly (keyof Options)[]

/** The options by name, with where each comes from. Holds no key, no credential and no URL's query. */
export function effectiveOptions(parts: OptionParts): Readonly<Record<string, EffectiveOption>> {
  const { options, source, config, costMap } = parts
  const { given, env } = options
  const origin = (name: string): 'option' | 'default' => (given.has(name) ? 'option' : 'default')
  const general = config?.current().generalSettings ?? {}
  const mapUrl = env['LITELLM_MODEL_COST_MAP_URL'] ? 'environment' : 'default'
  return {
    ...Object.fromEntries(plain.map((name) => [name, { value: shown(options[name]), origin: origin(name) }])),
    adapter: { value: source.name, origin: origin('adapter') },
    auth: authOf(parts),
    limits: { value: { ...options.limits }, origin: origin('limits') },
    costMap: {
      value: costMap.status().url ?? (given.has('costMap') ? 'given' : 'bundled'),
      origin: given.has('costMap') ? 'option' : mapUrl,
    },
    storeModelInDb: {
      value: general['store_model_in_db'] !== false,
      origin: general['store_model_in_db'] === undefined ? 'default' : 'file',
    },
  }
}

function authOf({ options: { auth, env }, config }: OptionParts): EffectiveOption {
  if (typeof auth === 'function') return { value: 'function', origin: 'option' }
  if (auth?.masterKey || (auth?.keys ?? []).length > 0) return { value: 'keys', origin: 'option' }
  if (config?.current().generalSettings['master_key'] != null) return { value: 'keys', origin: 'file' }
  if (env['LITELLM_MASTER_KEY']) return { value: 'keys', origin: 'environment' }
  return { value: 'none', origin: 'default' }
}

function shown(value: unknown): JsonValue {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return 'given'
}
