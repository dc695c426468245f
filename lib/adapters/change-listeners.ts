import type { ChangeListener, Unwatch } from './adapter'

/** Who wants to hear of changes. Listeners are called one by one, each in a turn of its own, never inside a write. */
export interface ChangeListeners {
  /** Begins with `'all'`, since nothing is known of what happened before. */
  add(listener: ChangeListener): Unwatch
  tell(ids: readonly string[] | 'all'): void
  clear(): void
  isEmpty(): boolean
}

export function changeListeners(): ChangeListeners {
  // Keyed by subscription, not by function: the same listener may be added twice and removed once.
  const subscriptions = new Map<symbol, ChangeListener>()

  function tellOne(subscription: symbol, ids: readonly string[] | 'all'): void {
    // Looked up when called, so that one who left in the meantime hears nothing any more.
    queueMicrotask(() => subscriptions.get(subscription)?.(ids))
  }

  return {
    add(listener) {
      const subscription = Symbol('subscription')
      subscriptions.set(subscription, listener)
      tellOne(subscription, 'all')
      return async () => {
        subscriptions.delete(subscription)
      }
    },
    tell(ids) {
      for (const subscription of subscriptions.keys()) tellOne(subscription, ids)
    },
    clear() {
      subscriptions.clear()
    },
    isEmpty() {
      return subscriptions.size === 0
    },
  }
}
