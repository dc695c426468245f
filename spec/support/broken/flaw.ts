import type { ModelAdapter, ModelDraft, StoredModel } from '../../../lib/adapters/adapter'
import type { MemoryStore } from '../../../lib/adapters/memory'

export type Full = Required<Omit<ModelAdapter, 'file'>>

/** What all adapters over one storage share. */
export interface Storage {
  readonly store: MemoryStore
  /** True in an outage. */
  failing: boolean
  /** Whatever a flaw wants to remember across instances. */
  readonly notes: Map<string, StoredModel | ModelDraft | string>
}

export type Opened = 'first' | 'peer' | 'reopened'

/** A correct adapter with some members replaced by wrong ones. */
export interface BrokenAdapter {
  /** What it does wrong. */
  readonly does: string
  readonly flaw: (good: Full, storage: Storage, opened: Opened) => Partial<Full>
}

/** Lets everything else that is under way go on. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** A flaw that changes drafts on their way in. */
export function storing(change: (draft: ModelDraft) => ModelDraft): BrokenAdapter['flaw'] {
  return (good) => ({
    create: (draft) => good.create(change(draft)),
    update: (draft, condition) => good.update(change(draft), condition),
  })
}

/** A flaw that changes models on their way out. */
export function reading(change: (model: StoredModel) => StoredModel): BrokenAdapter['flaw'] {
  return (good) => ({
    list: async () => (await good.list()).map(change),
    get: async (id) => {
      const model = await good.get(id)
      return model && change(model)
    },
  })
}

/** A flaw in one JSON value, wherever it stands in a deployment. */
export function revaluing(change: (value: unknown, key: string) => unknown): BrokenAdapter['flaw'] {
  return storing((draft) => ({
    ...draft,
    deployment: JSON.parse(
      JSON.stringify(draft.deployment, (key, value: unknown) => change(value, key)),
    ) as never,
  }))
}

/** A flaw in texts. */
export function retexting(change: (text: string) => unknown): BrokenAdapter['flaw'] {
  return revaluing((value) => (typeof value === 'string' ? change(value) : value))
}
