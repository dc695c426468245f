import type { Logger } from '../logger'
import { faultOf } from './fault'

/**
 * A function that the host gave as an option, as reads may call it: where it throws, or promises what is needed at once, the
 * answer is `undefined`. That is logged, once for as long as it lasts.
 */
export function hostFunction<A extends readonly unknown[]>(
  option: string,
  work: (...given: A) => unknown,
  logger: Logger,
): (...given: A) => unknown {
  let isFailing = false

  function failed(why: string): undefined {
    if (!isFailing) logger.error({ option, why }, `the function of option '${option}' fails`)
    isFailing = true
    return undefined
  }

  return (...given) => {
    try {
      const answer = work(...given)
      if (typeof (answer as { readonly then?: unknown } | null | undefined)?.then === 'function') {
        // Should it reject, nobody else would hear, and the process would end.
        Promise.resolve(answer).catch(() => {})
        return failed('it answers with a promise')
      }
      isFailing = false
      return answer
    } catch (error) {
      return failed(faultOf(error).code)
    }
  }
}
