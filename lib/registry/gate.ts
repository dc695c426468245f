import { ModelManagementError } from '../errors'
import type { AccessGroups } from './access-groups'
import type { Writes } from './writes'

/** Does the work unless too much is under way: then it throws `busy`. */
export type Gate = <R>(work: () => Promise<R>) => Promise<R>

/**
 * So many changes at a time: storage that has become slow is not buried under what waits for it. A write that storage has
 * not answered keeps its place, whether or not somebody still waits for it: it may be under way there.
 */
export function gateFor(most: number, unanswered: () => number = () => 0): Gate {
  let underWay = 0

  return async (work) => {
    if (underWay + unanswered() >= most)
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
}

/** `rewrite` is not held up: it is one step of a longer change, which has passed as a whole. */
export function gatedWrites(writes: Writes, pass: Gate): Writes {
  return {
    create: (...args) => pass(() => writes.create(...args)),
    update: (...args) => pass(() => writes.update(...args)),
    delete: (...args) => pass(() => writes.delete(...args)),
    block: (...args) => pass(() => writes.block(...args)),
    rewrite: writes.rewrite,
  }
}

/** A change of a group counts once, however many models it is about. */
export function gatedGroups(groups: AccessGroups, pass: Gate): AccessGroups {
  return {
    ...groups,
    create: (...args) => pass(() => groups.create(...args)),
    update: (...args) => pass(() => groups.update(...args)),
    delete: (...args) => pass(() => groups.delete(...args)),
  }
}
