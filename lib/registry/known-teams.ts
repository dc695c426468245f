import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { grantOf, listOfTeams } from './grant'
import type { Grant } from './grant'
import type { Row } from './row'
import type { Scope } from './visibility'

export type RowFilter = (row: Row) => boolean

/** What is known of teams: the models that belong to one, and those that callers may use through it. */
export interface KnownTeams {
  /**
   * Tells which rows the team may use; undefined where no team is asked for. Of a team that nobody knows there are none. Throws
   * `foreign_team` for a team that the caller is not in.
   */
  filterFor(scope: Scope, teamId: string | undefined, rows: readonly Row[]): RowFilter | undefined
  /** The same, and throws `unknown_team` for a team that nobody knows. */
  assertKnown(scope: Scope, teamId: string | undefined, rows: readonly Row[]): RowFilter | undefined
}

const isNobodys: RowFilter = () => false

/** `callers` are those that the options name. Of other teams only their models are known, so that nothing restricts them. */
export function createKnownTeams(callers: readonly Pick<Caller, 'teams'>[]): KnownTeams {
  const teams = callers.flatMap(({ teams: all = [] }) => all)
  const ids = new Set(teams.map(({ id }) => id))
  const grants = new Map<string, Grant>(
    [...ids].map((id) => [id, grantOf(listOfTeams(teams.filter((team) => team.id === id)))] as const),
  )
  const unrestricted = grantOf(undefined)
  const owners = new WeakMap<readonly Row[], ReadonlySet<string | null>>()

  function ownersOf(rows: readonly Row[]): ReadonlySet<string | null> {
    const known = owners.get(rows) ?? new Set(rows.map(({ teamId }) => teamId))
    owners.set(rows, known)
    return known
  }

  function filterFor(scope: Scope, teamId: string | undefined, rows: readonly Row[]): RowFilter | undefined {
    if (teamId === undefined || teamId.trim() === '') return undefined
    const own = scope.ofTeam(teamId)
    if (own !== undefined) return own
    const known = grants.get(teamId)
    if (known === undefined && !ownersOf(rows).has(teamId)) return isNobodys
    const grant = known ?? unrestricted
    return (row) => (row.teamId === null ? grant.covers(row) : row.teamId === teamId)
  }

  return {
    filterFor,
    assertKnown(scope, teamId, rows) {
      const filter = filterFor(scope, teamId, rows)
      if (filter !== isNobodys) return filter
      throw new ModelManagementError('unknown_team', `Team doesn't exist in db. Team=${teamId}.`, {
        param: 'team_id',
      })
    },
  }
}
