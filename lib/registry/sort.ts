import type { TimeSlices } from '../time-slices'

type Compare<T> = (one: T, other: T) => number

/** So many are sorted in one piece. */
const runLength = 1000

/** A stable merge sort in slices. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: Compare<T>,
  slices: TimeSlices,
): Promise<readonly T[]> {
  const starts = Array.from({ length: Math.ceil(items.length / runLength) }, (_, at) => at * runLength)
  let runs: readonly (readonly T[])[] = await slices.map(starts, (start) =>
    items.slice(start, start + runLength).sort(compare),
  )
  while (runs.length > 1) {
    const pairs = runs.flatMap((run, at) => (at % 2 === 0 ? [[run, runs[at + 1] ?? []] as const] : []))
    runs = await slices.map(pairs, ([one, other]) => merge(one, other, compare))
  }
  return runs[0] ?? []
}

function merge<T>(one: readonly T[], other: readonly T[], compare: Compare<T>): readonly T[] {
  const merged: T[] = []
  let at = 0
  for (const item of one) {
    for (let next = other[at]; at < other.length && compare(next as T, item) < 0; next = other[at]) {
      merged.push(next as T)
      at++
    }
    merged.push(item)
  }
  for (; at < other.length; at++) merged.push(other[at] as T)
  return merged
}
