import { realpath, stat } from 'node:fs/promises'
import { codeOf, describeStat } from './read-files'

export interface Watcher {
  /** What was seen at the last reading; replaces everything followed before. */
  follow(stamps: ReadonlyMap<string, string>): void
  close(): void
}

/** A file that changed is read once it looked the same twice, this far apart: editors write in several pieces. */
const settleMs = 50

/**
 * A time stamp this young cannot tell a second change in the same tick of the clock: such a file is read again until it is older.
 * Two seconds is the tick of the coarsest file systems.
 */
const youngMs = 2000

/**
 * Calls `look` when a file may have changed. It asks for the state again and again rather than for events: those get lost on
 * network file systems, in containers and when an editor or Kubernetes puts another file in the place of the old one.
 */
export function watchFiles(look: () => void, everyMs: number, initial: ReadonlyMap<string, string>): Watcher {
  let known = initial
  let pending = ''
  let isYoung = true
  let isClosed = false
  let timer = schedule(everyMs)

  async function poll(): Promise<void> {
    const followed = known
    const states = await Promise.all(Array.from(followed.keys(), stateOf))
    if (isClosed) return
    // Whoever called `follow` in the meantime has read the files later than this.
    const verdict = followed === known ? judge(states) : 'same'
    timer = schedule(verdict === 'unsettled' ? Math.min(settleMs, everyMs) : everyMs)
    if (verdict === 'look') look()
  }

  function judge(states: readonly State[]): 'same' | 'unsettled' | 'look' {
    const now = states.map(({ stamp }) => stamp).join('\n')
    const hasChanged = now !== Array.from(known.values()).join('\n')
    if (hasChanged && now !== pending) {
      pending = now
      return 'unsettled'
    }
    const wasYoung = isYoung
    isYoung = Date.now() - Math.max(0, ...states.map(({ changedMs }) => changedMs)) < youngMs
    return hasChanged || wasYoung || isYoung ? 'look' : 'same'
  }

  function schedule(ms: number): NodeJS.Timeout {
    // Only a log hook that throws gets here, and there is nobody else to tell.
    return setTimeout(() => void poll().catch(() => undefined), ms).unref()
  }

  return {
    follow(stamps) {
      known = stamps
      pending = ''
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

interface State {
  readonly stamp: string
  readonly changedMs: number
}

async function stateOf(path: string): Promise<State> {
  try {
    const real = await realpath(path)
    const stats = await stat(real, { bigint: true })
    return { stamp: describeStat(real, stats), changedMs: Number(stats.ctimeMs) }
  } catch (error) {
    return { stamp: codeOf(error), changedMs: 0 }
  }
}
