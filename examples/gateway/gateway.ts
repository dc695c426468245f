import express from 'express'
import type { Express } from 'express'
import { modelManagementRouter } from 'express-model-management'
import type { KeyEntry, ModelAdapter, ModelManagementRouter } from 'express-model-management'
import { keepDevelopmentKeyLocal } from './development-key'
import { localProvider } from './local-provider'
import { noSuchRoute, sendError } from './openai-error'
import { openAiRoutes } from './openai-routes'

export interface GatewayOptions {
  /** LiteLLM's `config.yaml`. */
  readonly configFile: string
  /** Where models added at run time are kept. */
  readonly storage: ModelAdapter
  /** Further callers beside the master key's. */
  readonly keys: readonly KeyEntry[]
  /** Where `os.environ/NAME` and `LITELLM_MASTER_KEY` are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Gateway {
  readonly app: Express
  readonly models: ModelManagementRouter
}

/** An LLM gateway whose models are managed while it runs. */
export function gateway({ configFile, storage, keys, env }: GatewayOptions): Gateway {
  const models = modelManagementRouter({
    config: configFile,
    adapter: storage,
    auth: { keys },
    env,
  })
  const app = express()
  app.disable('x-powered-by')
  app.use(keepDevelopmentKeyLocal)
  app.use('/local/v1', localProvider())
  app.use(models)
  app.use(openAiRoutes(models))
  app.use(noSuchRoute, sendError)
  return { app, models }
}
