import type { StoredModel } from '../adapters/adapter'
import { jsonEquals } from '../json'
import { isRow, storedRow } from './row'
import type { Row, SetAside } from './row'
import { emptySnapshot, snapshotOf, withStored } from './snapshot'
import type { Alias, Snapshot } from './snapshot'

/** What became different in one step. */
export interface ViewChange {
  readonly before: Snapshot
  readonly after: Snapshot
  /** Ids of the rows that came, changed or went. */
  readonly ids: readonly string[]
}

/** The one snapshot that lists and `resolve()` read, and the only place where it is replaced. */
export interface View {
  readonly snapshot: Snapshot
  /** Rows that storage holds and that cannot be served. */
  readonly setAside: readonly SetAside[]
  configure(rows: readonly Row[], aliases?: readonly Alias[]): void
  /** What storage says of one row: `undefined` when it is gone. Returns the row that is now served, if any. */
  put(id: string, model: StoredModel | undefined): Row | undefined
  /** What storage says of all rows. `isNews` tells for which ids to believe it; the others stay as they are. */
  putAll(models: readonly StoredModel[], isNews: (id: string) => boolean): void
}

/** More changes than this in one read are cheaper to apply by building the snapshot anew. */
const rebuildAbove = 64

export function viewOf(where: string, onChange: (change: ViewChange) => void): View {
  let snapshot = emptySnapshot
  let setAside: ReadonlyMap<string, SetAside> = new Map()

  function become(after: Snapshot, ids: readonly string[]): void {
    const before = snapshot
    if (after === before) return
    snapshot = after
    onChange({ before, after, ids })
  }

  /** The row as it is in the view when it is the same revision: its bytes are ready. */
  function rowOf(model: StoredModel): Row | SetAside {
    const known = snapshot.shadowed.get(model.id) ?? snapshot.byId.get(model.id)
    return known?.stored === true && known.revision === model.revision ? known : storedRow(model, where)
  }

  function noteSetAside(id: string, entry: SetAside | undefined): void {
    if (entry === undefined && !setAside.has(id)) return
    const next = new Map(setAside)
    if (entry === undefined) next.delete(id)
    else next.set(id, entry)
    setAside = next
  }

  function put(id: string, model: StoredModel | undefined): Row | undefined {
    const made = model === undefined ? undefined : rowOf(model)
    const row = made !== undefined && isRow(made) ? made : undefined
    noteSetAside(id, made !== undefined && !isRow(made) ? made : undefined)
    become(withStored(snapshot, id, row), [id])
    return snapshot.byId.get(id)
  }

  return {
    get snapshot() {
      return snapshot
    },
    get setAside() {
      return [...setAside.values()]
    },
    put,
    configure(rows, aliases = []) {
      const known = new Map(snapshot.configured.map((row) => [row.revision + row.id, row] as const))
      const kept = rows.map((row) => known.get(row.revision + row.id) ?? row)
      const same =
        kept.length === snapshot.configured.length && kept.every((row, at) => row === snapshot.configured[at])
      if (same && jsonEquals(aliases, snapshot.aliases)) return
      const after = snapshotOf(kept, snapshot.stored, snapshot.revision + 1, aliases)
      become(after, changedIds(snapshot.configured, kept))
    },
    putAll(models, isNews) {
      const kept = new Map(
        snapshot.stored.filter((row) => !isNews(row.id)).map((row) => [row.id, row] as const),
      )
      const rows: Row[] = []
      const aside = new Map<string, SetAside>()
      for (const model of models) {
        const made = isNews(model.id) ? rowOf(model) : kept.get(model.id)
        kept.delete(model.id)
        if (made === undefined) continue
        if (isRow(made)) rows.push(made)
        else aside.set(model.id, made)
      }
      rows.push(...kept.values())
      setAside = aside
      const ids = changedIds(snapshot.stored, rows)
      const same = (stored: readonly Row[]): boolean =>
        stored.length === rows.length && rows.every((row, at) => row === stored[at])
      if (same(snapshot.stored)) return
      const rebuilt = (): Snapshot =>
        snapshotOf(snapshot.configured, rows, snapshot.revision + 1, snapshot.aliases)
      if (ids.length === 0 || ids.length > rebuildAbove) return become(rebuilt(), ids)
      const byId = new Map(rows.map((row) => [row.id, row] as const))
      let next = snapshot
      for (const id of ids) next = withStored(next, id, byId.get(id))
      become(same(next.stored) ? next : rebuilt(), ids)
    },
  }
}

function changedIds(before: readonly Row[], after: readonly Row[]): readonly string[] {
  const rest = new Map(before.map((row) => [row.id, row] as const))
  const changed: string[] = []
  for (const row of after) {
    const known = rest.get(row.id)
    rest.delete(row.id)
    if (known?.revision !== row.revision) changed.push(row.id)
  }
  return [...changed, ...rest.keys()]
}
