import type { StoredModel } from '../../../lib/adapters/adapter'
import { reading, turn, type BrokenAdapter } from './flaw'

export const brokenRaces: readonly BrokenAdapter[] = [
  // Revisions.
  {
    does: 'makes a revision of each read',
    flaw: (() => {
      let reads = 0
      return reading((model) => ({ ...model, revision: `${model.revision}.${(reads += 1)}` }))
    })(),
  },
  {
    does: 'makes revisions of the parameters only',
    flaw: (good) => {
      const of = (model: StoredModel) => ({
        ...model,
        revision: JSON.stringify((model.deployment as { litellm_params: unknown }).litellm_params),
      })
      return {
        ...reading(of)(good, {} as never, 'first'),
        create: async (draft) => {
          const result = await good.create(draft)
          return result.ok ? { ok: true, model: of(result.model) } : result
        },
        update: async (draft) => {
          const result = await good.update(draft)
          return result.ok ? { ok: true, model: of(result.model) } : result
        },
      }
    },
  },
  {
    does: 'counts revisions for each model',
    flaw: (good, { notes }) => {
      const of = (model: StoredModel) => ({
        ...model,
        revision: (notes.get(model.id) as string | undefined) ?? '',
      })
      return {
        ...reading(of)(good, {} as never, 'first'),
        create: async (draft) => {
          const result = await good.create(draft)
          if (!result.ok) return result
          notes.set(draft.id, '1')
          return { ok: true, model: of(result.model) }
        },
        update: async (draft, condition) => {
          if (
            notes.has(draft.id) &&
            condition?.ifRevision !== undefined &&
            condition.ifRevision !== notes.get(draft.id)
          )
            return { ok: false, reason: 'stale' }
          const result = await good.update(draft)
          if (result.ok) notes.set(draft.id, String(Number(notes.get(draft.id)) + 1))
          return result.ok ? { ok: true, model: of(result.model) } : result
        },
        delete: async (id, condition) => {
          if (notes.has(id) && condition?.ifRevision !== undefined && condition.ifRevision !== notes.get(id))
            return { ok: false, reason: 'stale' }
          const result = await good.delete(id)
          return result.ok ? { ok: true, model: of(result.model) } : result
        },
      }
    },
  },
  {
    does: 'keeps the revision of a model',
    flaw: reading((model) => ({ ...model, revision: 'same' })),
  },
  // Races.
  {
    does: 'looks before it creates',
    flaw: (good) => ({
      create: async (draft) => {
        if (await good.get(draft.id)) return { ok: false, reason: 'exists' }
        await turn()
        const result = await good.create(draft)
        return result.ok ? result : (good.update(draft) as never)
      },
    }),
  },
  {
    does: 'looks before it updates',
    flaw: (good) => ({
      update: async (draft, condition) => {
        const model = await good.get(draft.id)
        if (!model) return { ok: false, reason: 'missing' }
        if (condition?.ifRevision !== undefined && condition.ifRevision !== model.revision)
          return { ok: false, reason: 'stale' }
        await turn()
        return good.update(draft)
      },
    }),
  },
  {
    does: 'looks before it deletes',
    flaw: (good) => ({
      delete: async (id, condition) => {
        const model = await good.get(id)
        if (!model) return { ok: false, reason: 'missing' }
        await turn()
        const result = await good.delete(id, condition)
        return result.ok || result.reason === 'stale' ? result : { ok: true, model }
      },
    }),
  },
  {
    does: 'writes the whole file back after a while',
    flaw: (good, { store }) => ({
      create: async (draft) => {
        const { rows } = store
        await turn()
        const result = await good.create(draft)
        const row = store.rows.get(draft.id)
        if (result.ok && row) store.rows = new Map([...rows, [draft.id, row]])
        return result
      },
    }),
  },
  // Batches.
  {
    does: 'does a batch one by one',
    flaw: (good) => ({
      batch: async (writes) => {
        const models: StoredModel[] = []
        for (const [index, write] of writes.entries()) {
          const result = await good.batch([write])
          if (!result.ok) return { ...result, index }
          models.push(...result.models)
        }
        return { ok: true, models }
      },
    }),
  },
  {
    does: 'says that the first write of a batch was refused',
    flaw: (good) => ({
      batch: async (writes) => {
        const result = await good.batch(writes)
        return result.ok ? result : { ...result, index: 0 }
      },
    }),
  },
  {
    does: 'refuses an empty batch',
    flaw: (good) => ({
      batch: (writes) => (writes.length === 0 ? Promise.reject(new Error('empty')) : good.batch(writes)),
    }),
  },
  {
    does: 'answers a batch with less',
    flaw: (good) => ({
      batch: async (writes) => {
        const result = await good.batch(writes)
        return result.ok ? { ok: true, models: result.models.slice(0, 1) } : result
      },
    }),
  },
]
