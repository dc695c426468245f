import type { Caller } from '../caller'
import type { ConfigFile } from '../config/config-file'
import type { Environment } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import type { Options } from '../options'
import { keyCheck } from './authenticate'
import type { Authentication } from './authenticate'
import { hostAuthentication } from './host-auth'

const admin: Caller = Object.freeze({ userId: 'default_user_id', role: 'proxy_admin' })

/** Who is calling, as the option `auth`, the config file and the environment say. Throws `invalid_option` where nothing does. */
export function authenticationOf(
  options: Options,
  environment: Environment,
  config: ConfigFile | undefined,
): Authentication {
  const { auth } = options
  if (typeof auth === 'function') return hostAuthentication(auth, options.logger)
  const masterKey = (): string | undefined =>
    given(auth?.masterKey) ?? setting(config, 'master_key') ?? given(environment('LITELLM_MASTER_KEY'))
  const keys = auth?.keys ?? []
  const isLocked = (): boolean => keys.length > 0 || masterKey() !== undefined
  const check = keyCheck({ keys, maxKeyLength: options.limits.maxKeyLength }, masterKey, () =>
    ownHeaderIn(config),
  )
  if (isLocked()) return ({ headers }) => check(headers)
  // The config file may name a master key later on: from then on it is asked for.
  if (options.allowUnauthenticated) return ({ headers }) => (isLocked() ? check(headers) : admin)
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
  return typeof value === 'string' ? given(value) : undefined
}

/** An empty key, as an empty variable makes it, is none. */
function given(key: string | undefined): string | undefined {
  return key?.trim() === '' ? undefined : key
}
