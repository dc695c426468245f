/** Long computations in slices: timers, sockets and the slices of other computations come in between. */
export interface TimeSlices {
  /** Runs steps to their end, in as many slices as it takes. */
  run<R>(steps: Iterator<void, R>): Promise<R>
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

  async function run<R>(steps: Iterator<void, R>): Promise<R> {
    if (waiting.length > 0) await nextTurn()
    let began = performance.now()
    for (;;) {
      if (used >= sliceMs) {
        await nextTurn()
        began = performance.now()
      }
      const step = steps.next()
      const now = performance.now()
      used += now - began
      began = now
      if (step.done !== true) continue
      // What is used counts until the iteration ends.
      if (used > 0) schedule()
      return step.value
    }
  }

  const map: TimeSlices['map'] = (items, make) => run(mapping(items, make))

  return {
    run,
    map,
    async filter(items, test) {
      const isKept = await map(items, test)
      return items.filter((_, at) => isKept[at])
    },
  }
}

function* mapping<T, R>(items: Iterable<T>, make: (item: T, at: number) => R): Generator<void, R[]> {
  const made: R[] = []
  for (const item of items) {
    made.push(make(item, made.length))
    yield
  }
  return made
}

/** The same for a computation that belongs to no router, as those of adapters. */
export function inSlices<T, R>(items: Iterable<T>, make: (item: T, at: number) => R): Promise<R[]> {
  return createTimeSlices().map(items, make)
}

export function runInSlices<R>(steps: Iterator<void, R>): Promise<R> {
  return createTimeSlices().run(steps)
}

/** The same in one piece. */
export function runAtOnce<R>(steps: Iterator<void, R>): R {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
