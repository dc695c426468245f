import { memoryAdapter, memoryStore, type MemoryStore } from '../../lib/adapters/memory'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { registerConformance } from '../../lib/testing'
import { draft } from '../support/draft'

describe('a memory adapter', () => {
  const stores = new WeakMap<ModelAdapter, MemoryStore>()
  function over(store: MemoryStore) {
    const adapter = memoryAdapter({ store })
    stores.set(adapter, store)
    return adapter
  }
  const again = (adapter: ModelAdapter) => over(stores.get(adapter)!)

  registerConformance(test, {
    create: () => over(memoryStore()),
    peer: again,
    reopen: again,
    absent: ['version', 'revisions'],
  })
})

test('a memory adapter needs no options and shares nothing', async () => {
  const [one, other] = [memoryAdapter(), memoryAdapter()]
  await one.create(draft('one'))
  expect(await other.list()).toEqual([])
})

test('a memory adapter says that it is not durable', () => {
  expect(memoryAdapter()).toMatchObject({ name: 'memory', durable: false })
})

test('use after close rejects as closed', async () => {
  const adapter = memoryAdapter()
  await adapter.close()
  const calls = [
    () => adapter.init(),
    () => adapter.ping(),
    () => adapter.list(),
    () => adapter.get('one'),
    () => adapter.watch(() => {}),
    () => adapter.create(draft('one')),
    () => adapter.update(draft('one')),
    () => adapter.delete('one'),
    () => adapter.batch([]),
    () => adapter.readSettings(),
    () => adapter.writeSettings({}),
  ]
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'closed' })
})

test('a listener is called after the write that it hears of', async () => {
  const adapter = memoryAdapter()
  const events: unknown[] = []
  await adapter.watch((ids) => events.push(ids))
  const created = adapter.create(draft('one'))
  events.push('create returns')
  await created
  expect(events).toEqual(['all', 'create returns', ['one']])
})

test('a hint that is under way when close comes is not given', async () => {
  const adapter = memoryAdapter()
  const hints: unknown[] = []
  await adapter.watch((ids) => hints.push(ids))
  const created = adapter.create(draft('one'))
  await adapter.close()
  expect(await created).toMatchObject({ ok: true })
  expect(hints).toEqual(['all'])
})
