import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from './sources'

export interface Program {
  /** The exit code; null when a signal ended it. */
  readonly exit: Promise<number | null>
  /** Where it listens; rejects with its output when it ends before it listens, or takes too long. */
  readonly url: Promise<string>
  /** What it has printed so far, on both streams. */
  output(): string
  /** Asks it to end, as a host would, and resolves when it has; a program that stays is killed. */
  stop(): Promise<void>
}

export interface ProgramOptions {
  readonly args?: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** How long it may run; servers get stop() instead. */
  readonly timeoutMs?: number
}

/** Runs a TypeScript or JavaScript file in a process of its own; where it listens, it listens on a free port. */
export function program(
  file: string,
  { args = [], cwd = root, env = {}, timeoutMs = 25_000 }: ProgramOptions = {},
): Program {
  const preload = ['typescript.cjs', 'any-port.cjs'].flatMap((tool) => ['-r', join(root, 'spec/tools', tool)])
  const child = spawn(process.execPath, [...preload, file, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], NODE_PATH: join(root, 'node_modules'), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += String(chunk)))

  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const exit = once(child, 'close').then(([code]) => {
    clearTimeout(killer)
    return code as number | null
  })
  const listening = once(child, 'message').then(([message]) => {
    clearTimeout(killer)
    return `http://127.0.0.1:${(message as { port: number }).port}`
  })
  const ended = exit.then((code) => {
    throw new Error(`${file} ended with ${code} and does not listen:\n${text}`)
  })
  const url = Promise.race([listening, ended])
  // Programs that only run to their end are never asked for their url.
  url.catch(() => undefined)

  return {
    exit,
    url,
    output: () => text,
    async stop() {
      child.kill('SIGTERM')
      const impatience = setTimeout(() => child.kill('SIGKILL'), 5000)
      await exit
      clearTimeout(impatience)
    },
  }
}
