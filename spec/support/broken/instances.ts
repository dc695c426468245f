import type { ModelAdapter, StoredModel } from '../../../lib/adapters/adapter'
import { turn, type BrokenAdapter, type Full } from './flaw'

/** One write after the other in this instance, each in two steps. */
const inSteps = (good: Full): Partial<ModelAdapter> => {
  let last: Promise<unknown> = Promise.resolve()
  const queued = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
  return {
    create: (draft) =>
      queued(async () => {
        if (await good.get(draft.id)) return { ok: false, reason: 'exists' }
        await turn()
        const result = await good.create(draft)
        return result.ok ? result : (good.update(draft) as never)
      }),
    update: (draft, condition) =>
      queued(async () => {
        const model = await good.get(draft.id)
        if (!model) return { ok: false, reason: 'missing' }
        if (condition?.ifRevision !== undefined && condition.ifRevision !== model.revision)
          return { ok: false, reason: 'stale' }
        await turn()
        return good.update(draft)
      }),
  }
}

export const brokenInstances: readonly BrokenAdapter[] = [
  // Several instances.
  {
    does: 'gets from a cache',
    flaw: (good) => {
      const cache = new Map<string, StoredModel>()
      const kept = (model: StoredModel | undefined) => {
        if (model) cache.set(model.id, model)
        return model
      }
      return {
        get: async (id) => structuredClone(cache.get(id)) ?? kept(await good.get(id)),
        create: async (draft) => {
          cache.delete(draft.id)
          return good.create(draft)
        },
        update: (draft, condition) => {
          cache.delete(draft.id)
          return good.update(draft, condition)
        },
        delete: (id, condition) => {
          cache.delete(id)
          return good.delete(id, condition)
        },
        batch: (writes) => {
          cache.clear()
          return good.batch(writes)
        },
      }
    },
  },
  {
    does: 'lists from a cache',
    flaw: (good, _, opened) => {
      if (opened !== 'peer') return {}
      let cache: readonly StoredModel[] | undefined
      return { list: async () => (cache ??= await good.list()) }
    },
  },
  {
    does: 'has revisions of its own',
    flaw: (good, _, opened) => ({
      update: (draft, condition) =>
        good.update(
          draft,
          opened === 'peer' && condition?.ifRevision !== undefined
            ? { ifRevision: `peer ${condition.ifRevision}` }
            : condition,
        ),
    }),
  },
  { does: 'locks within one instance only', flaw: inSteps },
  {
    does: 'writes the whole file back, under a lock of its own',
    flaw: (good, { store }) => {
      let last: Promise<unknown> = Promise.resolve()
      return {
        create: (draft) => {
          const result = last.then(async () => {
            const rows = new Map(store.rows)
            await turn()
            const done = await good.create(draft)
            const row = store.rows.get(draft.id)
            if (done.ok && row) store.rows = new Map([...rows, [draft.id, row]])
            return done
          })
          last = result.catch(() => {})
          return result
        },
      }
    },
  },
  // Durability.
  {
    does: 'keeps nothing',
    flaw: (_, { store }, opened) => {
      if (opened === 'reopened') store.rows = new Map()
      return {}
    },
  },
  {
    does: 'brings back what was deleted',
    flaw: (good, { store, notes }, opened) => {
      const row = notes.get('deleted')
      if (opened === 'reopened' && typeof row === 'string')
        store.rows = new Map([...store.rows, ['one', row]])
      return {
        delete: (id, condition) => {
          notes.set('deleted', store.rows.get(id) ?? '')
          return good.delete(id, condition)
        },
      }
    },
  },
  {
    does: 'begins to count again',
    flaw: (_, { store }, opened) => {
      if (opened === 'reopened') store.lastRevision = 0
      return {}
    },
  },
  {
    does: 'opens with new revisions',
    flaw: (_, { store }, opened) => {
      if (opened === 'reopened')
        store.rows = new Map(
          Array.from(store.rows, ([id, row]) => [
            id,
            JSON.stringify({ ...(JSON.parse(row) as object), revision: 'reopened' }),
          ]),
        )
      return {}
    },
  },
  // Outages.
  {
    does: 'lists nothing in an outage',
    flaw: (good, storage) => ({ list: () => (storage.failing ? Promise.resolve([]) : good.list()) }),
  },
  {
    does: 'takes writes in an outage',
    flaw: (good, storage) => ({
      update: async (draft, condition) => {
        if (!storage.failing) return good.update(draft, condition)
        return { ok: true, model: { ...draft, revision: 'later' } }
      },
    }),
  },
  {
    does: 'refuses batches in an outage',
    flaw: (good, storage) => ({
      batch: async (writes) =>
        storage.failing ? { ok: false, index: 0, reason: 'missing' } : good.batch(writes),
    }),
  },
  {
    does: 'remembers an init that failed',
    flaw: (good) => {
      let first: Promise<void> | undefined
      return { init: () => (first ??= good.init()) }
    },
  },
  {
    does: 'tells nothing after an outage',
    flaw: (good, storage) => {
      let lost = false
      return {
        list: () => {
          lost ||= storage.failing
          return good.list()
        },
        watch: (listener) =>
          good.watch((ids) => {
            if (!lost) listener(ids)
          }),
      }
    },
  },
]
