/**
 * What is asked for in one turn of the event loop, done together: ten writes that wait for the same disk wait for it once.
 *
 * `together` gives a result for each, in order. Where it fails, and `isUndone` says that nothing was done, each is done by
 * itself, so that none fails for another one's sake.
 */
export function gathered<T, R>(
  together: (items: readonly T[]) => Promise<readonly R[]>,
  isUndone: (error: unknown) => boolean,
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = []

  async function attempt(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await together(group.map(({ item }) => item))
      for (const [at, { resolve }] of group.entries()) resolve(results[at] as R)
    } catch (error) {
      if (group.length > 1 && isUndone(error)) for (const one of group) await attempt([one])
      else for (const { reject } of group) reject(error)
    }
  }

  function begin(): void {
    const group = waiting
    waiting = []
    void attempt(group)
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(begin)
      waiting.push({ item, resolve, reject })
    })
}

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}
