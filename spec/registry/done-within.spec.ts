import { isDoneWithin } from '../../lib/registry/done-within'
import { gate } from '../support/gate'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

test('work that ends in time is done, and leaves no timer', async () => {
  const { passed, open } = gate()
  const done = isDoneWithin(50, passed)
  await jest.advanceTimersByTimeAsync(49)
  open()
  expect([await done, jest.getTimerCount()]).toEqual([true, 0])
})

test('work that takes longer is not waited for', async () => {
  const done = isDoneWithin(50, new Promise(() => {}))
  let told: boolean | undefined
  void done.then((answer) => (told = answer))
  await jest.advanceTimersByTimeAsync(49)
  expect(told).toBeUndefined()
  await jest.advanceTimersByTimeAsync(1)
  expect([told, jest.getTimerCount()]).toEqual([false, 0])
})

test('work that fails in time rejects, and leaves no timer', async () => {
  await expect(isDoneWithin(50, Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(jest.getTimerCount()).toBe(0)
})
