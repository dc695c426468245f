import type { Row } from './row'
import { nameFor } from './visibility'
import type { Scope } from './visibility'

/**
 * The rows that answer when the caller calls by a name, of those listed under it: what lists say of a name is said of them. In the order
 * of the first row of each name. An administrator who asks for one team sees them as its members do.
 */
export function byName(
  rows: readonly Row[],
  scope: Scope,
  isForTeam = false,
): ReadonlyMap<string, readonly [Row, ...Row[]]> {
  const named = new Map<string, [Row, ...Row[]]>()
  for (const row of rows) {
    // Administrators are in no team, and call its models by no public name.
    if (scope.admin && !isForTeam && row.teamId !== null) continue
    const name = nameFor(row, scope)
    const group = named.get(name)
    if (group === undefined) named.set(name, [row])
    else group.push(row)
  }
  for (const [name, group] of named) if (group.length > 1) named.set(name, answering(group))
  return named
}

/** What a team calls so is meant by its members, where the team has something by that name. */
export function preferred(rows: readonly Row[]): readonly Row[] {
  const own = rows.filter((row) => row.teamId !== null)
  return own.length > 0 ? own : rows
}

/** `openai/*` is meant rather than `*`. */
export function mostSpecific(rows: readonly Row[]): readonly Row[] {
  const lengths = rows.map((row) => wildcardOf(row).publicName.length)
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  return rows.filter((_, at) => lengths[at] === longest)
}

/** As `callable()` looks them up. */
const steps = { teamName: 0, alias: 1, aliasOfPattern: 2, name: 3, pattern: 4 } as const

function answering(rows: readonly [Row, ...Row[]]): [Row, ...Row[]] {
  const taken = rows.map((row) => stepOf(row))
  const first = taken.reduce<number>((least, step) => Math.min(least, step), steps.pattern)
  const answer = preferred(rows.filter((_, at) => taken[at] === first))
  const byPattern = first === steps.pattern || first === steps.aliasOfPattern
  const [row = rows[0], ...others] = byPattern ? mostSpecific(answer) : answer
  return [row, ...others]
}

function stepOf({ standsFor, isAlias, teamId }: Row): number {
  if (standsFor === undefined) return teamId === null ? steps.name : steps.teamName
  if (isAlias !== true) return steps.pattern
  return standsFor.standsFor === undefined ? steps.alias : steps.aliasOfPattern
}

function wildcardOf(row: Row): Row {
  return row.standsFor === undefined ? row : wildcardOf(row.standsFor)
}
