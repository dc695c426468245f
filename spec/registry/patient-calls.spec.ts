import { memoryAdapter } from '../../lib/adapters/memory'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { patient } from '../../lib/registry/patience'
import { loggerInto } from '../support/app'
import type { LogLine } from '../support/app'
import { gate } from '../support/gate'
import { draft } from '../support/rows'

const limitMs = 1000

/** Storage that answers each method when its gate is opened, and how often it was told that something came late. */
function slowStorage() {
  const gates = { create: gate(), list: gate(), revisions: gate() }
  const storage = memoryAdapter()
  const log: LogLine[] = []
  const late: string[] = []
  const slow: ModelAdapter = {
    ...storage,
    create: (one) => gates.create.passed.then(() => storage.create(one)),
    list: () => gates.list.passed.then(() => storage.list()),
    revisions: () => gates.revisions.passed.then(() => []),
  }
  const waiting = patient({
    source: slow,
    logger: loggerInto(log),
    onLate: () => void late.push('late'),
    limitMs,
  })
  const said = () => log.map(({ level, message }) => [level, message])
  return { gates, late, said, waiting, source: waiting.source as Required<ModelAdapter> }
}

const notAnswered = (method: string): [string, string] => [
  'error',
  `Adapter 'memory' has not answered ${method}() for 1 s. Look after its storage; restart this instance if that answers everybody else.`,
]
const everything = ['info', 'storage has answered everything']

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] })
})
afterEach(() => {
  jest.useRealTimers()
})

it('what is not answered is told once until all is, and of that only writes may still be done', async () => {
  const { gates, late, said, waiting, source } = slowStorage()
  const list = source.list()
  const writes = Promise.allSettled([source.create(draft('a', 0)), source.create(draft('b', 0))])
  await jest.advanceTimersByTimeAsync(limitMs)
  expect((await writes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect([waiting.writes(), waiting.fault()?.message, said()]).toEqual([
    2,
    notAnswered('list')[1],
    [notAnswered('list')],
  ])
  gates.list.open()
  await list
  expect([waiting.writes(), waiting.fault()?.message, late, said()]).toEqual([
    2,
    notAnswered('create')[1],
    [],
    [notAnswered('list')],
  ])
  gates.create.open()
  await jest.advanceTimersByTimeAsync(0)
  expect([waiting.writes(), waiting.fault(), late, said()]).toEqual([
    0,
    null,
    ['late', 'late'],
    [notAnswered('list'), everything],
  ])
})

it('revisions of all are waited for, those of some are given up and forgotten', async () => {
  const { gates, said, waiting, source } = slowStorage()
  const some = Promise.allSettled([source.revisions(['a'])])
  await jest.advanceTimersByTimeAsync(limitMs)
  expect(await some).toMatchObject([{ reason: { code: 'storage_unavailable' } }])
  expect([waiting.fault(), said()]).toEqual([null, []])
  const all = source.revisions()
  await jest.advanceTimersByTimeAsync(limitMs)
  expect(said()).toEqual([notAnswered('revisions')])
  gates.revisions.open()
  expect(await all).toEqual([])
  expect([waiting.fault(), said()]).toEqual([null, [notAnswered('revisions'), everything]])
})

it('once it is closed nothing is said and nothing is read for it', async () => {
  const { gates, late, said, waiting, source } = slowStorage()
  const early = source.create(draft('a', 0)).catch(() => {})
  await jest.advanceTimersByTimeAsync(limitMs)
  await early
  waiting.close()
  gates.create.open()
  await jest.advanceTimersByTimeAsync(0)
  const list = source.list()
  await jest.advanceTimersByTimeAsync(limitMs)
  gates.list.open()
  await list
  expect([late, said()]).toEqual([[], [notAnswered('create')]])
})
