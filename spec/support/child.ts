import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  /** All lines printed so far. */
  readonly lines: readonly string[]
  /** Resolves once so many lines were printed; rejects when the child ends before. */
  atLeast(lines: number): Promise<void>
  /** Resolves when the child has ended and all it printed was read. */
  ended(): Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>
}

/** Runs a TypeScript file of spec/support in a process of its own. */
export function child(script: string, ...args: readonly string[]): Child {
  const started = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '-r',
      join(__dirname, 'register.cjs'),
      join(__dirname, script),
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const lines: string[] = []
  let stderr = ''
  let wake = (): void => {}
  createInterface(started.stdout).on('line', (line) => {
    lines.push(line)
    wake()
  })
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const closed = once(started, 'close').then(([code, signal]: unknown[]) => {
    wake()
    return { code: code as number | null, signal: signal as string | null, stderr }
  })

  return {
    process: started,
    lines,
    async atLeast(count) {
      let over = false
      void closed.then(() => (over = true))
      while (lines.length < count) {
        if (over) throw new Error(`the child ended after ${lines.length} lines: ${stderr}`)
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), closed])
      }
    },
    ended: () => closed,
  }
}
