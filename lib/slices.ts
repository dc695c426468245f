import { setImmediate as turn } from 'node:timers/promises'

/** So long in one piece; whatever else the process does comes in between. */
const sliceMs = 5

/** `items.map(make)`, however many there are: the event loop does not stand still meanwhile. */
export async function inSlices<T, R>(items: readonly T[], make: (item: T, at: number) => R): Promise<R[]> {
  const made: R[] = []
  let began = performance.now()
  for (const item of items) {
    made.push(make(item, made.length))
    if (performance.now() - began < sliceMs) continue
    await turn()
    began = performance.now()
  }
  return made
}

/** Runs what takes its time, in steps: the event loop does not stand still meanwhile. */
export async function runInSlices<R>(steps: Iterator<void, R>): Promise<R> {
  let began = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() - began < sliceMs) continue
    await turn()
    began = performance.now()
  }
}

/** The same in one piece. */
export function runAtOnce<R>(steps: Iterator<void, R>): R {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
