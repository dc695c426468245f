import { layeredMapOver } from './layered-map'
import type { LayeredMap } from './layered-map'
import { isPattern } from './patterns'
import type { TimeSlices } from '../time-slices'
import type { AccessFacts, Row } from './row'

/** `router_settings.model_group_alias`: calls of `alias` go to `target`, unless a model has that name. A hidden one works but is in no list. */
export interface Alias {
  readonly alias: string
  readonly target: string
  readonly hidden: boolean
}

/** One row that came, changed or went. It holds no row: those that went are gone. */
export interface Change {
  /** Of the snapshot that shows it first. */
  readonly revision: number
  readonly id: string
  /** Of the row as it was and as it is, as far as it is served. */
  readonly facts: readonly AccessFacts[]
}

/** Everything one instance knows at one moment. Every index is derived from the same rows; nothing in it changes. */
export interface Snapshot {
  /** Grows with every change on this instance; says nothing about other instances. */
  readonly revision: number
  /** The rows of the config file in its order, then the stored ones in creation order. */
  readonly rows: readonly Row[]
  readonly configured: readonly Row[]
  /** All that storage has, shadowed rows included. */
  readonly stored: readonly Row[]
  readonly byId: LayeredMap<Row>
  /** By `model_name`, and by `team_public_model_name` where that differs. */
  readonly byName: LayeredMap<readonly Row[]>
  /** Rows whose name is a pattern, as `openai/*`. */
  readonly wildcards: readonly Row[]
  /** The same by team, `null` for everybody's: a call looks at those of its caller. */
  readonly wildcardsByTeam: ReadonlyMap<string | null, readonly Row[]>
  /** Other names for names, as the config file gives them. */
  readonly aliases: readonly Alias[]
  /** Stored rows, by id, that are not served because the config file has a row of that id. */
  readonly shadowed: ReadonlyMap<string, Row>
  /** The latest changes, one a revision, back to where more than a row changed. */
  readonly changes: readonly Change[]
}

/** So many changes are known; whoever looks later than that looks at all rows. */
const changesKept = 64

export const emptySnapshot: Snapshot = snapshotOf([], [], 0)

/** A snapshot built from scratch. Of two configured rows with one id the later one answers to it, as in LiteLLM. */
export function snapshotOf(
  configured: readonly Row[],
  stored: readonly Row[],
  revision: number,
  aliases: readonly Alias[] = [],
): Snapshot {
  const fileIds = new Set(configured.map((row) => row.id))
  const rows = [...configured, ...stored.filter((row) => !fileIds.has(row.id))]
  const byId = new Map(rows.map((row) => [row.id, row] as const))
  return snapshotFrom({ configured, stored, revision, aliases, fileIds }, rows, byId, groupedByName(rows))
}

/** The same, in slices. */
export async function snapshotInSlices(
  configured: readonly Row[],
  stored: readonly Row[],
  revision: number,
  aliases: readonly Alias[],
  slices: TimeSlices,
): Promise<Snapshot> {
  const fileIds = new Set(configured.map((row) => row.id))
  const rows = configured.concat(await slices.filter(stored, (row) => !fileIds.has(row.id)))
  const byId = new Map<string, Row>()
  const grouped = new Map<string, Row[]>()
  await slices.map(rows, (row) => {
    byId.set(row.id, row)
    addByName(grouped, row)
  })
  return snapshotFrom({ configured, stored, revision, aliases, fileIds }, rows, byId, grouped)
}

interface SnapshotParts extends Pick<Snapshot, 'configured' | 'stored' | 'revision' | 'aliases'> {
  readonly fileIds: ReadonlySet<string>
}

function snapshotFrom(
  { fileIds, ...parts }: SnapshotParts,
  rows: readonly Row[],
  byId: ReadonlyMap<string, Row>,
  byName: ReadonlyMap<string, readonly Row[]>,
): Snapshot {
  return {
    ...parts,
    rows,
    byId: layeredMapOver(byId),
    byName: layeredMapOver(byName),
    ...wildcardsIn(rows),
    shadowed: shadowedOf(fileIds, parts.stored),
    changes: [],
  }
}

/** The rows of each name that they answer to. */
export function groupedByName(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) addByName(groups, row)
  return groups
}

function wildcardsIn(rows: readonly Row[]): Pick<Snapshot, 'wildcards' | 'wildcardsByTeam'> {
  const wildcards = rows.filter(isWildcard)
  const byTeam = new Map<string | null, Row[]>()
  for (const row of wildcards) addTo(byTeam, row.teamId, row)
  return { wildcards, wildcardsByTeam: byTeam }
}

function addByName(groups: Map<string, Row[]>, row: Row): void {
  for (const name of namesOf(row)) addTo(groups, name, row)
}

function addTo<K>(groups: Map<K, Row[]>, key: K, row: Row): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [row])
  else group.push(row)
}

/** The next snapshot after one stored row came, changed or went. Equal to building it from scratch, without the cost. */
export function withStored(snapshot: Snapshot, id: string, row: Row | undefined): Snapshot {
  const served = snapshot.byId.get(id)
  const isShadowed = served?.stored === false
  const before = isShadowed ? snapshot.shadowed.get(id) : served
  if (before === row) return snapshot
  const at = before === undefined ? -1 : snapshot.stored.indexOf(before)
  const stored = splice(snapshot.stored, at, row)
  const revision = snapshot.revision + 1
  const changes = snapshot.changes.slice(1 - changesKept)
  if (isShadowed) {
    const shadowed = new Map(snapshot.shadowed)
    if (row === undefined) shadowed.delete(id)
    else shadowed.set(id, row)
    return { ...snapshot, revision, stored, shadowed, changes: [...changes, { revision, id, facts: [] }] }
  }
  let byName = snapshot.byName
  for (const name of new Set([before, row].flatMap((one) => (one === undefined ? [] : namesOf(one))))) {
    const group = regroup(byName.get(name) ?? [], name, before, row, stored)
    byName = group.length === 0 ? byName.without(name) : byName.with(name, group)
  }
  const { shadowed, configured } = snapshot
  const visible = shadowed.size === 0 ? stored : stored.filter((one) => !shadowed.has(one.id))
  // Nothing here is ever changed, so that one array may be both.
  const rows = configured.length === 0 ? visible : configured.concat(visible)
  const touchesWildcards =
    (before !== undefined && isWildcard(before)) || (row !== undefined && isWildcard(row))
  const facts = [before, row].flatMap((one) => (one === undefined ? [] : [factsOf(one)]))
  return {
    ...snapshot,
    revision,
    stored,
    rows,
    byId: row === undefined ? snapshot.byId.without(id) : snapshot.byId.with(id, row),
    byName,
    ...(touchesWildcards ? wildcardsIn(rows) : {}),
    // A pattern may stand for more than itself, and a row of very many groups is too large to be kept.
    changes: touchesWildcards || facts.some(isLarge) ? [] : [...changes, { revision, id, facts }],
  }
}

/** The changes since that revision; undefined where not all of them are known. */
export function changedSince(snapshot: Snapshot, revision: number): readonly Change[] | undefined {
  const since = snapshot.changes.filter((change) => change.revision > revision)
  return since.length === snapshot.revision - revision ? since : undefined
}

function factsOf({ teamId, publicName, accessGroups, deployment }: Row): AccessFacts {
  return { teamId, publicName, accessGroups, deployment: { model_name: deployment.model_name } }
}

function isLarge({ publicName, accessGroups, deployment }: AccessFacts): boolean {
  const texts = [publicName, deployment.model_name, ...accessGroups]
  return texts.length > 100 || texts.reduce((length, text) => length + text.length, 0) > 10_000
}

/** Whether everybody's models have this name: then neither an alias nor a pattern stands in for it. */
export function isTaken({ byName }: Snapshot, name: string): boolean {
  return (byName.get(name) ?? []).some((row) => row.teamId === null)
}

function shadowedOf(fileIds: ReadonlySet<string>, stored: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(stored.filter((row) => fileIds.has(row.id)).map((row) => [row.id, row] as const))
}

function splice(stored: readonly Row[], at: number, row: Row | undefined): readonly Row[] {
  if (at < 0) return row === undefined ? stored : insert(stored, row)
  if (row === undefined) return stored.toSpliced(at, 1)
  return stored[at]?.audit.createdAt === row.audit.createdAt
    ? stored.with(at, row)
    : insert(stored.toSpliced(at, 1), row)
}

/** At its place by creation time, behind equals: where the adapter's `list()` would put it, as far as one can know. */
export function insert(rows: readonly Row[], row: Row, isBehind = later): readonly Row[] {
  let at = rows.length
  for (let other = rows[at - 1]; other?.stored === true && isBehind(other, row); other = rows[at - 1]) at--
  return rows.toSpliced(at, 0, row)
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
  const at = before === undefined ? -1 : group.indexOf(before)
  const isNamed = row !== undefined && namesOf(row).includes(name)
  if (isNamed && at >= 0 && before?.audit.createdAt === row.audit.createdAt) return group.with(at, row)
  const others = at < 0 ? group : group.toSpliced(at, 1)
  if (!isNamed) return others
  // Only rows of one creation time, as a file written by hand may have, need their places.
  let places: ReadonlyMap<Row, number> | undefined
  const placeOf = (one: Row): number =>
    (places ??= new Map(stored.map((other, place) => [other, place]))).get(one) ?? -1
  const isBehind = (one: Row, other: Row): boolean =>
    one.audit.createdAt === other.audit.createdAt ? placeOf(one) > placeOf(other) : later(one, other)
  return insert(others, row, isBehind)
}

function namesOf(row: Row): readonly string[] {
  const { model_name: name } = row.deployment
  return row.publicName === name ? [name] : [name, row.publicName]
}

export function isWildcard(row: Row): boolean {
  return isPattern(row.publicName)
}
