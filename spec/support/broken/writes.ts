import type { StoredModel } from '../../../lib/adapters/adapter'
import { reading, type BrokenAdapter } from './flaw'

export const brokenWrites: readonly BrokenAdapter[] = [
  // Answers.
  {
    does: 'answers create with the draft',
    flaw: (good) => ({
      create: async (draft) => {
        const result = await good.create(draft)
        return result.ok ? { ok: true, model: { ...draft } as never } : result
      },
    }),
  },
  {
    does: 'answers update with what was there before',
    flaw: (good) => ({
      update: async (draft, condition) => {
        const before = await good.get(draft.id)
        const result = await good.update(draft, condition)
        return result.ok && before ? { ok: true, model: before } : result
      },
    }),
  },
  {
    does: 'merges updates',
    flaw: (good) => ({
      update: async (draft, condition) => {
        const before = await good.get(draft.id)
        return good.update(
          { ...draft, deployment: { ...(before?.deployment as object), ...draft.deployment } },
          condition,
        )
      },
    }),
  },
  {
    does: 'takes every condition of an update for stale',
    flaw: (good) => ({
      update: async (draft, condition) =>
        condition?.ifRevision !== undefined && (await good.get(draft.id))
          ? { ok: false, reason: 'stale' }
          : good.update(draft, condition),
    }),
  },
  {
    does: 'takes a condition without a revision for one',
    flaw: (good) => ({
      update: (draft, condition) =>
        good.update(draft, condition && { ifRevision: String(condition.ifRevision) }),
    }),
  },
  {
    does: 'answers delete with the id only',
    flaw: (good) => ({
      delete: async (id, condition) => {
        const result = await good.delete(id, condition)
        return result.ok ? { ok: true, model: { id } as never } : result
      },
    }),
  },
  {
    does: 'keeps the last model',
    flaw: (good) => ({
      delete: async (id, condition) => {
        const [list, model] = [await good.list(), await good.get(id)]
        return list.length === 1 && model && condition?.ifRevision === undefined
          ? { ok: true, model }
          : good.delete(id, condition)
      },
    }),
  },
  {
    does: 'takes every condition of a delete for stale',
    flaw: (good) => ({
      delete: async (id, condition) =>
        condition?.ifRevision !== undefined && (await good.get(id))
          ? { ok: false, reason: 'stale' }
          : good.delete(id, condition),
    }),
  },
  {
    does: 'never gives an id twice',
    flaw: (good, { notes }) => ({
      create: (draft) =>
        notes.has(draft.id) ? Promise.resolve({ ok: false, reason: 'exists' }) : good.create(draft),
      delete: (id, condition) => {
        notes.set(id, id)
        return good.delete(id, condition)
      },
    }),
  },
  {
    does: 'counts one revision for all models',
    flaw: (good, { store }) => {
      const counted = (model: StoredModel) => ({ ...model, revision: String(store.lastRevision) })
      return {
        ...reading(counted)(good, {} as never, 'first'),
        create: async (draft) => {
          const result = await good.create(draft)
          return result.ok ? { ok: true, model: counted(result.model) } : result
        },
        update: async (draft, condition) => {
          const before = await good.get(draft.id)
          const current = String(store.lastRevision)
          if (before && condition?.ifRevision !== undefined && condition.ifRevision !== current)
            return { ok: false, reason: 'stale' }
          const result = await good.update(draft)
          return result.ok ? { ok: true, model: counted(result.model) } : result
        },
        delete: async (id, condition) => {
          const before = await good.get(id)
          const current = String(store.lastRevision)
          if (before && condition?.ifRevision !== undefined && condition.ifRevision !== current)
            return { ok: false, reason: 'stale' }
          const result = await good.delete(id)
          return result.ok && before ? { ok: true, model: { ...before, revision: current } } : result
        },
      }
    },
  },
  // Refusals.
  {
    does: 'overwrites on create',
    flaw: (good) => ({
      create: async (draft) => {
        const result = await good.create(draft)
        return result.ok ? result : (good.update(draft) as never)
      },
    }),
  },
  {
    does: 'forgets the condition of an update',
    flaw: (good) => ({ update: (draft) => good.update(draft) }),
  },
  {
    does: 'forgets the condition of a delete',
    flaw: (good) => ({ delete: (id) => good.delete(id) }),
  },
  {
    does: 'takes the revision of any model',
    flaw: (good) => ({
      update: async (draft, condition) => {
        const list = await good.list()
        return good.update(
          draft,
          list.some(({ revision }) => revision === condition?.ifRevision) ? {} : condition,
        )
      },
    }),
  },
  {
    does: 'creates on update',
    flaw: (good) => ({
      update: async (draft, condition) => {
        const result = await good.update(draft, condition)
        return !result.ok && result.reason === 'missing' ? (good.create(draft) as never) : result
      },
    }),
  },
  {
    does: 'deletes what is not there',
    flaw: (good) => ({
      delete: async (id, condition) => {
        const result = await good.delete(id, condition)
        return !result.ok && result.reason === 'missing' ? { ok: true, model: { id } as never } : result
      },
    }),
  },
]
