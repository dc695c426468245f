import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Contender, Usage } from './server'

export interface Process {
  /** Sends a message and resolves with the next one that comes back. Rejects when the process ends first. */
  ask(message: object | string): Promise<unknown>
  end(): Promise<void>
}

export interface ProcessOptions {
  /** Where a processor profile is written when the process ends. */
  readonly profile?: string | undefined
}

const hook = join(__dirname, '../tools/typescript.cjs')

/** A TypeScript file of this folder in a process that ends with this one. */
export function start(script: string, { profile }: ProcessOptions = {}): Process {
  const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile]
  const child = fork(join(__dirname, script), {
    execArgv: ['-r', hook, '--expose-gc', ...profiling],
    serialization: 'advanced',
  })
  const exit = once(child, 'exit')

  return {
    async ask(message) {
      const ended = exit.then(([code]) => {
        throw new Error(`${script} ended with ${String(code)}`)
      })
      ended.catch(() => {})
      const reply = once(child, 'message').then(([value]) => value as unknown)
      child.send(message)
      const value = await Promise.race([reply, ended])
      const { failed } = Object(value) as { readonly failed?: string }
      if (failed !== undefined) throw new Error(`${script}: ${failed}`)
      return value
    },
    async end() {
      if (child.connected) child.disconnect()
      await exit
    },
  }
}

export interface Server {
  readonly url: string
  usage(): Promise<Usage>
  end(): Promise<void>
}

export async function serve(contender: Contender, options: ProcessOptions = {}): Promise<Server> {
  const process = start('server.ts', options)
  try {
    const { port } = (await process.ask(contender)) as { readonly port: number }
    return {
      url: `http://127.0.0.1:${port}`,
      usage: () => process.ask('usage') as Promise<Usage>,
      end: process.end,
    }
  } catch (error) {
    await process.end()
    throw error
  }
}
