/** Work on one thing is done one after the other, work on different things at the same time. */
export interface Turns {
  take<R>(thing: string, work: () => Promise<R>): Promise<R>
  /** Resolves when the work on this thing that has been taken so far is done, well or not; undefined while there is none. */
  settling(thing: string): Promise<unknown> | undefined
  /** The same for all things. */
  settled(): Promise<void>
}

export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take(thing, work) {
      const mine = (last.get(thing) ?? Promise.resolve()).then(work)
      const settled = mine.catch(() => {})
      last.set(thing, settled)
      void settled.then(() => last.get(thing) === settled && last.delete(thing))
      return mine
    },
    settling: (thing) => last.get(thing),
    async settled() {
      await Promise.all(last.values())
    },
  }
}
