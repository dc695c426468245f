import type { IncomingMessage } from 'node:http'
import type { Caller } from '../caller'
import type { ConfigFile } from '../config/config-file'
import type { Environment } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import type { Options } from '../options'
import { asCaller } from '../options/auth'
import { keyCheck, unknownKey } from './authenticate'
import { keyWarning, masterKeyOf, usable } from './master-key'

/** Who is calling, from the request; throws where nobody is. */
export type Authentication = (request: IncomingMessage) => Caller | Promise<Caller>

const admin: Caller = Object.freeze({ userId: 'default_user_id', role: 'proxy_admin' })

/** Who is calling, as the option `auth`, the config file and the environment say. Throws `invalid_option` where nothing does. */
export function authenticationOf(
  options: Options,
  environment: Environment,
  config: ConfigFile | undefined,
): Authentication {
  const { auth } = options
  if (typeof auth === 'function')
    return async (request) => {
      const caller: unknown = await auth(request)
      if (caller === null) throw unknownKey()
      return asCaller(caller)
    }
  const { current: masterKey, problem } = masterKeyOf(options, environment, config)
  const keys = auth?.keys ?? []
  const isLocked = (): boolean => keys.length > 0 || masterKey() !== undefined
  const check = keyCheck({ keys, maxKeyLength: options.limits.maxKeyLength }, masterKey, () =>
    setting(config, 'litellm_key_header_name'),
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

function setting(config: ConfigFile | undefined, name: string): string | undefined {
  const value = config?.current().generalSettings[name]
  return typeof value === 'string' ? usable(value) : undefined
}
