import { setTimeout as pause } from 'node:timers/promises'
import { isBusy } from './sqlite-driver'

/** Runs an attempt again and again while another connection holds the lock that it wants. */
export type LockQueue = <T>(attempt: () => Promise<T>) => Promise<T>

/** So long, in milliseconds, a caller waits for a lock in all. */
export const lockLimitMs = 5000
const pauseMs = { first: 5, most: 50 }

interface Waiter {
  readonly deadline: number
  /** Resolves with the error while the lock is held; with nothing once the caller has its result. */
  attempt(): Promise<unknown>
  reject(error: unknown): void
}

/**
 * Of all who wait one tries at a time, in the order in which they came: an attempt may block the event loop for some
 * milliseconds, and a hundred waiting callers cost no more than one.
 */
export function createLockQueue(limitMs = lockLimitMs): LockQueue {
  let waiting: readonly Waiter[] = []

  async function drain(): Promise<void> {
    let ms = pauseMs.first
    while (waiting.length > 0) {
      const [first] = waiting
      const locked = await first?.attempt()
      if (locked === undefined) {
        waiting = waiting.slice(1)
        ms = pauseMs.first
        continue
      }
      const now = performance.now()
      for (const { reject } of waiting.filter(({ deadline }) => deadline <= now)) reject(locked)
      waiting = waiting.filter(({ deadline }) => deadline > now)
      await pause(ms * (0.5 + Math.random()))
      ms = Math.min(ms * 2, pauseMs.most)
    }
  }

  return async (attempt) => {
    const deadline = performance.now() + limitMs
    if (waiting.length === 0) {
      try {
        return await attempt()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        deadline,
        reject,
        async attempt() {
          try {
            resolve(await attempt())
          } catch (error) {
            if (isBusy(error)) return error
            reject(error)
          }
          return undefined
        },
      }
      waiting = [...waiting, waiter]
      if (waiting.length === 1) void drain()
    })
  }
}
