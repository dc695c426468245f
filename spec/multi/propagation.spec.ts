import { testDatabase } from '../support/postgres-database'
import { percentile, propagation } from '../support/propagation'

const database = testDatabase()

test('A11: what bench:cluster measures: push is there within a second, the timer alone within its interval', async () => {
  const pushed = await propagation({
    url: database.url,
    schema: 'push',
    writes: 9,
    push: true,
    refreshMs: 30_000,
  })
  expect(pushed.times).toHaveLength(9)
  expect(percentile(pushed.times, 1)).toBeLessThan(1000)
  // The other two read the model; the writer knows the note of its own write by the revision in it.
  expect(pushed.readsPerWrite).toBeLessThan(3)
  const timed = await propagation({
    url: database.url,
    schema: 'timer',
    writes: 3,
    push: false,
    refreshMs: 500,
  })
  // The interval and its tenth, and some air for a machine at its limit.
  expect(percentile(timed.times, 1)).toBeLessThan(500 * 1.1 + 1000)
}, 30_000)

test.each([
  [0.5, 2],
  [0.99, 4],
  [0, 1],
])('percentile %d of 1, 2, 3, 4 is %d', (share, expected) => {
  expect(percentile([1, 2, 3, 4], share)).toBe(expected)
})
