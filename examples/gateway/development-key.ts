import type { IncomingMessage } from 'node:http'
import type { ModelManagementRouter } from 'express-model-management'
import { SetupError } from './settings'

/** Everybody knows it. It is the master key where none is set, so that the gateway can be tried at once. */
export const developmentKey = 'sk-1234'

/** False where the config file sets a `general_settings.master_key`. */
export async function acceptsDevelopmentKey(models: ModelManagementRouter): Promise<boolean> {
  const request = { headers: { authorization: `Bearer ${developmentKey}` } } as IncomingMessage
  return models.authenticate(request).then(
    () => true,
    () => false,
  )
}

/** Throws unless the gateway can be reached from this machine only. */
export function refuseToPublish(host: string): void {
  if (/^(localhost|127(\.\d+){3}|::1)$/.test(host)) return
  throw new SetupError(
    `HOST is ${host}, and without LITELLM_MASTER_KEY anybody could change the models there with the key ` +
      `${developmentKey}. Set LITELLM_MASTER_KEY to a key of your own, such as sk-$(openssl rand -hex 24).`,
  )
}
