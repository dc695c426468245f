import { gathered } from '../../lib/adapters/gathered'
import { gate } from '../support/gate'

const never = (): boolean => false
const aMinute = 60_000

it('what is asked for in one turn is done together, and each gets its own result', async () => {
  const groups: (readonly number[])[] = []
  const double = gathered(async (items: readonly number[]) => {
    groups.push(items)
    return items.map((item) => item * 2)
  }, never)
  expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6])
  expect(await double(4)).toBe(8)
  expect(groups).toEqual([[1, 2, 3], [4]])
})

it('what comes while a group is under way is done together after it', async () => {
  const groups: (readonly string[])[] = []
  const first = gate()
  const done = gathered(
    async (items: readonly string[]) => {
      groups.push(items)
      if (groups.length === 1) {
        const later = [done('b'), done('c')]
        await new Promise(setImmediate)
        await new Promise(setImmediate)
        expect(groups).toEqual([['a']])
        first.open()
        void Promise.all(later)
      }
      return items
    },
    never,
    aMinute,
  )
  const one = done('a')
  await first.passed
  await one
  await done('d')
  expect(groups).toEqual([['a'], ['b', 'c', 'd']])
})

it('a group that takes long keeps nobody waiting', async () => {
  const slow = gate()
  const done = gathered(async (items: readonly string[]) => {
    if (items.includes('slow')) await slow.passed
    return items
  }, never)
  const waiting = done('slow')
  await new Promise(setImmediate)
  expect(await done('quick')).toBe('quick')
  slow.open()
  expect(await waiting).toBe('slow')
})

describe('a group that fails', () => {
  const refuseOdd = async (items: readonly number[]): Promise<readonly number[]> => {
    if (items.some((item) => item % 2 === 1)) throw new Error('odd')
    return items
  }

  it('and left nothing behind is done one by one: none fails for the sake of another', async () => {
    const done = gathered(refuseOdd, () => true)
    expect(await Promise.allSettled([done(1), done(2), done(4)])).toEqual([
      { status: 'rejected', reason: new Error('odd') },
      { status: 'fulfilled', value: 2 },
      { status: 'fulfilled', value: 4 },
    ])
  })

  it('in doubt fails as a whole: nothing is done twice', async () => {
    const done = gathered(refuseOdd, never)
    expect(await Promise.allSettled([done(1), done(2)])).toEqual([
      { status: 'rejected', reason: new Error('odd') },
      { status: 'rejected', reason: new Error('odd') },
    ])
  })
})
