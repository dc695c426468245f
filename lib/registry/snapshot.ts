import { layeredMap } from './layered-map'
import type { LayeredMap } from './layered-map'
import type { Row } from './row'

/** Everything one instance knows at one moment. Every index is derived from the same rows; nothing in it changes. */
export interface Snapshot {
  /** Grows with every change on this instance; says nothing about other instances. */
  readonly revision: number
  /** The rows of the config file in its order, then the stored ones in creation order. */
  readonly rows: readonly Row[]
  readonly configured: readonly Row[]
  readonly stored: readonly Row[]
  readonly byId: LayeredMap<Row>
  /** By `model_name`, and by `team_public_model_name` where that differs. */
  readonly byName: LayeredMap<readonly Row[]>
  /** Rows whose name is a pattern, as `openai/*`. */
  readonly wildcards: readonly Row[]
  /** Ids that both the config file and storage have; the file's row is the one that is served. */
  readonly shadowed: readonly string[]
}

export const emptySnapshot: Snapshot = snapshotOf([], [], 0)

/** A snapshot built from scratch. Of two configured rows with one id the later one answers to it, as in LiteLLM. */
export function snapshotOf(configured: readonly Row[], stored: readonly Row[], revision: number): Snapshot {
  const fileIds = new Set(configured.map((row) => row.id))
  const served = fileIds.size === 0 ? stored : stored.filter((row) => !fileIds.has(row.id))
  const rows = [...configured, ...served]
  const byName = new Map<string, Row[]>()
  for (const row of rows)
    for (const name of namesOf(row)) {
      const group = byName.get(name)
      if (group === undefined) byName.set(name, [row])
      else group.push(row)
    }
  return {
    revision,
    rows,
    configured,
    stored: served,
    byId: layeredMap(rows.map((row) => [row.id, row] as const)),
    byName: layeredMap(byName),
    wildcards: rows.filter(isWildcard),
    shadowed: served === stored ? [] : stored.filter((row) => fileIds.has(row.id)).map((row) => row.id),
  }
}

/** The next snapshot after one stored row came, changed or went. Equal to building it from scratch, without the cost. */
export function withStored(snapshot: Snapshot, id: string, row: Row | undefined): Snapshot {
  const before = snapshot.byId.get(id)
  if (before?.stored === false) return snapshot
  const at = before === undefined ? -1 : snapshot.stored.indexOf(before)
  const stored = splice(snapshot.stored, at, row)
  const revision = snapshot.revision + 1
  let byName = snapshot.byName
  for (const name of new Set([before, row].flatMap((one) => (one === undefined ? [] : namesOf(one))))) {
    const group = regroup(byName.get(name) ?? [], name, before, row, stored)
    byName = group.length === 0 ? byName.without(name) : byName.with(name, group)
  }
  const touchesWildcards =
    (before !== undefined && isWildcard(before)) || (row !== undefined && isWildcard(row))
  return {
    ...snapshot,
    revision,
    stored,
    rows: snapshot.configured.concat(stored),
    byId: row === undefined ? snapshot.byId.without(id) : snapshot.byId.with(id, row),
    byName,
    wildcards: touchesWildcards ? snapshot.configured.concat(stored).filter(isWildcard) : snapshot.wildcards,
  }
}

function splice(stored: readonly Row[], at: number, row: Row | undefined): readonly Row[] {
  if (at < 0) return row === undefined ? stored : insert(stored, row)
  if (row === undefined) return stored.toSpliced(at, 1)
  return stored[at]?.audit.createdAt === row.audit.createdAt
    ? stored.with(at, row)
    : insert(stored.toSpliced(at, 1), row)
}

/** At its place by creation time, behind equals: where the adapter's `list()` would put it. */
function insert(rows: readonly Row[], row: Row, isBehind = later): readonly Row[] {
  let at = rows.length
  for (let other = rows[at - 1]; other?.stored === true && isBehind(other, row); other = rows[at - 1]) at--
  return at === rows.length ? [...rows, row] : rows.toSpliced(at, 0, row)
}

function later(one: Row, other: Row): boolean {
  return (one.audit.createdAt ?? '') > (other.audit.createdAt ?? '')
}

/** The rows of one name after the change, in the order of `stored`. */
function regroup(
  group: readonly Row[],
  name: string,
  before: Row | undefined,
  row: Row | undefined,
  stored: readonly Row[],
): readonly Row[] {
  const others = group.filter((other) => other !== before)
  if (row === undefined || !namesOf(row).includes(name)) return others
  // Only rows of one creation time, as a file written by hand may have, need the slow comparison.
  const place = (one: Row, other: Row): boolean =>
    one.audit.createdAt === other.audit.createdAt
      ? stored.indexOf(one) > stored.indexOf(other)
      : later(one, other)
  return insert(others, row, place)
}

function namesOf(row: Row): readonly string[] {
  const { model_name: name } = row.deployment
  return row.publicName === name ? [name] : [name, row.publicName]
}

export function isWildcard(row: Row): boolean {
  return row.publicName.includes('*')
}
