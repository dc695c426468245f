import type { Logger } from '../logger'
import { faultOf } from './fault'

/** Something is different from before on this instance. */
export interface RegistryChange {
  /** Ids of the rows that came, changed or went; `'all'` when every row may look different. */
  readonly ids: readonly string[] | 'all'
  /** The revision of the view that shows it. */
  readonly revision: number
}

export type RegistryListener = (change: RegistryChange) => void

export interface ChangeEvents {
  on(listener: RegistryListener): () => void
  emit(change: RegistryChange): void
}

/** A listener that throws is reported and does not keep the others from hearing. */
export function changeEvents(logger: Logger): ChangeEvents {
  const listeners = new Set<{ readonly listener: RegistryListener }>()
  return {
    on(listener) {
      const entry = { listener }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    emit(change) {
      for (const { listener } of listeners)
        try {
          listener(change)
        } catch (error) {
          logger.error(faultOf(error), "a listener of the registry's changes failed")
        }
    },
  }
}
