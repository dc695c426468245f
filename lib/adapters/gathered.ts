import { within } from './within'

/**
 * What is asked for while the group before is under way, done together: ten writes that wait for a disk wait for it once.
 *
 * `together` gives a result for each, in order. Where it fails, and `isUndone` says that nothing was done, each is done by
 * itself, so that none fails for another one's sake. A group that takes longer than `patienceMs` milliseconds keeps nobody waiting.
 */
export function gathered<T, R>(
  together: (items: readonly T[]) => Promise<readonly R[]>,
  isUndone: (error: unknown) => boolean,
  patienceMs = 1,
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = []
  let before: Promise<void> = Promise.resolve()

  async function attempt(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await together(group.map(({ item }) => item))
      for (const [at, { resolve }] of group.entries()) resolve(results[at] as R)
    } catch (error) {
      if (group.length > 1 && isUndone(error)) for (const one of group) await attempt([one])
      else for (const { reject } of group) reject(error)
    }
  }

  async function begin(): Promise<void> {
    await within(patienceMs, before, 'the group before').catch(() => {})
    const group = waiting
    waiting = []
    before = attempt(group)
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(() => void begin())
      waiting.push({ item, resolve, reject })
    })
}

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}
