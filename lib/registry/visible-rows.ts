import type { TimeSlices } from '../time-slices'
import type { GrantedRows } from './granted-rows'
import type { Row } from './row'
import { changedSince } from './snapshot'
import type { Snapshot } from './snapshot'
import { seenBy } from './visibility'
import type { Scope } from './visibility'

/** The listed rows that a caller sees. */
export interface VisibleRows {
  readonly rows: readonly Row[]
  /** Equal for the same rows, whatever else changed. */
  readonly version: number
}

/** Computes what is visible once for each scope and snapshot, in slices; after a change of one row, for that row. */
export interface Visibility {
  of(scope: Scope, snapshot: Snapshot, listed: readonly Row[]): Promise<VisibleRows>
}

interface Entry extends VisibleRows {
  readonly revision: number
  readonly listed: number
  /** Whether the list was the snapshot's rows and nothing that stands for one. */
  readonly isPlain: boolean
}

/** Row references of all scopes together, of 8 bytes each. */
const defaultMaxReferences = 4_000_000

export interface VisibilityOptions {
  /** Rows that a scope sees beside those of the list. @default none */
  readonly granted?: Pick<GrantedRows, 'of'>
  /** @default 4000000 */
  readonly maxReferences?: number
}

export function createVisibility(
  slices: TimeSlices,
  { granted, maxReferences = defaultMaxReferences }: VisibilityOptions = {},
): Visibility {
  const entries = new Map<string, Entry>()
  const making = new Map<string, Promise<Entry>>()
  const versions = new WeakMap<readonly Row[], number>()
  const forAdmin = new WeakMap<readonly Row[], readonly Row[]>()
  let latestVersion = 0
  let references = 0

  function versionOf(listed: readonly Row[]): number {
    const version = versions.get(listed) ?? ++latestVersion
    versions.set(listed, version)
    return version
  }

  /** Once for each list: they see all of it but aliases of a team's models. */
  function rowsForAdmin(scope: Scope, listed: readonly Row[]): readonly Row[] {
    const rows = forAdmin.get(listed) ?? seenBy(listed, scope)
    forAdmin.set(listed, rows)
    return rows
  }

  function remove(key: string): void {
    references -= entries.get(key)?.rows.length ?? 0
    entries.delete(key)
  }

  /** What is older than all known changes would be computed anew, and holds rows of its time until then. */
  function keep(key: string, entry: Entry, { revision, changes }: Snapshot): void {
    const before = entries.get(key)
    if (before !== undefined && before.revision > entry.revision) return
    remove(key)
    entries.set(key, entry)
    references += entry.rows.length
    for (const [oldest, other] of entries) {
      const isOld = other.revision < revision - changes.length
      if (other === entry || !(isOld || references > maxReferences)) return
      remove(oldest)
    }
  }

  async function compute(
    scope: Scope,
    snapshot: Snapshot,
    listed: readonly Row[],
    before: Entry | undefined,
  ): Promise<Entry> {
    const isPlain = listed === snapshot.rows
    const now = { revision: snapshot.revision, listed: versionOf(listed), isPlain }
    // Where patterns or aliases are or were listed, a row shows in more than its own place, and hides what it takes the name of.
    const changes = before?.isPlain === true && isPlain ? changedSince(snapshot, before.revision) : undefined
    if (before !== undefined && changes?.some(({ facts }) => facts.some(scope.sees)) === false)
      return { ...before, ...now }
    const changed = new Set(changes?.map(({ id }) => id))
    const seen = new Set(changes === undefined ? [] : before?.rows)
    const visible = await slices.filter(listed, (row) =>
      changes === undefined || changed.has(row.id) ? scope.lists(row) : seen.has(row),
    )
    const more = (await granted?.of(scope, snapshot, visible)) ?? []
    const rows = more.length === 0 ? visible : [...visible, ...more]
    const isSame = before?.rows.length === rows.length && rows.every((row, at) => row === before.rows[at])
    return isSame ? { ...before, ...now } : { ...now, rows, version: ++latestVersion }
  }

  return {
    async of(scope, snapshot, listed) {
      const version = versionOf(listed)
      if (scope.admin) return { rows: rowsForAdmin(scope, listed), version }
      const known = entries.get(scope.key)
      if (known?.listed === version) {
        keep(scope.key, known, snapshot)
        return known
      }
      const job = `${version} ${scope.key}`
      const underWay = making.get(job)
      if (underWay !== undefined) return underWay
      const made = compute(scope, snapshot, listed, known)
      making.set(job, made)
      try {
        const entry = await made
        keep(scope.key, entry, snapshot)
        return entry
      } finally {
        making.delete(job)
      }
    },
  }
}
