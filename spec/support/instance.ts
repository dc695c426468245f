/** Child process: a gateway over a shared store. It ends with whoever started it. */
import cluster from 'node:cluster'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sealed } from '../../lib/adapters/sealed'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { modelManagementRouter } from '../../lib/router'
import type { InstanceSettings, Ready } from './instances'

const settings = JSON.parse(process.argv[2] ?? '{}') as InstanceSettings

function storage(): ModelAdapter {
  const { store } = settings
  if (store.kind === 'sqlite') return sqliteAdapter(store.options)
  if (store.kind === 'yaml') return yamlFileAdapter(store.options)
  const adapter = postgresAdapter(store.options)
  if (settings.push !== false) return adapter
  const { watch: _, ...silent } = adapter
  return silent
}

function serve(): void {
  const { keys, masterKey, refreshMs, maxLifeMs } = settings
  const inner = storage()
  const sealing = keys === undefined ? undefined : sealed(inner, { keys })
  const counts = { get: 0, list: 0 }
  const adapter = counted(sealing ?? inner, counts)
  const router = modelManagementRouter({ adapter, auth: { masterKey }, env: {}, refreshMs })
  const changes: [number, readonly string[] | 'all'][] = []
  router.registry.on('change', ({ ids }) => changes.push([Date.now(), ids]))

  const app = express()
  app.get('/resolve/:name', ({ params }, response) => {
    const { outcome, deployments } = router.registry.resolution(params.name)
    response.json({ outcome, ids: deployments.map(({ id }) => id) })
  })
  app.get('/changes', (_request, response) => void response.json(changes.splice(0)))
  app.get('/counts', (_request, response) => void response.json(counts))
  app.post('/rotate', (_request, response, next) => {
    sealing?.rotate().then((rotation) => response.json(rotation), next)
  })
  app.use(router)
  const server = app.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
    const ready: Ready = { port: (server.address() as AddressInfo).port, pid: process.pid }
    process.send?.(ready)
  })
  // A connection that is closed for being idle just when it is used again would look like a refusal.
  server.keepAliveTimeout = maxLifeMs
  setTimeout(() => process.exit(1), maxLifeMs).unref()
  process.on('disconnect', () => process.exit(0))
  process.on('SIGTERM', () => {
    server.close()
    server.closeAllConnections()
    void router.close().then(() => process.exit(0))
  })
}

/** How often storage is asked, for figures. */
function counted(adapter: ModelAdapter, counts: { get: number; list: number }): ModelAdapter {
  return {
    ...adapter,
    get(id) {
      counts.get += 1
      return adapter.get(id)
    },
    list() {
      counts.list += 1
      return adapter.list()
    },
  }
}

function lead(workers: number): void {
  for (let count = 0; count < workers; count += 1) {
    const worker = cluster.fork()
    worker.on('message', (ready: Ready) => process.send?.(ready))
  }
  process.on('disconnect', () => process.exit(0))
  process.on('SIGTERM', () => cluster.disconnect(() => process.exit(0)))
}

if (settings.workers !== undefined && cluster.isPrimary) lead(settings.workers)
else serve()
