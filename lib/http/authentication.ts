import type { Caller } from '../caller'
import type { ConfigFile } from '../config/config-file'
import type { Environment } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import type { Options } from '../options'
import { keyCheck } from './authenticate'
import type { Authentication } from './authenticate'
import { hostAuthentication } from './host-auth'
import { keyWarning, masterKeyOf, usable } from './master-key'

const admin: Caller = Object.freeze({ userId: 'default_user_id', role: 'proxy_admin' })

/** Who is calling, as the option `auth`, the config file and the environment say. Throws `invalid_option` where nothing does. */
export function authenticationOf(
  options: Options,
  environment: Environment,
  config: ConfigFile | undefined,
): Authentication {
  const { auth } = options
  if (typeof auth === 'function') return hostAuthentication(auth, options.logger)
  const { current: masterKey, problem } = masterKeyOf(options, environment, config)
  const keys = auth?.keys ?? []
  const isLocked = (): boolean => keys.length > 0 || masterKey() !== undefined
  const check = keyCheck({ keys, maxKeyLength: options.limits.maxKeyLength }, masterKey, () =>
    ownHeaderIn(config),
  )
  const why = problem()
  if (why !== undefined && (isLocked() || options.allowUnauthenticated))
    options.logger.warn({}, keyWarning(why))
  if (isLocked()) return ({ headers }) => check(headers)
  // The config file may name a master key later on: from then on it is asked for.
  if (options.allowUnauthenticated) return ({ headers }) => (isLocked() ? check(headers) : admin)
  if (why !== undefined)
    throw new ModelManagementError(
      'invalid_config',
      `${options.config}: general_settings.master_key ${why}, so that nobody could call. Correct it, or give option 'auth'.`,
    )
  throw new ModelManagementError(
    'invalid_option',
    "Nobody could be told from anybody: give option 'auth' (or general_settings.master_key in the config file, or LITELLM_MASTER_KEY), or say allowUnauthenticated: true where the host guards these routes itself.",
    { param: 'auth' },
  )
}

/** The header that the config file names for keys, beside LiteLLM's. */
export function ownHeaderIn(config: ConfigFile | undefined): string | undefined {
  return setting(config, 'litellm_key_header_name')
}

function setting(config: ConfigFile | undefined, name: string): string | undefined {
  const value = config?.current().generalSettings[name]
  return typeof value === 'string' ? usable(value) : undefined
}
