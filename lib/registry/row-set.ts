import type { TimeSlices } from '../time-slices'
import type { Row } from './row'
import { changedSince } from './snapshot'
import type { Snapshot } from './snapshot'

/** The rows that a test holds for, kept up to date as rows change. */
export interface RowSet {
  /** Of the latest snapshot; of an earlier one while many rows are being looked at anew. */
  current(): RowMatches
  /** Looks at what changed, in slices. */
  update(): Promise<RowMatches>
}

export interface RowMatches {
  /** Ids of stored rows. */
  readonly stored: ReadonlySet<string>
  /** How many rows, those of the config file included. */
  readonly count: number
}

export interface RowSetParts {
  readonly snapshot: () => Snapshot
  /** Another object where the test may have another result than before. */
  readonly basis: () => object
  test(row: Row): boolean
  readonly slices: TimeSlices
}

interface State extends RowMatches {
  readonly basis: object
  readonly revision: number
  readonly configured: readonly Row[]
  readonly inFile: number
}

/** So many are looked at in one piece. */
const fewRows = 500

export function createRowSet({ snapshot, basis, test, slices }: RowSetParts): RowSet {
  let state: State | undefined
  let updating: Promise<unknown> | undefined

  function isCurrent(now: Snapshot): boolean {
    return state?.revision === now.revision && state.basis === basis()
  }

  /** What one revision changed is known without looking at any other row. */
  function follow(now: Snapshot): boolean {
    if (state === undefined || state.basis !== basis() || state.configured !== now.configured) return false
    const changes = changedSince(now, state.revision)
    if (changes === undefined) return false
    const stored = new Set(state.stored)
    for (const { id } of changes) {
      const row = now.byId.get(id)
      if (row?.stored === true && test(row)) stored.add(id)
      else stored.delete(id)
    }
    take(now, state.basis, stored, state.inFile)
    return true
  }

  function take(now: Snapshot, on: object, stored: ReadonlySet<string>, inFile: number): void {
    const { revision, configured } = now
    state = { basis: on, revision, configured, stored, inFile, count: stored.size + inFile }
  }

  function takeRows(now: Snapshot, on: object, matching: readonly Row[]): void {
    const stored = matching.filter((row) => row.stored)
    take(now, on, new Set(stored.map(({ id }) => id)), matching.length - stored.length)
  }

  async function updateAll(): Promise<void> {
    for (let now = snapshot(); !isCurrent(now) && !follow(now); now = snapshot()) {
      const on = basis()
      takeRows(now, on, await slices.filter(now.rows, test))
    }
  }

  async function update(): Promise<RowMatches> {
    updating ??= updateAll().finally(() => (updating = undefined))
    await updating
    return state ?? nothing
  }

  return {
    current() {
      const now = snapshot()
      if (isCurrent(now) || follow(now)) return state ?? nothing
      if (now.rows.length <= fewRows) takeRows(now, basis(), now.rows.filter(test))
      else update().catch(() => {})
      return state ?? nothing
    },
    update,
  }
}

const nothing: RowMatches = { stored: new Set(), count: 0 }
