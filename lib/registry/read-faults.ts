import type { Logger } from '../logger'
import { faultOf } from './fault'
import type { Fault } from './fault'

/** What reads of storage fail with. The log gets each reason once in an outage, not once for each attempt. */
export interface ReadFaults {
  /** What the last read failed with; null once one has succeeded again. */
  readonly current: Fault | null
  add(error: unknown): void
  clear(): void
  /** Logs once more what is wrong. */
  remind(): void
}

export interface ReadFaultsParts {
  readonly source: string
  readonly logger: Logger
  /** False until the first load; there are no last good models before it. */
  readonly isLoaded: () => boolean
  /** What storage has not answered for too long. */
  readonly unanswered: () => Fault | null
}

export function createReadFaults({ source, logger, isLoaded, unanswered }: ReadFaultsParts): ReadFaults {
  const logged = new Set<string>()
  let current: Fault | null = null

  function report(fault: Fault): void {
    if (logged.has(fault.message)) return
    logged.add(fault.message)
    const effect = isLoaded()
      ? 'the last good models stay'
      : 'requests are answered with 503 until it was read once'
    logger.error({ source, ...fault }, `storage cannot be read; ${effect}`)
  }

  return {
    get current() {
      return current
    },
    add(error) {
      current = faultOf(error)
      report(current)
    },
    clear() {
      if (current !== null) logger.info({ source }, 'storage can be read again')
      current = null
      logged.clear()
    },
    remind() {
      logged.clear()
      const fault = current ?? unanswered()
      if (fault !== null) report(fault)
      else
        logger.error(
          { source },
          'storage has not answered yet; requests are answered with 503 until it was read once',
        )
    },
  }
}
