// A process of its own for each server, so that memory and processor time are its own too. Ends with its parent.
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import express from 'express'
import type { RequestHandler } from 'express'
import { modelManagementRouter } from '../../lib/router'
import { bareInsert } from './bare-insert'
import { draftsUpTo, masterKey, scopedKeys, wildcardDrafts } from './rows'
import { adapterOn, stock } from './storage'
import type { Storage } from './storage'

/** Something that was answered, to be answered again. */
export interface Answer {
  readonly path: string
  readonly authorization: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type Contender =
  /** Our router, with keys. */
  | {
      readonly kind: 'ours'
      readonly rows: number
      readonly wildcards?: number | undefined
      readonly storage: Storage
    }
  /** A bare route that ends with bytes that are ready: nothing that answers the same can be faster. */
  | { readonly kind: 'ceiling'; readonly answers: readonly Answer[] }
  /** What one writes first: builds the rows for each request and leaves the rest to `res.json`. */
  | { readonly kind: 'naive'; readonly answers: readonly Answer[] }
  /** A bare route that reads the body with `express.json` and keeps it with one insert, as durably. */
  | { readonly kind: 'insert'; readonly storage: Storage }

export interface Usage {
  readonly rssBytes: number
  /** Of this process, since it started. */
  readonly cpuMs: number
  /** The longest time the event loop stood still since the last question. */
  readonly stallMs: number
}

const delay = monitorEventLoopDelay({ resolution: 5 })

async function handlerOf(contender: Contender): Promise<RequestHandler> {
  switch (contender.kind) {
    case 'ours': {
      const { rows, wildcards = 0, storage } = contender
      const adapter = adapterOn(storage)
      await stock(adapter, [...draftsUpTo(rows), ...wildcardDrafts(wildcards)])
      const router = modelManagementRouter({
        adapter,
        auth: { masterKey, keys: scopedKeys(rows) },
        env: {},
        wildcards: wildcards > 0 ? 'expand' : 'show',
      })
      await router.ready()
      return router
    }
    case 'ceiling':
      return replay(contender.answers, ({ status, headers, body }) => {
        const bytes = Buffer.from(body)
        return (_, response) => void response.writeHead(status, headers).end(bytes)
      })
    case 'naive':
      return replay(contender.answers, ({ body }) => {
        const rows = JSON.parse(Buffer.from(body).toString()) as { readonly data: readonly object[] }
        return (_, response) => void response.json({ ...rows, data: rows.data.map(rebuilt) })
      })
    case 'insert':
      return bareInsert(contender.storage)
  }
}

/** As many objects as there are in a row, made anew. */
function rebuilt(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'object' ? { ...(value as object) } : (value as unknown),
    ]),
  )
}

/** One Express route a path; behind it one handler a key, where there are several. */
function replay(answers: readonly Answer[], handle: (answer: Answer) => RequestHandler): RequestHandler {
  const router = express.Router()
  for (const path of new Set(answers.map((answer) => answer.path.replace(/\?.*/, '')))) {
    const here = answers.filter((answer) => answer.path.replace(/\?.*/, '') === path)
    const byKey = new Map(here.map((answer) => [answer.authorization, handle(answer)] as const))
    const [only] = byKey.values()
    const one: RequestHandler = (request, response, next) =>
      byKey.get(request.headers.authorization ?? '')?.(request, response, next)
    router.get(path, byKey.size === 1 && only !== undefined ? only : one)
  }
  return router
}

async function start(contender: Contender): Promise<number> {
  const app = express()
  app.disable('x-powered-by')
  app.use(await handlerOf(contender))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  delay.enable()
  return (server.address() as AddressInfo).port
}

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const stallMs = delay.max / 1e6
  delay.reset()
  return { rssBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000, stallMs }
}

process.on('message', (message: Contender | 'usage') => {
  if (message === 'usage') return void process.send?.(usage())
  start(message).then(
    (port) => process.send?.({ port }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
