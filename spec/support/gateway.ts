import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import OpenAI from 'openai'
import { root } from './sources'

export const masterKey = 'sk-1234'

export interface RunningGateway {
  readonly url: string
  readonly output: () => string
  /** Resolves once its output has this; rejects when it ends before. */
  says(text: string | RegExp): Promise<void>
  /** Sends the signal and resolves with the exit code, null where the signal itself ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** The official client; the master key unless told otherwise. */
  client(key?: string): OpenAI
  ask(path: string, init?: { readonly key?: string; readonly body?: object }): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

const running = new Set<RunningGateway>()

export async function stopGateways(): Promise<void> {
  await Promise.all([...running].map((gateway) => gateway.stop('SIGKILL')))
}

/** Runs the example as `npm start` does, in a process of its own on a free port. Rejects with its output when it does not start. */
export async function startGateway(
  env: NodeJS.ProcessEnv,
  { express = 5 }: { readonly express?: 4 | 5 } = {},
): Promise<RunningGateway> {
  const preloads = ['typescript.cjs', ...(express === 4 ? ['express-4.cjs'] : [])]
  const child = spawn(
    process.execPath,
    [...preloads.flatMap((file) => ['-r', `./spec/tools/${file}`]), join(root, 'examples/gateway/server.ts')],
    { cwd: root, env: { PATH: process.env['PATH'], PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  const readers = new Set<() => void>()
  const read = (chunk: Buffer): void => {
    output += String(chunk)
    for (const reader of readers) reader()
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const says = async (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const reader = (): void => {
        if (typeof text === 'string' ? output.includes(text) : text.test(output)) resolve()
      }
      readers.add(reader)
      reader()
      void exit.then(() => reject(new Error(output)))
    })
  await says(/listens on \S+[^]*Ctrl-C/)
  const [, url = ''] = /listens on (\S+)/.exec(output) ?? []
  const gateway: RunningGateway = {
    url,
    output: () => output,
    says,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      running.delete(gateway)
      return exit
    },
    client: (key = masterKey) => new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 }),
    async ask(path, { key = masterKey, body } = {}) {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
      const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      const response = await fetch(url + path, { headers, ...sent })
      return { status: response.status, body: await response.json() }
    },
  }
  running.add(gateway)
  return gateway
}
