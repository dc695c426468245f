import { memoryAdapter } from '../../lib/adapters/memory'
import type { ReadyOptions } from '../../lib/registry/first-load'
import { startApp } from '../support/app'
import { followed, outage } from '../support/following'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] })
})
afterEach(() => void jest.useRealTimers())

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms)
const at = expect.any(String) as string
const until = 'requests are answered with 503 until it was read once'
const line = (code: string): object => ({
  level: 'error',
  details: { source: 'memory', at, code, message: `storage failed with ${code}` },
  message: `storage cannot be read; ${until}`,
})

describe('25 while the first load has not succeeded, the log repeats every minute', () => {
  it('why storage cannot be read, each reason once a minute, until it is read', async () => {
    const adapter = memoryAdapter()
    const storage = outage()
    storage.isDown = true
    let attempts = 0
    const codes = ['ECONNREFUSED', 'ETIMEDOUT']
    const failing = (): Promise<never> =>
      Promise.reject(Object.assign(new Error(), { code: codes[attempts++ % 2] }))
    const { follower, log } = followed(adapter, { list: () => (storage.isDown ? failing() : adapter.list()) })
    await pass(59_000)
    expect(log).toEqual([line('ECONNREFUSED'), line('ETIMEDOUT')])
    await pass(50_000)
    expect(log.slice(2)).toEqual(expect.arrayContaining([line('ECONNREFUSED'), line('ETIMEDOUT')]))
    expect(log).toHaveLength(4)
    storage.isDown = false
    await pass(2500)
    await follower.ready()
    const { length } = log
    await pass(600_000)
    expect(log.slice(4)).toEqual([
      { level: 'info', details: { source: 'memory' }, message: 'storage can be read again' },
    ])
    expect(log).toHaveLength(length)
  })

  it('that storage does not answer', async () => {
    const silent = followed(memoryAdapter(), { list: () => new Promise(() => {}) })
    await pass(60_000)
    expect(silent.log).toEqual([
      { level: 'error', details: { source: 'memory' }, message: `storage has not answered yet; ${until}` },
    ])
    const { router, log } = startApp({
      adapter: { ...memoryAdapter(), list: () => new Promise(() => {}), watch: async () => async () => {} },
    })
    await pass(60_000)
    const message = expect.stringMatching(/^Adapter 'memory' has not answered list\(\) for 30 s\./) as string
    expect(log.filter(({ level }) => level === 'error')).toEqual([
      { level: 'error', details: { source: 'memory' }, message },
      {
        level: 'error',
        details: { source: 'memory', at, code: 'storage_unavailable', message },
        message: `storage cannot be read; ${until}`,
      },
    ])
    const closed = Promise.all([router.close(), silent.follower.close()])
    await pass(20_000)
    await closed
  })
})

describe('25 ready({ timeoutMs })', () => {
  it('rejects with the last fault, waits on when called again, and leaves no timer', async () => {
    const adapter = memoryAdapter()
    const storage = outage()
    storage.isDown = true
    const { follower } = followed(adapter, { list: () => storage.meet(adapter.list) })
    const late = Promise.allSettled([follower.ready({ timeoutMs: 1000 })])
    await pass(1000)
    expect(await late).toMatchObject([
      {
        reason: {
          code: 'not_ready',
          message:
            'The models were not loaded within 1000 ms: storage failed with ECONNREFUSED. The router goes on trying until it is closed.',
        },
      },
    ])
    const ready = Promise.all([
      follower.ready({ timeoutMs: 2 ** 31 - 1 }),
      follower.ready({}),
      follower.ready(),
    ])
    storage.isDown = false
    await pass(2500)
    await ready
    await follower.close()
    expect(jest.getTimerCount()).toBe(0)
  })

  it('rejects for storage that does not answer, and at once for a router that is closed', async () => {
    const { follower } = followed(memoryAdapter(), { list: () => new Promise(() => {}) })
    const late = Promise.allSettled([follower.ready({ timeoutMs: 5 })])
    await pass(5)
    expect(await late).toMatchObject([
      {
        reason: {
          code: 'not_ready',
          message:
            'The models were not loaded within 5 ms: storage has not answered yet. The router goes on trying until it is closed.',
        },
      },
    ])
    const ends = Promise.allSettled([follower.ready({ timeoutMs: 3_600_000 }), follower.close()])
    await pass(1000)
    expect(await ends).toMatchObject([{ reason: { code: 'closed' } }, { status: 'fulfilled' }])
    expect(jest.getTimerCount()).toBe(0)
  })

  const milliseconds = "Option 'timeoutMs' must be a whole number of milliseconds from 1 to 2147483647."
  const wrong: readonly (readonly [unknown, string])[] = [
    [{ timeoutMs: 0 }, milliseconds],
    [{ timeoutMs: -1 }, milliseconds],
    [{ timeoutMs: 1.5 }, milliseconds],
    [{ timeoutMs: 2 ** 31 }, milliseconds],
    [{ timeoutMs: Infinity }, milliseconds],
    [{ timeoutMs: '1000' }, milliseconds],
    [{ timeoutMs: null }, milliseconds],
    [{ timeoutMS: 5 }, "There is no option 'timeoutMS'. Did you mean 'timeoutMs'?"],
    [1000, "Option 'ready()' must be called without an argument, or with an object."],
    [null, "Option 'ready()' must be called without an argument, or with an object."],
  ]
  it.each(wrong)('refuses %j', async (options, message) => {
    const { follower } = followed(memoryAdapter())
    await expect(follower.ready(options as ReadyOptions)).rejects.toMatchObject({
      code: 'invalid_option',
      message,
    })
  })
})
