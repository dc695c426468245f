import type { ModelDraft } from '../../../lib/adapters/adapter'
import { turn, type BrokenAdapter, type Full } from './flaw'

/** The listener, told of what `tells` lets through. */
const telling =
  (
    tells: (ids: readonly string[] | 'all', good: Full) => boolean | Promise<boolean>,
  ): BrokenAdapter['flaw'] =>
  (good) => ({
    watch: (listener) =>
      good.watch((ids) => void Promise.resolve(tells(ids, good)).then((told) => told && listener(ids))),
  })
export const brokenWatching: readonly BrokenAdapter[] = [
  // Watching.
  {
    does: "does not begin with 'all'",
    flaw: (good) => ({
      watch: (listener) => {
        let first = true
        return good.watch((ids) => {
          if (!first) listener(ids)
          first = false
        })
      },
    }),
  },
  { does: 'never tells more', flaw: telling((ids) => ids === 'all') },
  {
    does: 'tells before it commits',
    flaw: (good) => {
      const told = new Set<(ids: readonly string[]) => void>()
      const before = (draft: { readonly id: string }) => {
        for (const tell of told) tell([draft.id])
        return turn()
      }
      return {
        watch: async (listener) => {
          listener('all')
          told.add(listener)
          return async () => void told.delete(listener)
        },
        create: async (draft) => {
          await before(draft)
          return good.create(draft)
        },
        update: async (draft, condition) => {
          await before(draft)
          return good.update(draft, condition)
        },
        delete: async (id, condition) => {
          await before({ id })
          return good.delete(id, condition)
        },
      }
    },
  },
  {
    does: 'tells nothing of deletes',
    flaw: telling(async (ids, good) => ids === 'all' || (await good.get(ids[0] ?? '')) !== undefined),
  },
  {
    does: 'tells nothing of creates',
    flaw: telling(async (ids, good) => ids === 'all' || (await good.get(ids[0] ?? ''))?.updatedBy !== 'ann'),
  },
  {
    does: 'tells nothing of updates',
    flaw: telling(
      async (ids, good) => ids === 'all' || !(await good.get(ids[0] ?? ''))?.updatedBy?.startsWith('ben'),
    ),
  },
  {
    does: 'tells of the first of a batch only',
    flaw: (good) => ({
      watch: (listener) => good.watch((ids) => listener(ids === 'all' ? ids : ids.slice(0, 1))),
    }),
  },
  {
    does: 'tells the last listener only',
    flaw: (good) => {
      let last: unknown
      return {
        watch: (listener) => {
          last = listener
          return good.watch((ids) => {
            if (ids === 'all' || last === listener) listener(ids)
          })
        },
      }
    },
  },
  {
    does: 'goes on telling after unwatch',
    flaw: (good) => ({
      watch: async (listener) => {
        await good.watch(listener)
        return async () => {}
      },
    }),
  },
  {
    does: 'tells of its own writes only',
    flaw: (good) => {
      const own = new Set<string>()
      const noted = (draft: ModelDraft) => {
        own.add(draft.id)
        return draft
      }
      return {
        watch: (listener) =>
          good.watch((ids) => {
            if (ids === 'all' || ids.some((id) => own.has(id))) listener(ids)
          }),
        create: (draft) => good.create(noted(draft)),
        update: (draft, condition) => good.update(noted(draft), condition),
        delete: (id, condition) => {
          own.add(id)
          return good.delete(id, condition)
        },
        batch: (writes) => {
          for (const write of writes) if (write.kind !== 'delete') noted(write.draft)
          return good.batch(writes)
        },
      }
    },
  },
  {
    does: "takes another's write for its own",
    flaw: telling((ids) => ids === 'all' || !ids.includes('theirs')),
  },
  {
    does: 'goes on telling after close',
    flaw: (good, { store }, opened) =>
      opened === 'peer'
        ? {}
        : {
            close: async () => {
              await good.close()
            },
            watch: async (listener) => {
              const unwatch = await good.watch(listener)
              store.adapters.add({ tell: listener, tellOf: () => listener('all') } as never)
              return unwatch
            },
          },
  },
]
