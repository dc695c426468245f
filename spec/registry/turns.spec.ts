import { turns } from '../../lib/registry/turns'
import { gate } from '../support/gate'

const work = (did: string[], what: string, until: Promise<void>) => async (): Promise<string> => {
  did.push(what)
  await until
  return what
}

test('work on one thing waits for what was taken before, work on another does not', async () => {
  const { take } = turns()
  const first = gate()
  const did: string[] = []
  const all = [
    take('a', work(did, 'a1', first.passed)),
    take('a', work(did, 'a2', Promise.resolve())),
    take('b', work(did, 'b1', Promise.resolve())),
  ]
  await all[2]
  expect(did).toEqual(['a1', 'b1'])
  first.open()
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1'])
  expect(did).toEqual(['a1', 'b1', 'a2'])
})

test('work that fails is told to who took it, and the next is done all the same', async () => {
  const { take } = turns()
  const failed = take('a', () => Promise.reject(new Error('failed')))
  const next = take('a', async () => 'next')
  await expect(failed).rejects.toThrow('failed')
  expect(await next).toBe('next')
})

test('a thing is being settled until the last work on it that was taken is done, well or not', async () => {
  const { take, settling, settled } = turns()
  expect(settling('a')).toBeUndefined()
  const [one, two] = [gate(), gate()]
  const first = take('a', () => one.passed.then(() => Promise.reject(new Error('failed'))))
  void take('a', () => two.passed)
  expect(settling('b')).toBeUndefined()
  one.open()
  await expect(first).rejects.toThrow('failed')
  // Longer than the first takes to be forgotten.
  await new Promise(setImmediate)
  const done = settling('a')
  expect(done).toBeInstanceOf(Promise)
  two.open()
  await Promise.all([done, settled()])
  await new Promise(setImmediate)
  expect(settling('a')).toBeUndefined()
})

test('all is settled when the work on every thing is', async () => {
  const { take, settled } = turns()
  await settled()
  const slow = gate()
  const did: string[] = []
  void take('a', () => slow.passed.then(() => did.push('a')))
  void take('b', async () => did.push('b'))
  const all = settled().then(() => did.push('all'))
  await new Promise(setImmediate)
  expect(did).toEqual(['b'])
  slow.open()
  await all
  expect(did).toEqual(['b', 'a', 'all'])
})
