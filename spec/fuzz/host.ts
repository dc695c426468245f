import { createServer } from 'node:http'
import type { Server } from 'node:http'
import express from 'express'
import type { ErrorRequestHandler } from 'express'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import type { ModelManagementRouter } from '../../lib/router'
import { canary } from '../support/canary'

/** Rows that no request may change, names that stand for others, and a secret that must not come out. YAML 1.1 takes JSON. */
export const fileContent = {
  model_list: [
    {
      model_name: 'm',
      litellm_params: { model: 'openai/gpt-4', api_key: canary(0) },
      model_info: { id: 'file', access_groups: ['g'] },
    },
    { model_name: 'openai/*', litellm_params: { model: 'openai/*', api_key: canary(1) } },
  ],
  router_settings: { model_group_alias: { a: 'm', quiet: { model: 'n', hidden: true } } },
  litellm_settings: { fallbacks: [{ m: ['n', 'gpt-4'] }] },
}

/** A host that answers what is not ours, and shows when it had to. */
export function served(router: ModelManagementRouter): Promise<Server> {
  const app = express()
  app.use(router)
  app.use((_, response) => void response.status(404).set('x-host', 'next').json({ detail: 'Not Found' }))
  const onError: ErrorRequestHandler = (error, _request, response, _next) =>
    void response.status(500).set('x-host', 'error').json(String(error))
  app.use(onError)
  const server = createServer(app)
  // A connection that is silent is not to be ended while the next request is on its way.
  server.keepAliveTimeout = 0
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/** The same adapter, and what resolves when nobody is waiting for it any more. */
export function counted(adapter: ModelAdapter): {
  readonly adapter: ModelAdapter
  readonly idle: () => Promise<void>
} {
  let waiting = 0
  const noted = (outcome: unknown): unknown => {
    if (!(outcome instanceof Promise)) return outcome
    waiting++
    return outcome.finally(() => waiting--)
  }
  return {
    adapter: new Proxy(adapter, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...given: unknown[]) => noted(Reflect.apply(member, target, given))
      },
    }),
    async idle() {
      // A request goes from one call of storage to the next within a few turns.
      for (let quiet = 0; quiet < 10; quiet++) {
        await new Promise(setImmediate)
        if (waiting > 0) quiet = 0
      }
    },
  }
}
