import { ModelManagementError } from '../errors'
import type { ErrorCode } from '../errors'
import { checkMembers, invalid, object } from '../options/check'
import type { Checks } from '../options/check'
import { deferred } from './deferred'
import { isDoneWithin } from './done-within'
import type { Fault } from './fault'

export interface ReadyOptions {
  /** Rejects with `not_ready` after so many milliseconds; the router goes on trying. @default waits for as long as it takes */
  readonly timeoutMs?: number | undefined
}

/** The first full read of storage, and who waits for it. The process stays alive until it is over. */
export interface FirstLoad {
  wait(options?: ReadyOptions): Promise<void>
  resolve(): void
  reject(error: unknown): void
}

export interface FirstLoadParts {
  /** What has gone wrong last. */
  readonly fault: () => Fault | null
  /** Called every minute until the load is over. */
  readonly remind: () => void
}

const remindMs = 60_000
const longestMs = 2 ** 31 - 1

const checks: Checks<ReadyOptions> = {
  timeoutMs: (value) =>
    Number.isInteger(value) && Number(value) > 0 && Number(value) <= longestMs
      ? undefined
      : `a whole number of milliseconds from 1 to ${longestMs}`,
}

export function createFirstLoad({ fault, remind }: FirstLoadParts): FirstLoad {
  const load = deferred()
  // Not unref'd: a host that awaits the first load may have nothing else that keeps its process alive.
  const timer = setInterval(remind, remindMs)

  return {
    async wait(options = {}) {
      if (object(options) !== undefined)
        throw invalid('ready()', 'called without an argument, or with an object')
      checkMembers(options, checks)
      const { timeoutMs } = options
      if (timeoutMs === undefined || (await isDoneWithin(timeoutMs, load.promise))) return load.promise
      const why = fault()?.message ?? 'storage has not answered yet'
      throw new ModelManagementError(
        'not_ready',
        `The models were not loaded within ${timeoutMs} ms: ${why.replace(/\.$/, '')}. The router goes on trying until it is closed.`,
      )
    },
    resolve() {
      clearInterval(timer)
      load.resolve()
    },
    reject(error) {
      clearInterval(timer)
      load.reject(error)
    },
  }
}

/** Waiting does not mend these. */
const finalCodes: ReadonlySet<string> = new Set<ErrorCode>(['missing_driver', 'invalid_option', 'key_ring'])

/** Whether storage fails in a way that no other try mends. */
export function isFinal(error: unknown): boolean {
  return error instanceof ModelManagementError && finalCodes.has(error.code)
}
