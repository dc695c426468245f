import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import type { Follower } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import { draft, named } from '../support/rows'

const open: Follower[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((follower) => follower.close()))
})

/** Storage of ten models that tells revisions, and nothing of changes; a follower of it; and what it was asked. */
async function following(changes: Partial<ModelAdapter> = {}) {
  const { watch: _, ...adapter } = memoryAdapter()
  for (let at = 0; at < 10; at++) await adapter.create(draft(`m${at}`, at))
  let asked: string[] = []
  const source: ModelAdapter = {
    ...adapter,
    async list() {
      asked.push('list')
      return adapter.list()
    },
    async get(id) {
      asked.push(id)
      return adapter.get(id)
    },
    async revisions(ids) {
      asked.push(ids === undefined ? 'revisions' : `revision of ${ids.join()}`)
      const all = (await adapter.list()).map(({ id, revision }) => ({ id, revision }))
      return ids === undefined ? all : all.filter(({ id }) => ids.includes(id))
    },
    ...changes,
  }
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto([]), refreshMs: 3_600_000 })
  open.push(follower)
  await follower.ready()
  return {
    adapter,
    follower,
    view,
    ids: () => view.snapshot.rows.map(({ id }) => id).join(' '),
    /** Since it was last asked. */
    asked: () => asked.splice(0),
    refresh: follower.refresh,
  }
}

it('H7 the first read lists all, the next ones read what changed', async () => {
  const { adapter, asked, refresh, view, ids } = await following()
  expect(asked()).toEqual(['list'])
  const before = view.snapshot
  await refresh()
  expect([asked(), view.snapshot === before]).toEqual([['revisions'], true])

  await adapter.update(draft('m3', 3, { deployment: named('newer') }))
  await adapter.delete('m5')
  await adapter.create(draft('m10', 10))
  await refresh()
  expect(asked()).toEqual(['revisions', 'm3', 'm10'])
  expect(ids()).toBe('m0 m1 m2 m3 m4 m6 m7 m8 m9 m10')
  expect(view.snapshot.byId.get('m3')?.deployment.model_name).toBe('newer')
  expect(view.snapshot.byId.get('m4')).toBe(before.byId.get('m4'))
})

it('H7 where many changed, all are listed', async () => {
  const { adapter, asked, refresh, ids } = await following()
  asked()
  for (let at = 10; at < 61; at++) await adapter.create(draft(`m${at}`, at))
  await refresh()
  expect(asked()).toEqual(['revisions', 'list'])
  expect(ids().split(' ')).toHaveLength(61)
})

it('A10 a model that changes or goes between the two reads is shown as it is then', async () => {
  const { adapter, asked, refresh, ids, view } = await following({
    async revisions() {
      const told = (await adapter.list()).map(({ id, revision }) => ({ id, revision }))
      if (told.some(({ id }) => id === 'late')) {
        await adapter.delete('m0')
        await adapter.update(draft('late', 11, { deployment: named('newest') }))
      }
      return told
    },
  })
  await adapter.create(draft('late', 10))
  asked()
  await refresh()
  expect(asked()).toEqual(['late', 'list'])
  expect(ids()).toBe('m1 m2 m3 m4 m5 m6 m7 m8 m9 late')
  expect(view.snapshot.byId.get('late')?.deployment.model_name).toBe('newest')
})

it('C4 a model that cannot be served is not read again until it changes', async () => {
  const { adapter, asked, refresh, view } = await following()
  await adapter.create(draft('odd', 10, { deployment: { model_name: 1 } as never }))
  asked()
  await refresh()
  await refresh()
  expect(asked()).toEqual(['revisions', 'odd', 'revisions'])
  expect(view.setAside.map(({ id }) => id)).toEqual(['odd'])
  await adapter.update(draft('odd', 10))
  await refresh()
  expect(asked()).toEqual(['revisions', 'odd'])
  expect(view.setAside).toEqual([])
})

it('A10 a read by id is of storage: the model is handed over where it is not the one that is shown', async () => {
  const { adapter, asked, follower, view } = await following()
  asked()
  expect(await follower.read('m3')).toBe(view.snapshot.byId.get('m3'))
  expect(asked()).toEqual(['revision of m3'])

  await adapter.update(draft('m3', 3, { deployment: named('newer') }))
  expect((await follower.read('m3'))?.deployment.model_name).toBe('newer')
  expect(asked()).toEqual(['revision of m3', 'm3'])

  await adapter.delete('m3')
  expect([await follower.read('m3'), view.snapshot.byId.get('m3')]).toEqual([undefined, undefined])
  expect(asked()).toEqual(['revision of m3', 'm3'])
  expect(await follower.read('m3')).toBeUndefined()
  expect(asked()).toEqual(['m3'])
})

it('I2 a read by id rejects while storage cannot tell the revision', async () => {
  const { follower } = await following({ revisions: () => Promise.reject(new Error('down')) })
  await expect(follower.read('m3')).rejects.toThrow('down')
})
