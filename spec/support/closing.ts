/**
 * Child process: closes routers over one kind of storage at awkward moments and prints, for each, what became of what was
 * under way and what still keeps the process alive. Then it must end by itself.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import express from 'express'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sealed } from '../../lib/adapters/sealed'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { modelManagementRouter } from '../../lib/router'
import type { ModelManagementRouter } from '../../lib/router'
import { gate } from './gate'

const [kind = '', place = '', config, costMap] = process.argv.slice(2)
const store = memoryStore()
/** Opens when storage has been asked to create something. */
let begun = gate()

const kinds: Readonly<Record<string, () => ModelAdapter>> = {
  memory: () => memoryAdapter({ store }),
  sqlite: () => sqliteAdapter({ file: place }),
  yaml: () => yamlFileAdapter({ file: place }),
  postgres: () => postgresAdapter({ url: place }),
  sealed: () =>
    sealed(sqliteAdapter({ file: place }), { keys: [{ id: 'k', secret: 'a secret that is long enough' }] }),
}

const moments: Readonly<Record<string, (router: ModelManagementRouter) => Promise<unknown>>> = {
  async starting(router) {
    await router.close()
    const ready = await outcome(router.ready())
    return ready === 'done' || ready === 'closed' ? 'ended' : ready
  },
  async idle(router) {
    await router.ready()
    return outcome(router.close())
  },
  async writing(router) {
    await router.ready()
    const before = create(router, 'before')
    await begun.passed
    const closed = router.close()
    const after = create(router, 'after')
    return [await before, await after, await outcome(closed), await kept('before', 'after')]
  },
  async reloading(router) {
    await router.ready()
    const reloaded = outcome(router.registry.reload())
    await router.close()
    return reloaded
  },
  async scheduled(router) {
    await router.ready()
    const server = express().use(router).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await fetch(`http://127.0.0.1:${port}/schedule/model_cost_map_reload?hours=1`, { method: 'POST' })
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
    return outcome(router.close())
  },
  async twice(router) {
    await router.ready()
    const written = create(router, 'twice')
    await begun.passed
    void router.close()
    // The second one ends no earlier than the first: the write is done by then.
    await router.close()
    return [await Promise.race([written, Promise.resolve('pending')]), await outcome(router.close())]
  },
}

async function main(): Promise<void> {
  for (const [moment, close] of Object.entries(moments)) {
    begun = gate()
    const before = process.getActiveResourcesInfo()
    const router = modelManagementRouter({
      adapter: slowly(opened()),
      auth: () => ({ userId: 'u', role: 'proxy_admin' }),
      env: {},
      ...(config ? { config, configWatchMs: 10 } : {}),
      ...(costMap ? { costMap } : {}),
    })
    const result = await close(router)
    // Synchronous, so that printing itself leaves nothing.
    writeSync(1, `${JSON.stringify([moment, result, await left(before)])}\n`)
  }
}

function opened(): ModelAdapter {
  const make = kinds[kind]
  if (make === undefined) throw new TypeError(`no kind of storage is called ${kind}`)
  return make()
}

/** The adapter with a create that takes some turns, so that it is under way while the router is closed. */
function slowly(real: ModelAdapter): ModelAdapter {
  return {
    ...real,
    async create(draft) {
      begun.open()
      for (let turns = 0; turns < 10; turns += 1) await turn()
      return real.create(draft)
    },
  }
}

function create(router: ModelManagementRouter, id: string): Promise<string> {
  return outcome(
    router.registry.create({ model_name: 'm', litellm_params: { model: 'x' }, model_info: { id } }),
  )
}

/** Which of these ids storage has. */
async function kept(...ids: readonly string[]): Promise<readonly string[]> {
  const again = opened()
  const models = await again.list()
  await again.close?.()
  return ids.filter((id) => models.some((model) => model.id === id))
}

function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => String((error as { readonly code?: unknown }).code ?? error),
  )
}

/** What is still there when sockets and files that were let go of have had the time to be closed. */
async function left(before: readonly string[]): Promise<readonly string[]> {
  const patienceEnds = performance.now() + 2000
  let now = added(before)
  while (now.length > 0 && performance.now() < patienceEnds) {
    await turn()
    now = added(before)
  }
  return now
}

function added(before: readonly string[]): readonly string[] {
  const rest = [...before]
  return process.getActiveResourcesInfo().filter((name) => {
    const at = rest.indexOf(name)
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
}

void main()
