import { ModelManagementError } from '../errors'
import type { Writes } from './writes'

/**
 * The same writes, so many at a time: storage that has become slow is not buried under what waits for it. Throws `busy` beyond
 * that. `rewrite` passes: it is one step of a longer change, and one at a time.
 */
export function gated(writes: Writes, most: number): Writes {
  let underWay = 0

  async function pass<R>(work: () => Promise<R>): Promise<R> {
    if (underWay >= most)
      throw new ModelManagementError(
        'busy',
        `${most} changes are under way at this instance (option 'limits.maxConcurrentWrites'). Try again in a moment.`,
      )
    underWay++
    try {
      return await work()
    } finally {
      underWay--
    }
  }

  return {
    create: (...args) => pass(() => writes.create(...args)),
    update: (...args) => pass(() => writes.update(...args)),
    delete: (...args) => pass(() => writes.delete(...args)),
    block: (...args) => pass(() => writes.block(...args)),
    rewrite: writes.rewrite,
  }
}
