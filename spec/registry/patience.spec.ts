import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp, startApp } from '../support/app'
import type { TestApp } from '../support/app'
import { gate } from '../support/gate'
import { holding } from '../support/held'

const patienceMs = 30_000
const model = (id: string) => ({ model_name: 'm', litellm_params: { model: 'x' }, model_info: { id } })
const iso = expect.any(String) as string
const message = (method: string): string =>
  `Adapter 'memory' has not answered ${method}() for 30 s. Look after its storage; restart this instance if that answers everybody else.`
const fault = (method: string): object => ({ at: iso, code: 'storage_unavailable', message: message(method) })
const told = (method: string): object => ({
  level: 'error',
  details: { source: 'memory' },
  message: message(method),
})
const answered = { level: 'info', details: { source: 'memory' }, message: 'storage has answered everything' }

const never = (): Promise<never> => new Promise(() => {})
/** What came of it, as far as something has. */
const outcome = (promise: Promise<unknown>): { is: unknown } => {
  const state: { is: unknown } = { is: 'pending' }
  promise.then(
    () => (state.is = 'done'),
    (error: { code: string; message: string }) => (state.is = [error.code, error.message]),
  )
  return state
}
const health = async ({ router }: TestApp): Promise<unknown> => {
  const { degraded, last_error: error, sources } = router.registry.status()
  return [degraded, error, sources[0]?.last_error]
}
const well = [false, null, null]
const ill = (method: string): unknown => [true, fault(method), fault(method)]
const unsaid =
  'The model store has not answered in time: the change may still be made. Read the model before you try again.'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] })
})
afterEach(() => {
  jest.useRealTimers()
})

it('a write that is never answered is given up, keeps its place, and status says so', async () => {
  const { passed, open } = gate()
  const storage = memoryAdapter()
  const create: ModelAdapter['create'] = (draft) =>
    draft.id === 'slow' ? passed.then(() => storage.create(draft)) : storage.create(draft)
  const app = await makeApp({
    adapter: { ...storage, create, watch: undefined } as never,
    limits: { maxConcurrentWrites: 2 },
    refreshMs: 3_600_000,
  })
  const { registry } = app.router
  const slow = outcome(registry.create(model('slow')))
  await jest.advanceTimersByTimeAsync(patienceMs - 1)
  expect([slow.is, await health(app), app.log]).toEqual(['pending', well, []])
  await jest.advanceTimersByTimeAsync(1)
  expect([slow.is, await health(app), app.log]).toEqual([
    ['storage_unavailable', unsaid],
    ill('create'),
    [told('create')],
  ])
  expect(registry.status().sources[0]?.last_write_error).toEqual(fault('create'))
  // There is one place left.
  await registry.create(model('quick'))
  const next = [outcome(registry.create(model('next'))), outcome(registry.create(model('last')))]
  await jest.advanceTimersByTimeAsync(1)
  expect(next.map(({ is }) => is)).toEqual(['done', ['busy', expect.any(String)]])
  // It is done in the end, and known of at once.
  open()
  await jest.advanceTimersByTimeAsync(1)
  expect([await health(app), app.log]).toEqual([well, [told('create'), answered]])
  expect(registry.list().map((one) => one.model_info['id'])).toEqual(['quick', 'next', 'slow'])
  await Promise.all([registry.create(model('a')), registry.create(model('b'))])
})

it('a write whose model can be found is done, answered or not', async () => {
  const storage = memoryAdapter()
  const create: ModelAdapter['create'] = async (draft) => {
    await storage.create(draft)
    return never()
  }
  const app = await makeApp({ adapter: { ...storage, create } })
  const slow = outcome(app.router.registry.create(model('slow')))
  await jest.advanceTimersByTimeAsync(patienceMs)
  expect([slow.is, await health(app)]).toEqual(['done', ill('create')])
})

it('a write behind one of the same model that is never answered is tried when that is given up', async () => {
  const { adapter } = await holding({ one: {} })
  const begun = gate()
  let updates = 0
  const update: ModelAdapter['update'] = (...given) => {
    begun.open()
    return updates++ === 0 ? never() : adapter.update(...given)
  }
  const app = await makeApp({ adapter: { ...adapter, update } })
  const patched = (rpm: number): Promise<number> =>
    app.send('patch', '/model/one/update', { litellm_params: { rpm } }).then(({ status }) => status)
  const first = patched(1)
  await begun.passed
  const second = patched(2)
  await jest.advanceTimersByTimeAsync(patienceMs)
  expect([await first, await second]).toEqual([503, 200])
})

it('a read by id that is never answered is answered from what is known, and is no outage of its own', async () => {
  const { adapter } = await holding({ one: {} })
  const app = await makeApp({ adapter: { ...adapter, get: never } })
  const [known, unknown] = [outcome(app.router.registry.get('one')), outcome(app.router.registry.get('two'))]
  await jest.advanceTimersByTimeAsync(patienceMs)
  expect([known.is, unknown.is]).toEqual([
    'done',
    ['storage_unavailable', 'The model store cannot be reached.'],
  ])
  await jest.advanceTimersByTimeAsync(1)
  expect(await health(app)).toEqual(well)
})

describe('what is read whole is waited for, and status says so', () => {
  it.each(['list', 'version', 'revisions'] as const)('%s()', async (method) => {
    const { adapter } = await holding({ one: {} })
    const { passed, open } = gate()
    const good = {
      list: adapter.list,
      version: async () => String(Math.random()),
      revisions: async () => adapter.list(),
    }
    const state = { held: false }
    const asked: () => Promise<unknown> = good[method]
    const held = (() => (state.held ? passed.then(asked) : asked())) as never
    const { watch: _, ...quiet } = adapter
    const app = await makeApp({ adapter: { ...quiet, [method]: held }, refreshMs: 3_600_000 })
    state.held = true
    const reloaded = outcome(app.router.registry.reload())
    await jest.advanceTimersByTimeAsync(patienceMs)
    expect([reloaded.is, await health(app), app.log]).toEqual(['pending', ill(method), [told(method)]])
    expect((await app.get('/health/readiness', null)).body).toEqual({
      status: 'degraded',
      db: 'not connected',
    })
    expect(app.router.registry.resolve('m')).toHaveLength(1)
    open()
    await jest.advanceTimersByTimeAsync(1)
    expect([reloaded.is, await health(app), app.log]).toEqual(['done', well, [told(method), answered]])
  })

  it('init()', async () => {
    const app = startApp({ adapter: { ...memoryAdapter(), init: never } })
    await jest.advanceTimersByTimeAsync(patienceMs)
    const { ready, last_error: error } = app.router.registry.status()
    expect([ready, error, app.log]).toEqual([false, fault('init'), [told('init')]])
    const closed = app.router.close()
    await jest.advanceTimersByTimeAsync(20_000)
    await closed
  })

  it('watch(): models are served meanwhile, and it is not asked again', async () => {
    const { adapter } = await holding({ one: {} })
    let watched = 0
    const watch = () => (watched++, never())
    const app = startApp({ adapter: { ...adapter, watch }, refreshMs: 1000 })
    await jest.advanceTimersByTimeAsync(patienceMs)
    await app.router.ready()
    await jest.advanceTimersByTimeAsync(patienceMs)
    expect([watched, await health(app), app.log]).toEqual([1, ill('watch'), [told('watch')]])
    expect(app.router.registry.resolve('m')).toHaveLength(1)
    const closed = app.router.close()
    await jest.advanceTimersByTimeAsync(20_000)
    await closed
  })
})
