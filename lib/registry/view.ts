import type { StoredModel } from '../adapters/adapter'
import { jsonEquals } from '../json'
import { createTimeSlices } from '../time-slices'
import type { TimeSlices } from '../time-slices'
import { sizeOf } from './deployment-size'
import { isRow, storedRow } from './row'
import type { Reading, Row, SetAside, Unserved } from './row'
import { emptySnapshot, insert, snapshotInSlices, snapshotOf, withStored } from './snapshot'
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
  /**
   * What is made of what an adapter gave for a model, by its place in a list or the id it was asked for: what the view has,
   * where it has it in this revision, since its bytes are ready.
   */
  reading(given: unknown, asked: number | string): Reading
  /** Bytes that a row counts for; known before anybody asks, since that is for all rows at once. */
  sizeOf(row: Row): number
  /** What storage last said of a model. */
  known(id: string): Reading | undefined
  /** What storage says of one row: `undefined` when it is gone. Returns the row that is now served, if any. */
  put(id: string, model: StoredModel | undefined): Row | undefined
  /** Does in slices what `putAll` would do with these in one piece, so that it has little left to do. */
  prepare(readings: readonly Reading[]): Promise<void>
  /**
   * What storage says of all rows. `isNews` tells for which ids to believe it; the others stay as they are. Returns those
   * of the others about which storage says something else: either may be the newer.
   */
  putAll(readings: readonly Reading[], isNews: (id: string) => boolean): readonly string[]
  /** True when rows of one creation time came one by one: only a list tells their order, which is that of every instance. */
  readonly isOrderGuessed: boolean
}

/** More changes than this in one read are cheaper to apply by building the snapshot anew. */
const rebuildAbove = 64

export interface ViewOptions {
  readonly slices?: TimeSlices
  /** Characters of a model's name. @default no limit */
  readonly maxNameLength?: number
}

/** `onAside` hears of rows that cannot be served, of each once for as long as it stays the same. */
export function viewOf(
  where: string,
  onChange: (change: ViewChange) => void,
  onAside: (news: readonly SetAside[]) => void = () => {},
  { slices = createTimeSlices(), maxNameLength = Infinity }: ViewOptions = {},
): View {
  let snapshot = emptySnapshot
  let isOrderGuessed = false
  let prepared: Snapshot | undefined
  let unserved: ReadonlyMap<string, Unserved> = new Map()

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

  const known = (id: string): Reading | undefined => storedOf(id) ?? unserved.get(id)

  function reading(given: unknown, asked: number | string): Reading {
    const { id, revision } = Object(given) as Partial<StoredModel>
    const read = id === undefined ? undefined : known(id)
    if (read !== undefined && read.revision === revision && (id === asked || typeof asked === 'number'))
      return read
    const made = storedRow(given, where, asked, maxNameLength)
    if (isRow(made)) {
      sizeOf(made.deployment)
      return made
    }
    // What is not even a model has no revision to know it by.
    const before = unserved.get(made.id)
    return jsonEquals(before, made) ? (before ?? made) : made
  }

  function noteUnserved(id: string, entry: Unserved | undefined): void {
    if (entry === unserved.get(id)) return
    const next = new Map(unserved)
    if (entry === undefined) next.delete(id)
    else next.set(id, entry)
    setAside(next)
  }

  function setAside(next: ReadonlyMap<string, Unserved>): void {
    const news = Array.from(next).filter(([id, entry]) => unserved.get(id) !== entry)
    unserved = next
    onAside(news.map(([, entry]) => entry.setAside))
  }

  function put(id: string, model: StoredModel | undefined): Row | undefined {
    const made = model === undefined ? undefined : reading(model, id)
    const row = made !== undefined && isRow(made) ? made : undefined
    noteUnserved(id, made !== undefined && !isRow(made) ? made : undefined)
    const before = storedOf(id)
    become(withStored(snapshot, id, row), [id])
    if (row !== undefined && !isSameMoment(row, before)) isOrderGuessed ||= isTied(snapshot.stored, row)
    return snapshot.byId.get(id)
  }

  /** With these stored rows, from what was prepared if that is nearly the same. */
  function rebuilt(rows: readonly Row[]): Snapshot {
    const { configured, revision, aliases } = snapshot
    if (prepared?.configured === configured && prepared.aliases === aliases) {
      const changed = changedRows(prepared.stored, rows)
      const next = changed.size > rebuildAbove ? undefined : oneAfterTheOther(prepared, changed)
      if (next !== undefined && isSame(next.stored, rows))
        return { ...next, revision: revision + 1, changes: [] }
    }
    return snapshotOf(configured, rows, revision + 1, aliases)
  }

  return {
    get snapshot() {
      return snapshot
    },
    get setAside() {
      return Array.from(unserved.values(), (one) => one.setAside)
    },
    get isOrderGuessed() {
      return isOrderGuessed
    },
    sizeOf: (row) => sizeOf(row.deployment),
    known,
    reading,
    put,
    configure(rows, aliases = []) {
      const ready = new Map(snapshot.configured.map((row) => [row.revision + row.id, row] as const))
      const kept = rows.map((row) => ready.get(row.revision + row.id) ?? row)
      const same =
        kept.length === snapshot.configured.length && kept.every((row, at) => row === snapshot.configured[at])
      if (same && jsonEquals(aliases, snapshot.aliases)) return
      const after = snapshotOf(kept, snapshot.stored, snapshot.revision + 1, aliases)
      become(after, [...changedRows(snapshot.configured, kept).keys()])
    },
    async prepare(readings) {
      const rows = readings.filter(isRow)
      const { configured, aliases, revision } = snapshot
      const { length } = snapshot.stored
      const changed = rows.filter((row) => storedOf(row.id) !== row).length + Math.abs(length - rows.length)
      prepared =
        changed > rebuildAbove
          ? await snapshotInSlices(configured, rows, revision, aliases, slices)
          : undefined
    },
    putAll(readings, isNews) {
      const kept = new Map(
        snapshot.stored.filter((row) => !isNews(row.id)).map((row) => [row.id, row] as const),
      )
      const unsettled = new Set(kept.keys())
      const listed: Row[] = []
      const aside = new Map<string, Unserved>()
      for (const read of readings) {
        const own = kept.get(read.id)
        const isNew = isNews(read.id)
        if (own?.revision === read.revision) unsettled.delete(read.id)
        else if (!isNew) unsettled.add(read.id)
        const made = isNew ? read : own
        if (made === undefined) continue
        if (!isRow(made)) aside.set(read.id, made)
        // Deleted and created again, it stands elsewhere.
        else if (own === undefined || (isRow(read) && isSameMoment(own, read))) {
          listed.push(made)
          kept.delete(read.id)
        }
      }
      const rows = [...kept.values()].reduce((before, row) => insert(before, row), listed as readonly Row[])
      isOrderGuessed = [...kept.values()].some((row) => isTied(rows, row))
      setAside(aside)
      const changed = changedRows(snapshot.stored, rows)
      if (isSame(snapshot.stored, rows)) return [...unsettled]
      const ids = [...changed.keys()]
      const next = ids.length > rebuildAbove ? undefined : oneAfterTheOther(snapshot, changed)
      // Rows may also have changed places.
      const isRight = next !== undefined && isSame(next.stored, rows)
      become(isRight ? next : rebuilt(rows), ids)
      prepared = undefined
      return [...unsettled]
    },
  }
}

function oneAfterTheOther(snapshot: Snapshot, changed: ReadonlyMap<string, Row | undefined>): Snapshot {
  let next = snapshot
  for (const [id, row] of changed) next = withStored(next, id, row)
  return next
}

function isSame(before: readonly Row[], after: readonly Row[]): boolean {
  return before.length === after.length && after.every((row, at) => row === before[at])
}

function isSameMoment(one: Row, other: Row | undefined): boolean {
  return other !== undefined && one.audit.createdAt === other.audit.createdAt
}

/** Rows are put in behind those of the same moment. */
function isTied(rows: readonly Row[], row: Row): boolean {
  const before = rows[rows.lastIndexOf(row) - 1]
  return before !== undefined && isSameMoment(before, row)
}

/** The rows that came or changed, as they are, and `undefined` for those that went. */
function changedRows(before: readonly Row[], after: readonly Row[]): ReadonlyMap<string, Row | undefined> {
  // Most often a few of many thousand rows are different: what is the same at either end needs no index.
  let start = 0
  while (start < before.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const rest = new Map(before.slice(start, before.length - end).map((row) => [row.id, row] as const))
  const changed = new Map<string, Row | undefined>()
  for (const row of after.slice(start, after.length - end)) {
    const known = rest.get(row.id)
    rest.delete(row.id)
    if (known?.revision !== row.revision) changed.set(row.id, row)
  }
  for (const id of rest.keys()) changed.set(id, undefined)
  return changed
}
