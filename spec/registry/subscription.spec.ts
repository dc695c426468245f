import type { ModelSource } from '../../lib/adapters/adapter'
import { subscription } from '../../lib/registry/subscription'
import { loggerInto } from '../support/app'
import type { LogLine } from '../support/app'
import { gate } from '../support/gate'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

type Watch = NonNullable<ModelSource['watch']>

/** A subscription over storage that is watched so, with the moments, in milliseconds, at which it was asked. */
function watched(watch: (attempt: number, ...given: Parameters<Watch>) => ReturnType<Watch>) {
  const log: LogLine[] = []
  const began = Date.now()
  const asked: number[] = []
  const source: ModelSource = {
    name: 'test',
    durable: true,
    list: async () => [],
    get: async () => undefined,
    watch: (...given) => watch(asked.push(Date.now() - began), ...given),
  }
  return { ...subscription({ source, logger: loggerInto(log), listener: () => {} }), log, asked }
}

const refused = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(), { code }))
const warning = (code: string): LogLine => ({
  level: 'warn',
  details: { source: 'test', at: expect.any(String), code, message: `storage failed with ${code}` },
  message: 'changes cannot be watched; reading by timer only',
})

test('one that was refused is tried again by itself, ever more rarely, until it is there', async () => {
  const { open, close, asked } = watched(async (attempt) =>
    attempt < 9 ? refused('ECONNREFUSED') : async () => {},
  )
  await open()
  await jest.advanceTimersByTimeAsync(3_600_000)
  const waits = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  expect(jest.getTimerCount()).toBe(0)
  await close()
})

test('one that is refused is told of once for each reason', async () => {
  const { open, close, log } = watched((attempt) => refused(attempt < 3 ? 'E_POOLER' : 'ECONNREFUSED'))
  await open()
  await jest.advanceTimersByTimeAsync(1000)
  expect(log).toEqual([warning('E_POOLER')])
  await jest.advanceTimersByTimeAsync(100_000)
  expect(log).toEqual([warning('E_POOLER'), warning('ECONNREFUSED')])
  await close()
})

test('an early attempt takes the place of the one that was to come', async () => {
  const { open, close, asked } = watched(() => refused('ECONNREFUSED'))
  await open()
  await jest.advanceTimersByTimeAsync(500)
  await open()
  await jest.advanceTimersByTimeAsync(2499)
  expect(asked).toEqual([0, 500, 2500])
  await close()
})

test('is one, however often it is asked for', async () => {
  const { open, close, asked } = watched(async () => async () => {})
  await Promise.all([open(), open()])
  await open()
  expect(asked).toEqual([0])
  await close()
})

test('the first attempt is waited for, a later one is not', async () => {
  const slow = gate()
  const { open, close, asked } = watched(async (attempt) => {
    await slow.passed
    return attempt === 1 ? refused('ECONNREFUSED') : new Promise(() => {})
  })
  let opened = false
  const first = open().then(() => (opened = true))
  await jest.advanceTimersByTimeAsync(0)
  expect(opened).toBe(false)
  slow.open()
  await first
  await jest.advanceTimersByTimeAsync(1000)
  await open()
  expect(asked).toEqual([0, 1000])
  void close()
})

test('storage that tells of nothing is not waited for', async () => {
  const source: ModelSource = {
    name: 'test',
    durable: true,
    list: async () => [],
    get: async () => undefined,
  }
  const log: LogLine[] = []
  const { open, close } = subscription({ source, logger: loggerInto(log), listener: () => {} })
  await open()
  await close()
  expect([log, jest.getTimerCount()]).toEqual([[], 0])
})

describe('close()', () => {
  it('ends what is there', async () => {
    let ended = 0
    const { open, close } = watched(async () => async () => void (ended += 1))
    await open()
    expect(ended).toBe(0)
    await close()
    expect(ended).toBe(1)
  })

  it('ends one that comes late', async () => {
    const slow = gate()
    let ended = 0
    const { open, close } = watched(() => slow.passed.then(() => async () => void (ended += 1)))
    void open()
    const closing = close()
    slow.open()
    await closing
    expect(ended).toBe(1)
  })

  it.each<[string, (one: ReturnType<typeof watched>) => Promise<void>]>([
    [
      'was refused',
      async ({ open, close }) => {
        await open()
        await close()
      },
    ],
    [
      'is refused meanwhile',
      async ({ open, close }) => {
        void open()
        await close()
      },
    ],
    [
      'is asked for afterwards',
      async ({ open, close }) => {
        await open()
        await close()
        await open()
      },
    ],
  ])('lets nothing be tried again that %s', async (_when, use) => {
    const one = watched(() => refused('ECONNREFUSED'))
    await use(one)
    expect(jest.getTimerCount()).toBe(0)
    await jest.advanceTimersByTimeAsync(100_000)
    expect(one.asked).toEqual([0])
  })
})

const fault = (code: string): object => ({
  at: expect.any(String),
  code,
  message: `storage failed with ${code}`,
})
const healed: LogLine = { level: 'info', details: { source: 'test' }, message: 'changes are watched again' }

test('28 the fault is there for as long as changes cannot be heard', async () => {
  const watching = watched(async (attempt) => (attempt < 3 ? refused('E_POOLER') : async () => {}))
  expect(watching.fault()).toBeNull()
  await watching.open()
  expect(watching.fault()).toEqual(fault('E_POOLER'))
  await jest.advanceTimersByTimeAsync(2999)
  expect(watching.fault()).toEqual(fault('E_POOLER'))
  await jest.advanceTimersByTimeAsync(1)
  expect([watching.fault(), watching.log]).toEqual([null, [warning('E_POOLER'), healed]])
  await watching.close()
})

test('28 an interruption that storage tells of is a fault until it is over', async () => {
  let tell: (error: unknown) => void = () => {}
  const watching = watched(async (_, __, onFault = () => {}) => {
    tell = onFault
    return async () => {}
  })
  await watching.open()
  for (const code of ['E_POOLER', 'E_POOLER', 'ETIMEDOUT']) tell(Object.assign(new Error(), { code }))
  expect(watching.fault()).toEqual(fault('ETIMEDOUT'))
  tell(null)
  tell(undefined)
  expect(watching.fault()).toBeNull()
  expect(watching.log).toEqual([warning('E_POOLER'), warning('ETIMEDOUT'), healed])
  expect(watching.asked).toHaveLength(1)
  await watching.close()
  tell(new Error())
  expect([watching.fault(), watching.log.length]).toEqual([null, 3])
})
