import { setTimeout as pause } from 'node:timers/promises'
import { shortened } from './shortened'

/** Looks once more, at most once in a while for each thing that was not there. */
export interface LookAgain {
  /** Resolves when looking is done, at once when this was looked for a moment ago. */
  for(name: string): Promise<void>
}

/** How long a name that was not there is believed not to be there. */
const believedMs = 1000
/** Names come from callers: no more than this many are remembered. */
const remembered = 1000

/** `apartMs` lies between two looks, which may read all that is stored: callers may send as many names as they like. */
export function lookAgain(look: () => Promise<void>, apartMs = 100): LookAgain {
  const missed = new Map<string, number>()
  let lookedAt = -Infinity
  let coming: Promise<void> | undefined

  async function lookInTurn(): Promise<void> {
    const waitMs = lookedAt + apartMs - performance.now()
    // Awaited in any case, so that it is `coming` first.
    await (waitMs > 0 ? pause(waitMs) : undefined)
    // Whoever comes from here on needs a look that begins later.
    coming = undefined
    lookedAt = performance.now()
    await look()
  }

  return {
    async for(asked) {
      const name = shortened(asked)
      if (performance.now() - (missed.get(name) ?? -Infinity) < believedMs) return
      const beganAt = performance.now()
      try {
        await (coming ??= lookInTurn())
      } catch {
        // Storage cannot be read: the view is the best answer there is, and the follower has reported it.
      }
      if (missed.size >= remembered) missed.clear()
      missed.set(name, beganAt)
    },
  }
}
