import { deepFreeze } from '../json'
import type { Logger } from '../logger'
import type { ViewChange } from './view'
import { faultOf } from './fault'

/** What became of one row, by the public name it had before and has now; null where there was none, or is none now. */
export interface RowChange {
  readonly id: string
  readonly before: string | null
  readonly after: string | null
}

/** Something is different from before on this instance: by its own write, another instance's, or an edited file. */
export interface RegistryChange {
  /** Ids of the rows that came, changed or went; `'all'` when every row may look different, as with another cost map. */
  readonly ids: readonly string[] | 'all'
  /** For hosts that keep names elsewhere: what was added, renamed or deleted. Empty when `ids` is `'all'`. */
  readonly rows: readonly RowChange[]
  /** The revision of the view that shows it. */
  readonly revision: number
}

export type RegistryListener = (change: RegistryChange) => void

export interface ChangeEvents {
  on(listener: RegistryListener): () => void
  /** The change is made only where somebody listens. */
  emit(make: () => RegistryChange): void
}

export function changeOf({ ids, before, after }: ViewChange): RegistryChange {
  const nameIn = ({ byId }: ViewChange['before'], id: string): string | null =>
    byId.get(id)?.publicName ?? null
  const rows = ids.map((id) => Object.freeze({ id, before: nameIn(before, id), after: nameIn(after, id) }))
  return { ids, rows, revision: after.revision }
}

/** A listener that throws or rejects is reported, keeps no other from hearing and does not end the process. */
export function changeEvents(logger: Logger): ChangeEvents {
  const listeners = new Set<{ readonly listener: RegistryListener }>()
  const report = (error: unknown): void =>
    logger.error(faultOf(error, 'the listener'), "a listener of the registry's changes failed")

  return {
    on(listener) {
      const entry = { listener }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    emit(make) {
      if (listeners.size === 0) return
      const { ids, rows, revision } = make()
      // One listener cannot spoil what the next one hears.
      const change = deepFreeze({ ids: ids === 'all' ? ids : [...ids], rows, revision })
      for (const { listener } of listeners)
        try {
          // An async function fits the type, and nobody else hears of its failure.
          void Promise.resolve<unknown>(listener(change)).catch(report)
        } catch (error) {
          report(error)
        }
    },
  }
}
