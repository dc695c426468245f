import type { ModelRevision } from '../../../lib/adapters/adapter'
import type { BrokenAdapter } from './flaw'

/** A flaw in what the revisions say. */
const telling =
  (change: (listed: readonly ModelRevision[]) => readonly ModelRevision[]): BrokenAdapter['flaw'] =>
  (good) => ({ revisions: async (ids) => change(await good.revisions(ids)) })

export const brokenListedRevisions: readonly BrokenAdapter[] = [
  { does: 'tells revisions in the order of the ids', flaw: telling((listed) => byId(listed)) },
  {
    does: 'tells all revisions when asked for none',
    flaw: (good) => ({ revisions: (ids) => good.revisions(ids?.length === 0 ? undefined : ids) }),
  },
  { does: 'tells no revisions', flaw: telling(() => []) },
  {
    does: 'tells the revisions that it told first',
    flaw: (good) => {
      const first = new Map<string, string>()
      return {
        revisions: async (ids) =>
          (await good.revisions(ids)).map(({ id, revision }) => {
            if (!first.has(id)) first.set(id, revision)
            return { id, revision: first.get(id) ?? '' }
          }),
      }
    },
  },
  {
    does: 'tells the revisions of its own changes',
    flaw: (good) => {
      const own = new Map<string, string>()
      return {
        create: async (draft) => {
          const result = await good.create(draft)
          if (result.ok) own.set(draft.id, result.model.revision)
          return result
        },
        revisions: async (ids) =>
          (await good.revisions(ids)).map(({ id, revision }) => ({ id, revision: own.get(id) ?? revision })),
      }
    },
  },
  {
    does: 'leaves batches out of its revisions',
    flaw: (good) => {
      const batched = new Set<string>()
      return {
        batch: async (writes) => {
          const result = await good.batch(writes)
          if (result.ok) for (const { id } of result.models) batched.add(id)
          return result
        },
        revisions: async (ids) => (await good.revisions(ids)).filter(({ id }) => !batched.has(id)),
      }
    },
  },
  {
    does: 'tells revisions after close',
    flaw: (good) => {
      let last: readonly ModelRevision[] = []
      return { revisions: async (ids) => (last = await good.revisions(ids).catch(() => last)) }
    },
  },
]

function byId(listed: readonly ModelRevision[]): readonly ModelRevision[] {
  return listed.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}
