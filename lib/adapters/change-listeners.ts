import type { ChangeListener, StoredModel, Unwatch, Write } from './adapter'

/** Who wants to hear of changes. Listeners are called one by one, each in a turn of its own, never inside a write. */
export interface ChangeListeners {
  /** Begins with `'all'`, since nothing is known of what happened before. */
  add(listener: ChangeListener): Unwatch
  readonly tell: ChangeListener
  /** Tells of writes that are done; `models` is what each of them gave. */
  tellOf(writes: readonly Write[], models: readonly StoredModel[]): void
  clear(): void
  isEmpty(): boolean
}

export function changeListeners(): ChangeListeners {
  // Keyed by subscription, not by function: the same listener may be added twice and removed once.
  const subscriptions = new Map<symbol, ChangeListener>()

  function tellOne(subscription: symbol, ...change: Parameters<ChangeListener>): void {
    // Looked up when called, so that one who left in the meantime hears nothing any more.
    queueMicrotask(() => subscriptions.get(subscription)?.(...change))
  }

  function tell(...change: Parameters<ChangeListener>): void {
    for (const subscription of subscriptions.keys()) tellOne(subscription, ...change)
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
    tell,
    tellOf(writes, models) {
      const last = new Map<string, string | null>()
      for (const [at, { id, revision }] of models.entries())
        last.set(id, writes[at]?.kind === 'delete' ? null : revision)
      if (last.size > 0) tell([...last.keys()], [...last.values()])
    },
    clear() {
      subscriptions.clear()
    },
    isEmpty() {
      return subscriptions.size === 0
    },
  }
}
