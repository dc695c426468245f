import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { acceptsDevelopmentKey, developmentKey, refuseToPublish } from './development-key'
import { explained } from './explain'
import { gateway } from './gateway'
import { keysFrom } from './keys'
import { listen, stopOnSignal } from './listen'
import { settingsFrom } from './settings'
import { storageFrom } from './storage'
import { loadedLine, welcome } from './welcome'

/** How long the welcome waits for the models, in milliseconds. */
const patienceMs = 1000

start().catch((error: unknown) => fail(error))

async function start(): Promise<void> {
  const settings = settingsFrom(process.env)
  const keys = settings.keysFile === undefined ? [] : keysFrom(settings.keysFile)
  const storage = storageFrom(settings)
  const server = createServer()
  const url = await listen(server, settings)
  const env = {
    ...process.env,
    // Last choice: a key in the config file's general_settings comes before it, once and for all.
    LITELLM_MASTER_KEY: settings.masterKey ?? developmentKey,
    // The local provider is part of this very server.
    LOCAL_PROVIDER_URL: `${url}/local/v1`,
  }
  const { app, models } = gateway({ ...settings, storage, keys, env })
  server.on('request', app)
  const isDevelopment = await acceptsDevelopmentKey(models)
  if (isDevelopment) refuseToPublish(settings.host)

  let isStopping = false
  stopOnSignal(server, () => {
    isStopping = true
    return models.close()
  })
  // Storage that is down is waited for: until then the routes answer 503, and liveness 200. What waiting does not mend rejects.
  const loading = models.ready().then(() => true)
  const facts = { settings, url, keys, isDevelopment, registry: models.registry }
  const isLoaded = await Promise.race([loading, pause(patienceMs, false)])
  console.log(welcome(facts))
  if (isLoaded) return
  await loading.catch((error: unknown) => {
    if (!isStopping) throw error
  })
  if (!isStopping) console.log(loadedLine(facts))
}

function fail(error: unknown): void {
  console.error(
    'The gateway cannot start:',
    explained(error, { databaseUrl: process.env['DATABASE_URL'] || undefined }),
  )
  process.exit(1)
}
