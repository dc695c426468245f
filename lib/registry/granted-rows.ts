import type { TimeSlices } from '../time-slices'
import { mostSpecific, preferred } from './by-name'
import type { Listing } from './listing'
import type { Row } from './row'
import type { Snapshot } from './snapshot'
import type { Scope } from './visibility'

/** What a caller may call by a name of its own list, and sees in no list since only a pattern answers to it. */
export interface GrantedRows {
  of(scope: Scope, snapshot: Snapshot, seen: readonly Row[]): Promise<readonly Row[]>
  /** The same in one piece. */
  ofNow(scope: Scope, snapshot: Snapshot, seen: readonly Row[]): readonly Row[]
}

export function createGrantedRows(listing: Pick<Listing, 'byPattern'>, slices: TimeSlices): GrantedRows {
  const groups = new WeakMap<readonly Row[], ReadonlySet<string>>()

  function groupsIn(rows: readonly Row[]): ReadonlySet<string> {
    const known = groups.get(rows) ?? new Set(rows.flatMap(({ accessGroups }) => accessGroups))
    groups.set(rows, known)
    return known
  }

  /** A list of names may also hold access groups, which are no models. */
  function unlisted({ grantedNames }: Scope, snapshot: Snapshot, seen: readonly Row[]): readonly string[] {
    if (grantedNames.length === 0 || snapshot.wildcards.length === 0) return []
    const known = new Set(seen.map(({ publicName }) => publicName))
    for (const { alias } of snapshot.aliases) known.add(alias)
    const names = grantedNames.filter((name) => !known.has(name))
    return names.length === 0 ? names : names.filter((name) => !groupsIn(snapshot.rows).has(name))
  }

  const rowsFor = (scope: Scope, snapshot: Snapshot, name: string): readonly Row[] =>
    mostSpecific(preferred(listing.byPattern(snapshot, name, scope.lists)))

  return {
    async of(scope, snapshot, seen) {
      const names = unlisted(scope, snapshot, seen)
      return (await slices.map(names, (name) => rowsFor(scope, snapshot, name))).flat()
    },
    ofNow: (scope, snapshot, seen) =>
      unlisted(scope, snapshot, seen).flatMap((name) => rowsFor(scope, snapshot, name)),
  }
}
