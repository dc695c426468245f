import { createTimeSlices, inSlices, runInSlices } from '../lib/time-slices'

/** Takes so many milliseconds of the processor. */
function spend(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** How many iterations of the event loop there were while this ran. */
async function iterationsDuring(work: () => Promise<unknown>): Promise<number> {
  let iterations = 0
  const count = (): void => {
    iterations++
    timer = setImmediate(count)
  }
  let timer = setImmediate(count)
  await work()
  clearImmediate(timer)
  return iterations
}

const many = Array.from({ length: 20 }, (_, at) => at)

it('gives each result in its place', async () => {
  const slices = createTimeSlices()
  expect(await slices.map(['a', 'b'], (item, at) => `${item}${at}`)).toEqual(['a0', 'b1'])
  expect(await slices.map(new Map([['a', 1]]), ([key, value]) => `${key}${value}`)).toEqual(['a1'])
  expect(await slices.map([], () => 1)).toEqual([])
  expect(await slices.filter(many, (item) => item % 7 === 0)).toEqual([0, 7, 14])
})

it('lets other work in between', async () => {
  const slices = createTimeSlices()
  expect(await iterationsDuring(() => slices.map(many, () => spend(2)))).toBeGreaterThanOrEqual(3)
})

it('lets other work in between without a router, too', async () => {
  expect(await inSlices(['a', 'b'], (item, at) => `${item}${at}`)).toEqual(['a0', 'b1'])
  expect(await iterationsDuring(() => inSlices(many, () => spend(2)))).toBeGreaterThanOrEqual(3)
  function* steps(): Generator<void, string> {
    for (const _ of many) yield spend(2)
    return 'done'
  }
  expect(
    await iterationsDuring(async () => expect(await runInSlices(steps())).toBe('done')),
  ).toBeGreaterThanOrEqual(3)
})

it('takes one slice of an iteration for all computations together', async () => {
  const slices = createTimeSlices()
  const six = Array.from({ length: 6 }, () => () => slices.map(many.slice(0, 4), () => spend(6)))
  // 24 items, each longer than a slice.
  expect(await iterationsDuring(() => Promise.all(six.map((run) => run())))).toBeGreaterThanOrEqual(20)
})

it('gives each computation its turn, so that a short one does not wait for a long one', async () => {
  const slices = createTimeSlices()
  const ended: string[] = []
  await Promise.all([
    slices.map(many, () => spend(6)).then(() => ended.push('long')),
    slices.map(many.slice(0, 2), () => spend(6)).then(() => ended.push('short')),
  ])
  expect(ended).toEqual(['short', 'long'])
})

it('an item that throws ends its computation only', async () => {
  const slices = createTimeSlices()
  const fails = slices.map(many, (item) => {
    spend(2)
    if (item === 5) throw new Error('5')
  })
  const works = slices.map(many, (item) => (spend(1), item))
  await expect(fails).rejects.toThrow('5')
  expect(await works).toEqual(many)
})
