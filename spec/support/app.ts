import express from 'express'
import type { Express, RequestHandler } from 'express'
import supertest from 'supertest'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { Logger } from '../../lib/logger'
import type { RouterOptions } from '../../lib/options'
import { modelManagementRouter } from '../../lib/router'
import type { ModelManagementRouter } from '../../lib/router'

export const masterKey = 'sk-master-0123456789'

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly details: object
  readonly message: string
}

export interface TestApp {
  readonly app: Express
  readonly router: ModelManagementRouter
  readonly log: readonly LogLine[]
  /** A request with this key; the master key unless told otherwise, `null` for none. */
  get(path: string, key?: string | null): supertest.Test
  post(path: string, body: unknown, key?: string | null): supertest.Test
  send(method: 'patch' | 'put' | 'delete', path: string, body?: unknown, key?: string | null): supertest.Test
}

export interface AppShape {
  /** Where the router is mounted. @default '/' */
  readonly prefix?: string
  /** What the host puts before it. */
  readonly before?: readonly RequestHandler[]
}

const open: ModelManagementRouter[] = []

/** An Express app with one ready router, over memory unless told otherwise. Closed by itself after the spec. */
export async function makeApp(options: RouterOptions = {}, shape: AppShape = {}): Promise<TestApp> {
  const made = startApp(options, shape)
  await made.router.ready()
  return made
}

/** The same, without waiting until it is ready. */
export function startApp(options: RouterOptions = {}, { prefix = '/', before = [] }: AppShape = {}): TestApp {
  const log: LogLine[] = []
  const router = modelManagementRouter({
    adapter: memoryAdapter(),
    auth: { masterKey },
    env: {},
    logger: loggerInto(log),
    ...options,
  })
  open.push(router)
  const app = express()
  for (const handler of before) app.use(handler)
  app.use(prefix, router)
  const bearer = (test: supertest.Test, key: string | null = masterKey): supertest.Test =>
    key === null ? test : test.set('Authorization', `Bearer ${key}`)
  return {
    app,
    router,
    log,
    get: (path, key) => bearer(supertest(app).get(path), key),
    post: (path, body, key) => bearer(supertest(app).post(path), key).send(body as object),
    send: (method, path, body, key) => bearer(supertest(app)[method](path), key).send(body as object),
  }
}

export function loggerInto(log: LogLine[]): Logger {
  const at = (level: LogLine['level']) => (details: object, message: string) =>
    void log.push({ level, details, message })
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

export async function closeApps(): Promise<void> {
  await Promise.all(open.splice(0).map((router) => router.close()))
}

afterEach(closeApps)
