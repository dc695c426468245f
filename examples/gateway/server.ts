import { createServer } from 'node:http'
import { ModelManagementError } from 'express-model-management'
import type { ErrorCode } from 'express-model-management'
import { acceptsDevelopmentKey, developmentKey, refuseToPublish } from './development-key'
import { gateway } from './gateway'
import { keysFrom } from './keys'
import { listen, stopOnSignal } from './listen'
import { SetupError, settingsFrom } from './settings'
import { storageFrom } from './storage'
import { welcome } from './welcome'

/** What to do about errors of the package, which does not know our variables. */
const remedies: Partial<Record<ErrorCode, string>> = {
  invalid_config: 'Correct that file, or let CONFIG_FILE_PATH name another.',
  key_ring: 'Let LITELLM_SALT_KEY hold the key that the models were sealed with.',
  storage_unavailable: 'Let MODELS_DB name a file that this user may write.',
}

start().catch((error: unknown) => {
  console.error('The gateway cannot start:', explained(error))
  process.exit(1)
})

async function start(): Promise<void> {
  const settings = settingsFrom(process.env)
  const keys = settings.keysFile === undefined ? [] : keysFrom(settings.keysFile)
  const server = createServer()
  const url = await listen(server, settings)
  const env = {
    ...process.env,
    // Last choice: a key in the config file's general_settings comes before it.
    LITELLM_MASTER_KEY: settings.masterKey ?? developmentKey,
    // The local provider is part of this very server.
    LOCAL_PROVIDER_URL: `${url}/local/v1`,
  }
  const { app, models } = gateway({ ...settings, storage: storageFrom(settings), keys, env })
  server.on('request', app)
  const isDevelopment = settings.masterKey === undefined && (await acceptsDevelopmentKey(models))
  if (isDevelopment) refuseToPublish(settings.host)
  // Unlike ready(), which waits until storage answers, this fails when it does not.
  await models.registry.reload()
  stopOnSignal(server, () => models.close())
  console.log(welcome({ settings, url, keys, isDevelopment, registry: models.registry }))
}

/** The message alone where it says all; anything else is a defect, and its stack is wanted. */
function explained(error: unknown): unknown {
  if (error instanceof SetupError) return error.message
  if (!(error instanceof ModelManagementError)) return error
  const { message, code } = error
  return [message.replace(/[^.]$/, '$&.'), remedies[code] ?? ''].join(' ').trim()
}
