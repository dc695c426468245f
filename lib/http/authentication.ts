import type { IncomingMessage } from 'node:http'
import type { Caller } from '../caller'
import type { ConfigFile } from '../config/config-file'
import type { Environment } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import type { Options } from '../options'
import { keyCheck } from './authenticate'

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
      const caller = await auth(request)
      if (caller === null)
        throw new ModelManagementError(
          'unknown_key',
          'Authentication Error, Invalid proxy server token passed.',
          {
            param: 'key',
          },
        )
      return caller
    }
  const masterKey = (): string | undefined =>
    auth?.masterKey ?? setting(config, 'master_key') ?? environment('LITELLM_MASTER_KEY')
  if (masterKey() !== undefined || (auth?.keys ?? []).length > 0) {
    const check = keyCheck(auth ?? {}, masterKey, () => setting(config, 'litellm_key_header_name'))
    return ({ headers }) => check(headers)
  }
  if (options.allowUnauthenticated) return () => admin
  throw new ModelManagementError(
    'invalid_option',
    "Nobody could be told from anybody: give option 'auth' (or general_settings.master_key in the config file, or LITELLM_MASTER_KEY), or say allowUnauthenticated: true where the host guards these routes itself.",
    { param: 'auth' },
  )
}

function setting(config: ConfigFile | undefined, name: string): string | undefined {
  const value = config?.current().generalSettings[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
