import { memoryAdapter } from '../../lib/adapters/memory'
import { ModelManagementError } from '../../lib/errors'
import { followed, outage } from '../support/following'
import { draft } from '../support/rows'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms)

/** When, in milliseconds from here on, the list is asked for. */
async function listedAt(asked: string[], ms: number): Promise<number[]> {
  const moments: number[] = []
  for (let at = 1; at <= ms; at += 1) {
    asked.length = 0
    await pass(1)
    if (asked.includes('list')) moments.push(at)
  }
  return moments
}

describe('the read by timer', () => {
  it.each([
    ['a tenth earlier', 0, [90, 180, 270]],
    ['in time', 0.5, [100, 200, 300]],
    ['a tenth later', 1, [110, 220, 330]],
  ])('comes up to %s, always by the same', async (_when, random, wanted) => {
    jest.spyOn(Math, 'random').mockReturnValue(random)
    const { follower, asked } = followed(memoryAdapter(), {}, 100)
    await follower.ready()
    expect(await listedAt(asked, 350)).toEqual(wanted)
  })

  it('A11 is neither put off nor kept up by hints', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5)
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const { follower, asked, tell } = followed(adapter, {}, 100)
    await follower.ready()
    await pass(60)
    tell(['a'])
    await pass(30)
    expect(asked).toEqual(['list', 'a'])
    expect(await listedAt(asked, 120)).toEqual([10, 110])
  })

  it('counts from an early read of all', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5)
    const { follower, asked } = followed(memoryAdapter(), {}, 100)
    await follower.ready()
    await pass(60)
    await follower.refresh()
    expect(await listedAt(asked, 150)).toEqual([100])
  })

  it('comes no more once all is closed, and neither does a read that was asked for just before', async () => {
    const adapter = memoryAdapter()
    const { follower, asked } = followed(adapter, {}, 100)
    await follower.ready()
    const refreshed = follower.refresh()
    const ends = await Promise.allSettled([refreshed, follower.close()])
    expect(ends).toMatchObject([{ reason: { code: 'closed' } }, { status: 'fulfilled' }])
    expect(jest.getTimerCount()).toBe(0)
    expect(await listedAt(asked, 200)).toEqual([])
  })
})

const refused = { at: expect.any(String), code: 'ECONNREFUSED', message: 'storage failed with ECONNREFUSED' }
const unreadable = (fault: object, effect = 'the last good models stay'): object => ({
  level: 'error',
  details: { source: 'memory', ...fault },
  message: `storage cannot be read; ${effect}`,
})
const unavailable = 'requests are answered with 503 until it was read once'
const readable = { level: 'info', details: { source: 'memory' }, message: 'storage can be read again' }

describe('I2 storage that cannot be read', () => {
  it('is tried again ever more rarely, soon again after the next outage, and told of once', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5)
    const adapter = memoryAdapter()
    const line = outage()
    const { follower, asked, log } = followed(adapter, { list: () => line.meet(adapter.list) })
    await follower.ready()
    for (const said of [[], [unreadable(refused), readable]]) {
      line.isDown = true
      await expect(follower.refresh()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      expect([follower.fault, log]).toEqual([refused, [...said, unreadable(refused)]])
      expect(await listedAt(asked, 8000)).toEqual([100, 300, 700, 1500, 3100, 5100, 7100])
      line.isDown = false
      await pass(1100)
      expect([follower.fault, log]).toEqual([null, [...said, unreadable(refused), readable]])
    }
  })

  it('is tried again no more rarely than it is read otherwise', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5)
    const adapter = memoryAdapter()
    const line = outage()
    line.isDown = true
    const { asked } = followed(adapter, { list: () => line.meet(adapter.list) }, 150)
    await pass(0)
    expect(await listedAt(asked, 600)).toEqual([100, 250, 400, 550])
  })

  it('is told of again where the reason is another one', async () => {
    let code = 'ECONNREFUSED'
    const list = (): Promise<never> => Promise.reject(Object.assign(new Error(), { code }))
    const { log } = followed(memoryAdapter(), { list })
    await pass(1000)
    code = 'ETIMEDOUT'
    await pass(2000)
    const other = { ...refused, code, message: 'storage failed with ETIMEDOUT' }
    expect(log).toEqual([unreadable(refused, unavailable), unreadable(other, unavailable)])
  })

  it.each(['missing_driver', 'invalid_option', 'key_ring'] as const)(
    'at first, for a reason that waiting does not mend, ends the start: %s',
    async (code) => {
      const error = new ModelManagementError(code, 'Do something about it.')
      const { follower, asked } = followed(memoryAdapter(), { init: () => Promise.reject(error) })
      await expect(follower.ready()).rejects.toBe(error)
      await pass(10_000)
      expect([asked, follower.loaded, jest.getTimerCount()]).toEqual([[], false, 0])
    },
  )

  it.each<[string, unknown]>([
    ['of ours', new ModelManagementError('storage_unavailable', 'The disk is gone.')],
    ['of others', Object.assign(new Error('no'), { code: 'invalid_option' })],
  ])('at first, for another reason %s, is waited for', async (_whose, error) => {
    const adapter = memoryAdapter()
    let isDown = true
    const init = async (): Promise<void> => {
      if (isDown) throw error
    }
    const { follower } = followed(adapter, { init })
    await pass(1000)
    isDown = false
    await pass(2000)
    await follower.ready()
    expect([follower.loaded, follower.fault]).toEqual([true, null])
  })

  it('later, for whatever reason, is tried again', async () => {
    const adapter = memoryAdapter()
    let isDown = false
    const list: typeof adapter.list = () =>
      isDown ? Promise.reject(new ModelManagementError('key_ring', 'A key is missing.')) : adapter.list()
    const { follower, view } = followed(adapter, { list })
    await follower.ready()
    isDown = true
    await expect(follower.refresh()).rejects.toMatchObject({ code: 'key_ring' })
    isDown = false
    await adapter.create(draft('a'))
    await pass(200)
    expect([follower.fault, view.snapshot.rows.map(({ id }) => id)]).toEqual([null, ['a']])
  })
})
