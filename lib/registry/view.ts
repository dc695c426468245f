import type { StoredModel } from '../adapters/adapter'
import { jsonEquals } from '../json'
import { isRow, storedRow } from './row'
import type { Row, SetAside } from './row'
import { emptySnapshot, insert, snapshotOf, withStored } from './snapshot'
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
  /**
   * What storage says of all rows. `isNews` tells for which ids to believe it; the others stay as they are. Returns those
   * of the others about which storage says something else: either may be the newer.
   */
  putAll(models: readonly StoredModel[], isNews: (id: string) => boolean): readonly string[]
  /** True when rows of one creation time came one by one: only a list tells their order, which is that of every instance. */
  readonly isOrderGuessed: boolean
}

/** More changes than this in one read are cheaper to apply by building the snapshot anew. */
const rebuildAbove = 64

export function viewOf(where: string, onChange: (change: ViewChange) => void): View {
  let snapshot = emptySnapshot
  let isOrderGuessed = false
  let setAside: ReadonlyMap<string, SetAside> = new Map()

  function become(after: Snapshot, ids: readonly string[]): void {
    const before = snapshot
    if (after === before) return
    snapshot = after
    onChange({ before, after, ids })
  }

  function storedOf(id: string): Row | undefined {
    const served = snapshot.byId.get(id)
    return served?.stored === false ? snapshot.shadowed.get(id) : served
  }

  /** The row as it is in the view when it is the same revision: its bytes are ready. */
  function rowOf(model: StoredModel): Row | SetAside {
    const known = storedOf(model.id)
    return known?.revision === model.revision ? known : storedRow(model, where)
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
    const before = storedOf(id)
    become(withStored(snapshot, id, row), [id])
    if (row !== undefined && !isSameMoment(row, before)) isOrderGuessed ||= isTied(snapshot.stored, row)
    return snapshot.byId.get(id)
  }

  return {
    get snapshot() {
      return snapshot
    },
    get setAside() {
      return [...setAside.values()]
    },
    get isOrderGuessed() {
      return isOrderGuessed
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
      const unsettled = new Set(kept.keys())
      const listed: Row[] = []
      const aside = new Map<string, SetAside>()
      for (const model of models) {
        const known = kept.get(model.id)
        if (known?.revision === model.revision) unsettled.delete(model.id)
        else if (!isNews(model.id)) unsettled.add(model.id)
        const made = isNews(model.id) ? rowOf(model) : known
        if (made === undefined) continue
        if (!isRow(made)) aside.set(model.id, made)
        // Deleted and created again, it stands elsewhere.
        else if (known === undefined || known.audit.createdAt === (model.createdAt || null)) {
          listed.push(made)
          kept.delete(model.id)
        }
      }
      const rows = [...kept.values()].reduce((before, row) => insert(before, row), listed as readonly Row[])
      isOrderGuessed = [...kept.values()].some((row) => isTied(rows, row))
      setAside = aside
      const ids = changedIds(snapshot.stored, rows)
      const same = (stored: readonly Row[]): boolean =>
        stored.length === rows.length && rows.every((row, at) => row === stored[at])
      if (same(snapshot.stored)) return [...unsettled]
      const rebuilt = (): Snapshot =>
        snapshotOf(snapshot.configured, rows, snapshot.revision + 1, snapshot.aliases)
      if (ids.length === 0 || ids.length > rebuildAbove) {
        become(rebuilt(), ids)
        return [...unsettled]
      }
      const byId = new Map(rows.map((row) => [row.id, row] as const))
      let next = snapshot
      for (const id of ids) next = withStored(next, id, byId.get(id))
      become(same(next.stored) ? next : rebuilt(), ids)
      return [...unsettled]
    },
  }
}

function isSameMoment(one: Row, other: Row | undefined): boolean {
  return other !== undefined && one.audit.createdAt === other.audit.createdAt
}

/** Rows are put in behind those of the same moment. */
function isTied(rows: readonly Row[], row: Row): boolean {
  const before = rows[rows.lastIndexOf(row) - 1]
  return before !== undefined && isSameMoment(before, row)
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
