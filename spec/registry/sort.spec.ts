import fc from 'fast-check'
import { sortInSlices } from '../../lib/registry/sort'
import { createTimeSlices } from '../../lib/time-slices'

it('sorts as Array.sort does, equals in their order', async () => {
  const slices = createTimeSlices()
  const items = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3500, size: 'max' })
  await fc.assert(
    fc.asyncProperty(items, async (numbers) => {
      const keyed = numbers.map((by, at) => ({ by, at }))
      const compare = (one: { by: number }, other: { by: number }): number => one.by - other.by
      expect(await sortInSlices(keyed, compare, slices)).toEqual(keyed.toSorted(compare))
    }),
    { numRuns: 20 },
  )
})

it.each([0, 1, 1000, 1001, 3000])('sorts %i items', async (length) => {
  const items = Array.from({ length }, (_, at) => (at * 7919) % length)
  const sorted = await sortInSlices(items, (one, other) => one - other, createTimeSlices())
  expect(sorted).toEqual(items.toSorted((one, other) => one - other))
})
