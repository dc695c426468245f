import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { ErrorRequestHandler } from 'express'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import type { RouterOptions } from '../../lib/options'
import { modelManagementRouter } from '../../lib/router'
import type { ModelManagementRouter } from '../../lib/router'
import { canary } from '../support/canary'
import { line } from './wire'
import type { Line } from './wire'

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

export interface Gateway {
  readonly router: ModelManagementRouter
  readonly port: number
  readonly wires: Line
  close(): Promise<void>
}

/** A ready router with these options behind a server of its own. */
export async function gateway(options: RouterOptions): Promise<Gateway> {
  const router = modelManagementRouter(options)
  await router.ready()
  const server = await served(router)
  const { port } = server.address() as AddressInfo
  const wires = line(port)
  return {
    router,
    port,
    wires,
    async close() {
      wires.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await router.close()
    },
  }
}

/** A host that answers what is not ours, and shows when it had to. */
function served(router: ModelManagementRouter): Promise<Server> {
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
