import type { ModelAdapter, ModelSource } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import type { Logger } from '../logger'
import { faultOf } from './fault'
import type { Fault } from './fault'

/** Storage whose calls are looked after: what it does not answer is known, and keeps no caller waiting for ever. */
export interface Patient {
  readonly source: ModelSource
  /** That storage has not answered something for too long; null while there is nothing of the kind. */
  fault(): Fault | null
  /** Writes that storage has not answered and that may still be done. */
  writes(): number
  /** From then on nothing is said any more. */
  close(): void
}

export interface PatienceParts {
  readonly source: ModelSource
  readonly logger: Logger
  /** A write that nobody waited for any longer is done, or has failed. */
  readonly onLate: () => void
  /** So long, in milliseconds, is waited for an answer. */
  readonly limitMs?: number
}

/** What the cause of a rejection is when nothing is known of the outcome. */
export const inDoubt = 'not answered in time'

interface Unanswered {
  readonly method: string
  readonly fault: Fault
}

type Call = (...given: readonly unknown[]) => Promise<unknown>
type Method = Exclude<keyof ModelAdapter, 'name' | 'durable' | 'file' | 'batch' | 'close' | 'ping'>

const writes: ReadonlySet<string> = new Set<Method>(['create', 'update', 'delete', 'writeSettings'])
/** Asked again, these would only be asked twice: whoever waits for them goes on waiting. */
const whole: ReadonlySet<string> = new Set<Method>(['init', 'list', 'version', 'watch'])
const others: readonly Method[] = ['get', 'readSettings', 'revisions']

export function patient({ source, logger, onLate, limitMs = 30_000 }: PatienceParts): Patient {
  const unanswered = new Set<Unanswered>()
  const adapter = source as unknown as Readonly<Record<string, Call>>
  let closed = false

  function lookedAfter(method: string): Call {
    const call = adapter[method]!
    return (...given) =>
      new Promise((resolve, reject) => {
        const isWhole = whole.has(method) || (method === 'revisions' && given[0] === undefined)
        let answered = (): void => clearTimeout(timer)
        const timer = setTimeout(() => {
          const error = late(source.name, method, limitMs)
          // A read that nobody waits for any longer is over, whatever storage says.
          if (isWhole || writes.has(method)) answered = remember({ method, fault: faultOf(error) })
          if (!isWhole) reject(error)
        }, limitMs)
        timer.unref()
        const then =
          <T>(settle: (outcome: T) => void) =>
          (outcome: T): void => {
            answered()
            settle(outcome)
          }
        call(...given).then(then(resolve), then(reject))
      })
  }

  /** Returns what forgets it. */
  function remember(call: Unanswered): () => void {
    // Said once for as long as there are any.
    if (unanswered.size === 0 && !closed) logger.error({ source: source.name }, call.fault.message)
    unanswered.add(call)
    return () => {
      unanswered.delete(call)
      if (closed) return
      if (unanswered.size === 0) logger.info({ source: source.name }, 'storage has answered everything')
      if (writes.has(call.method)) onLate()
    }
  }

  const calls = [...writes, ...whole, ...others]
    .filter((method) => method in source)
    .map((method) => [method, lookedAfter(method)] as const)
  return {
    source: Object.assign(Object.create(source) as ModelSource, Object.fromEntries(calls)),
    fault() {
      for (const { fault } of unanswered) return fault
      return null
    },
    writes: () => [...unanswered].filter(({ method }) => writes.has(method)).length,
    close() {
      closed = true
    },
  }
}

function late(name: string, method: string, limitMs: number): ModelManagementError {
  const message = `Adapter '${name}' has not answered ${method}() for ${limitMs / 1000} s. Look after its storage; restart this instance if that answers everybody else.`
  return new ModelManagementError('storage_unavailable', message, { cause: inDoubt })
}
