import { fail } from 'node:assert'
import type { ModelSource, StoredModel, Unwatch } from '../adapters/adapter'
import type { JsonObject } from '../json'

/** One call of the listener. */
export interface Hint {
  readonly ids: readonly string[] | 'all'
  /** What `get` shows when begun inside the listener, of the id that the ear is for. */
  readonly model: Promise<StoredModel | undefined>
  /** What `readSettings` shows when begun inside the listener of an ear that is for no model. */
  readonly settings: Promise<JsonObject | null>
}

/** A listener that remembers, and can be waited on without sleeping. */
export interface Ear {
  readonly hints: readonly Hint[]
  /** Resolves at the first hint that fits, rejects when none comes in time. Each hint is looked at once. */
  until(what: string, fits: (hint: Hint) => boolean | Promise<boolean>): Promise<void>
  /** What was heard until now does not count any more. */
  forget(): void
  unwatch(): Promise<void>
}

type WatchedSource = ModelSource & Pick<Required<ModelSource>, 'watch'>

export async function listenTo(source: WatchedSource, waitMs: number, id?: string): Promise<Ear> {
  const hints: Hint[] = []
  let next = 0
  let wake = (): void => {}

  const stop: Unwatch = await source.watch((ids) => {
    const model = id === undefined ? Promise.resolve(undefined) : source.get(id)
    const settings = (id === undefined ? source.readSettings?.() : undefined) ?? Promise.resolve(null)
    // A hint that nobody waits for may end in a read after close.
    for (const read of [model, settings]) read.catch(() => {})
    hints.push({ ids, model, settings })
    wake()
  })
  let stopped = false

  /** False when the deadline came first. */
  function another(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), deadline - Date.now())
      wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  return {
    hints,
    async until(what, fits) {
      const deadline = Date.now() + waitMs
      for (;;) {
        for (let hint = hints[next]; hint !== undefined; hint = hints[next]) {
          next += 1
          if (await fits(hint)) return
        }
        if (!(await another(deadline))) fail(`the listener was not told within ${waitMs} ms: ${what}`)
      }
    },
    forget() {
      next = hints.length
    },
    async unwatch() {
      if (stopped) return
      stopped = true
      await stop()
    },
  }
}

/** A hint that names the model, or everything, and comes when `get` shows what `expected` says of it. */
export function shows(id: string, expected: (model: StoredModel | undefined) => boolean) {
  return async ({ ids, model }: Hint): Promise<boolean> => {
    return (ids === 'all' || ids.includes(id)) && expected(await model)
  }
}
