import type { ChangeListener } from '../adapters/adapter'
import { oneByOne } from './survey'
import type { Turns } from './turns'
import type { View } from './view'

/** What storage has told of and what has not been read since. */
export interface Hints {
  /** Adapters call it with what they like, as often as they like: what is not understood may mean anything. */
  readonly take: ChangeListener
  readonly areWaiting: boolean
  /** What is to be read now; it is no longer waiting. */
  next(): { readonly all: boolean; readonly ids: readonly string[] }
}

/** `again` takes what was put off. */
export function hintsOf(view: Pick<View, 'known'>, writing: Turns, again: ChangeListener): Hints {
  const hinted = new Set<string>()
  let all = false

  function takeOne(id: string, revision: string | null | undefined): void {
    // Most likely the note of the write that is under way here, and what that wrote is then known.
    const mine = revision === undefined ? undefined : writing.settling(id)
    if (mine !== undefined) void mine.then(() => again([id], [revision ?? null]))
    else if (revision !== (view.known(id)?.revision ?? null)) hinted.add(id)
  }

  return {
    take(ids, revisions) {
      if (!all && areIds(ids)) {
        const told = Array.isArray(revisions) ? revisions : []
        for (const [at, id] of ids.entries()) takeOne(id, told[at])
      } else all = true
      // Read as one list in any case: there is no need to know them.
      if (!all && hinted.size <= oneByOne) return
      all = true
      hinted.clear()
    },
    get areWaiting() {
      return all || hinted.size > 0
    },
    next() {
      const now = { all, ids: [...hinted] }
      hinted.clear()
      all = false
      return now
    },
  }
}

function areIds(ids: unknown): ids is readonly string[] {
  return Array.isArray(ids) && ids.every((id) => typeof id === 'string')
}
