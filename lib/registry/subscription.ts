import type { ChangeListener, ModelSource, Unwatch } from '../adapters/adapter'
import { within } from '../adapters/within'
import type { Logger } from '../logger'
import { faultOf } from './fault'
import type { Fault } from './fault'

/** Hears of changes where storage tells of them. What cannot be heard yet is tried again, also when nothing is read. */
export interface Subscription {
  /** Resolves after the first attempt, however it went, or when that takes too long; from then on it keeps nobody waiting. */
  open(): Promise<void>
  /** Why changes cannot be heard now; null while they are, and where storage tells of none. */
  fault(): Fault | null
  close(): Promise<void>
}

export interface SubscriptionParts {
  readonly source: ModelSource
  readonly logger: Logger
  readonly listener: ChangeListener
  /** So long, in milliseconds, reading waits for the first attempt. */
  readonly patienceMs?: number
}

const againMs = { first: 1000, most: 30_000 }

export function subscription({
  source,
  logger,
  listener,
  patienceMs = 30_000,
}: SubscriptionParts): Subscription {
  let unwatch: Unwatch | undefined
  let attempt: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let fault: Fault | null = null
  let failures = 0
  let isSlow = false
  let closed = false

  async function subscribe(): Promise<void> {
    clearTimeout(timer)
    try {
      unwatch = ending(await source.watch?.(listener, note))
      note(null)
    } catch (error) {
      note(error)
      again()
    }
  }

  /** Without hints the timer of the reads still reads. Logs once for each reason, not once for each attempt. */
  function note(error: unknown): void {
    if (closed) return
    const now = error == null ? null : faultOf(error)
    if (now !== null && now.message !== fault?.message)
      logger.warn({ source: source.name, ...now }, 'changes cannot be watched; reading by timer only')
    if (now === null && fault !== null) logger.info({ source: source.name }, 'changes are watched again')
    fault = now
  }

  /** Watched it is all the same: asked once more, the adapter would tell of everything twice. */
  function ending(given: unknown): Unwatch {
    if (typeof given === 'function') return given as Unwatch
    const message = 'watch() gave no function that ends it: the adapter goes on after the router is closed'
    logger.warn({ source: source.name }, message)
    return async () => {}
  }

  function again(): void {
    if (closed) return
    timer = setTimeout(() => void begin(), Math.min(againMs.first * 2 ** failures++, againMs.most))
    timer.unref()
  }

  /** One attempt at a time. */
  function begin(): Promise<void> {
    if (unwatch !== undefined || closed) return Promise.resolve()
    attempt ??= subscribe().finally(() => {
      attempt = undefined
    })
    return attempt
  }

  return {
    async open() {
      if (unwatch !== undefined || source.watch === undefined) return
      const beginning = begin()
      if (failures > 0 || isSlow) return
      await within(patienceMs, beginning, 'watch()').catch(() => {
        // It goes on, and its answer counts when it comes.
        isSlow = true
      })
    },
    fault: () => fault,
    async close() {
      closed = true
      clearTimeout(timer)
      await attempt
      await unwatch?.()
    },
  }
}
