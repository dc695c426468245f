import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import type { SealingKey } from '../../lib/adapters/key-ring'
import type { PostgresAdapterOptions } from '../../lib/adapters/postgres'
import type { SqliteAdapterOptions } from '../../lib/adapters/sqlite'
import type { YamlFileAdapterOptions } from '../../lib/adapters/yaml-file'

/** What spec/support/instance.ts is told. */
export interface InstanceSettings {
  readonly store:
    | { readonly kind: 'postgres'; readonly options: Omit<PostgresAdapterOptions, 'pool'> }
    | { readonly kind: 'sqlite'; readonly options: Omit<SqliteAdapterOptions, 'database'> }
    | { readonly kind: 'yaml'; readonly options: Omit<YamlFileAdapterOptions, 'env'> }
  readonly masterKey: string
  readonly keys?: readonly SealingKey[]
  readonly refreshMs?: number
  /** False: changes are found by the timer alone. */
  readonly push?: boolean
  /** So many processes by `node:cluster`, each on a port of its own. */
  readonly workers?: number
  /** It ends by itself then, whatever happens. */
  readonly maxLifeMs: number
}

export interface Ready {
  readonly port: number
  readonly pid: number
}

export interface Reply {
  readonly status: number
  readonly text: string
  readonly etag: string | undefined
}

/** A gateway in a process of its own. */
export interface Instance {
  readonly pid: number
  ask(path: string, body?: object, method?: string): Promise<Reply>
  /** The body of a 200; rejects with any other answer. */
  json(path: string, body?: object, method?: string): Promise<unknown>
  /** Resolves once the process is gone. Of a `cluster`, that is all of its processes. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export type Settings = Omit<InstanceSettings, 'masterKey' | 'maxLifeMs'>

const masterKey = 'sk-master-0123456789'
const running = new Set<Instance>()

/** Ends whatever still runs. */
export async function stopInstances(): Promise<void> {
  await Promise.all([...running].map((instance) => instance.stop('SIGKILL')))
}

/** Starts one, which listens when this resolves; its models may still be loading. */
export async function startInstance(settings: Settings): Promise<Instance> {
  const [instance] = await start(settings, 1)
  return instance!
}

/** Several that share one store. */
export function startInstances(count: number, settings: Settings): Promise<readonly Instance[]> {
  return Promise.all(Array.from({ length: count }, () => startInstance(settings)))
}

/** The same as workers of one `cluster`. */
export function startCluster(workers: number, settings: Settings): Promise<readonly Instance[]> {
  return start({ ...settings, workers }, workers)
}

async function start(settings: Settings, count: number): Promise<readonly Instance[]> {
  const told: InstanceSettings = { masterKey, maxLifeMs: 300_000, ...settings }
  const child = fork(join(__dirname, 'instance.ts'), [JSON.stringify(told)], {
    execArgv: ['-r', join(__dirname, 'register.cjs')],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const exit = once(child, 'exit')
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const readies: Ready[] = []
  await new Promise<void>((resolve, reject) => {
    child.on('message', (ready: Ready) => {
      readies.push(ready)
      if (readies.length === count) resolve()
    })
    void exit.then(() => reject(new Error(`the instance ended: ${stderr}`)))
  })
  return readies.map((ready) => instanceOf(ready, child, exit))
}

function instanceOf({ port, pid }: Ready, child: ChildProcess, exit: Promise<unknown>): Instance {
  const agent = new Agent({ keepAlive: true })
  const instance: Instance = {
    pid,
    ask: (path, body, method = body === undefined ? 'GET' : 'POST') => ask(agent, port, path, body, method),
    async json(path, body, method) {
      const { status, text } = await instance.ask(path, body, method)
      if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
      return JSON.parse(text) as unknown
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await exit
      agent.destroy()
      running.delete(instance)
    },
  }
  running.add(instance)
  return instance
}

function ask(
  agent: Agent,
  port: number,
  path: string,
  body: object | undefined,
  method: string,
): Promise<Reply> {
  const headers = { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text, etag: response.headers.etag })
      })
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Asks until it holds; rejects with the last answer when it does not within that time. */
export async function eventually<T>(
  ms: number,
  look: () => Promise<T>,
  holds: (value: T) => boolean,
  pauseMs = 5,
): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await look()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${JSON.stringify(value)}`)
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Resolves when every one of them has loaded its models. */
export async function allReady(instances: readonly Instance[], ms = 10_000): Promise<void> {
  const isReady = ({ status }: Reply): boolean => status === 200
  await Promise.all(
    instances.map(async (instance) => {
      await eventually(ms, () => instance.ask('/health/readiness'), isReady)
      // Read with the first model, which takes a moment that is not what these specs measure.
      await instance.ask('/public/litellm_model_cost_map')
    }),
  )
}
