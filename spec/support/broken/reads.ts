import type { StoredModel } from '../../../lib/adapters/adapter'
import type { BrokenAdapter } from './flaw'

export const brokenReads: readonly BrokenAdapter[] = [
  // Harness and reads.
  { does: 'has no name', flaw: () => ({ name: '' }) },
  { does: 'has no batch', flaw: () => ({ batch: undefined as never }) },
  {
    does: 'answers list without a promise',
    flaw: (_, { store }) => ({
      list: () => Array.from(store.rows.values(), (row) => JSON.parse(row) as StoredModel) as never,
    }),
  },
  {
    does: 'lists an empty store as undefined',
    flaw: (good) => ({
      list: async () => {
        const list = await good.list()
        return list.length === 0 ? (undefined as never) : list
      },
    }),
  },
  {
    does: 'gets an unknown id as null',
    flaw: (good) => ({ get: async (id) => (await good.get(id)) ?? (null as never) }),
  },
  {
    does: 'takes a model_name for unique',
    flaw: (good) => ({
      create: async (draft) =>
        (await good.list()).length >= 2 && draft.id === 'three'
          ? { ok: false, reason: 'exists' }
          : good.create(draft),
    }),
  },
  // Copies.
  {
    does: 'hands out its own objects',
    flaw: (good) => {
      const held = new Map<string, { readonly of: string; readonly model: StoredModel }>()
      return {
        get: async (id) => {
          const model = await good.get(id)
          if (model && held.get(id)?.of !== model.revision) held.set(id, { of: model.revision, model })
          return model && held.get(id)?.model
        },
      }
    },
  },
  {
    does: 'keeps the draft it was given',
    flaw: (good, { notes }) => ({
      create: (draft) => {
        notes.set(draft.id, draft)
        return good.create(draft)
      },
      update: (draft, condition) => {
        notes.set(draft.id, draft)
        return good.update(draft, condition)
      },
      get: async (id) => {
        const [model, held] = [await good.get(id), notes.get(id)]
        return model && typeof held === 'object' && held.updatedAt === 'spoilt'
          ? { ...model, deployment: {} }
          : model
      },
    }),
  },
  {
    does: 'keeps the drafts of a batch',
    flaw: (good, { notes }) => ({
      batch: (writes) => {
        for (const write of writes) if (write.kind === 'create') notes.set(write.draft.id, write.draft)
        return good.batch(writes)
      },
      get: async (id) => {
        const [model, held] = [await good.get(id), notes.get(id)]
        return model && typeof held === 'object' && held.updatedAt === 'spoilt'
          ? { ...model, deployment: {} }
          : model
      },
    }),
  },
  {
    does: 'writes into the draft it was given',
    flaw: (good) => ({
      update: (draft, condition) => {
        Object.assign(draft, { updatedBy: draft.updatedBy })
        return good.update(draft, condition)
      },
    }),
  },
  // Order.
  {
    does: 'lists newest first',
    flaw: (good) => ({ list: async () => (await good.list()).toReversed() }),
  },
  {
    does: 'lists by id',
    flaw: (good) => ({
      list: async () => (await good.list()).toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    }),
  },
  {
    does: 'lists a page',
    flaw: (good) => ({ list: async () => (await good.list()).slice(0, 100) }),
  },
  {
    does: 'lists by time of change',
    flaw: (good) => ({
      list: async () =>
        (await good.list()).toSorted((one, other) => Number(one.revision) - Number(other.revision)),
    }),
  },
  {
    does: 'gives places of the deleted to the next',
    flaw: (good, { notes }) => ({
      delete: async (id, condition) => {
        const first = (await good.list())[0]?.id
        const result = await good.delete(id, condition)
        if (result.ok && first !== id) notes.set('hole', id)
        return result
      },
      list: async () => {
        const list = await good.list()
        return notes.has('hole')
          ? list.toSorted(
              (one, other) => Number(other.id === notes.get('hole')) - Number(one.id === notes.get('hole')),
            )
          : list
      },
    }),
  },
  {
    does: 'creates the batch backwards',
    flaw: (good) => ({ batch: (writes) => good.batch(writes.length > 5 ? writes.toReversed() : writes) }),
  },
]
