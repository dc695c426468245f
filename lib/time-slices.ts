/** Long computations in slices: timers, sockets and the slices of other computations come in between. */
export interface TimeSlices {
  /** `items.map(make)`, in as many slices as it takes. */
  map<T, R>(items: Iterable<T>, make: (item: T, at: number) => R): Promise<R[]>
  filter<T>(items: readonly T[], test: (item: T) => boolean): Promise<readonly T[]>
}

/** All computations together take about so long in one iteration of the event loop. */
const sliceMs = 5

/** Shared by all long computations of one router, since each alone would take a slice of every iteration. */
export function createTimeSlices(): TimeSlices {
  const waiting: (() => void)[] = []
  let isScheduled = false
  /** Milliseconds that were used in this iteration of the event loop. */
  let used = 0

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      used = 0
      resumeNext()
    })
  }

  /** One at a time and in turn, so that those behind do not wait until the first one has ended. */
  function resumeNext(): void {
    waiting.shift()?.()
    if (waiting.length > 0) schedule()
  }

  function nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(resolve)
      schedule()
    })
  }

  async function map<T, R>(items: Iterable<T>, make: (item: T, at: number) => R): Promise<R[]> {
    const made: R[] = []
    if (waiting.length > 0) await nextTurn()
    let began = performance.now()
    for (const item of items) {
      if (used >= sliceMs) {
        await nextTurn()
        began = performance.now()
      }
      made.push(make(item, made.length))
      const now = performance.now()
      used += now - began
      began = now
    }
    // What is used counts until the iteration ends.
    if (used > 0) schedule()
    return made
  }

  return {
    map,
    async filter(items, test) {
      const isKept = await map(items, test)
      return items.filter((_, at) => isKept[at])
    },
  }
}
