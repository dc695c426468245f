import { inSlices } from '../lib/slices'

it('gives each result in its place', async () => {
  expect(await inSlices(['a', 'b'], (item, at) => `${item}${at}`)).toEqual(['a0', 'b1'])
  expect(await inSlices([], () => 1)).toEqual([])
})

it('lets other work in between', async () => {
  let turns = 0
  const count = (): void => {
    turns++
    timer = setImmediate(count)
  }
  let timer = setImmediate(count)
  const spend = (): void => {
    const until = performance.now() + 2
    while (performance.now() < until);
  }
  await inSlices(Array.from({ length: 20 }), spend)
  clearImmediate(timer)
  expect(turns).toBeGreaterThanOrEqual(3)
})
