/** Looks once more, at most once in a while for each thing that was not there. */
export interface LookAgain {
  /** Resolves when looking is done, at once when this was looked for a moment ago. */
  for(name: string): Promise<void>
}

/** How long a name that was not there is believed not to be there. */
const believedMs = 1000
/** Names come from callers: no more than this many are remembered. */
const remembered = 1000

export function lookAgain(look: () => Promise<void>): LookAgain {
  const missed = new Map<string, number>()

  return {
    async for(name) {
      const now = performance.now()
      if (now - (missed.get(name) ?? -Infinity) < believedMs) return
      try {
        await look()
      } catch {
        // Storage cannot be read: the view is the best answer there is, and the follower has reported it.
      }
      if (missed.size >= remembered) missed.clear()
      missed.set(name, now)
    },
  }
}
