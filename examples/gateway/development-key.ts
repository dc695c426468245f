import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import type { ModelManagementRouter } from 'express-model-management'
import { OpenAiError } from './openai-error'
import { SetupError } from './settings'

/** Everybody knows it. It is the master key where none was ever set, so that the gateway can be tried at once. */
export const developmentKey = 'sk-1234'

/** True where it is the master key, or one of `KEYS_FILE`. */
export async function acceptsDevelopmentKey(models: ModelManagementRouter): Promise<boolean> {
  const request = { headers: { authorization: `Bearer ${developmentKey}` } } as IncomingMessage
  return models.authenticate(request).then(
    () => true,
    () => false,
  )
}

const loopbackAddress = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i
/** What a proxy or a tunnel adds, which may stand for anybody. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/** Throws unless the gateway can be reached from this machine only. */
export function refuseToPublish(host: string): void {
  if (host === 'localhost' || loopbackAddress.test(host)) return
  throw new SetupError(
    `HOST is ${host}, and without a LITELLM_MASTER_KEY of your own anybody could change the models there with the ` +
      `key ${developmentKey}. Set LITELLM_MASTER_KEY to a key such as sk-$(openssl rand -hex 24).`,
  )
}

/** Accepts the development key from this machine only, whether or not a configuration names it as the master key. */
export const keepDevelopmentKeyLocal: RequestHandler = (request, _response, next) => {
  if (isFromThisMachine(request) || !presentsDevelopmentKey(request)) return next()
  const message =
    `The key ${developmentKey} is accepted from this machine only, at 127.0.0.1 or localhost and without a proxy ` +
    'between. Set LITELLM_MASTER_KEY to a key of your own.'
  next(new OpenAiError(401, message, { type: 'auth_error', code: 'invalid_api_key' }))
}

/** Checks the Host header too: a browser tricked by DNS rebinding sends the name of the foreign page. */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  if (proxyHeaders.some((name) => headers[name] !== undefined)) return false
  return loopbackAddress.test(socket.remoteAddress ?? '') && loopbackHost.test(headers.host ?? '')
}

/** Looks in every header: the config file may name a custom one for keys. */
function presentsDevelopmentKey({ headers }: IncomingMessage): boolean {
  return Object.values(headers)
    .flat()
    .some((value) => value?.replace(/^bearer +/i, '').trim() === developmentKey)
}
