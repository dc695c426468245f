import type { Caller, CallerTeam } from '../caller'
import { ModelManagementError } from '../errors'
import { isAddress } from '../model-info/addresses'
import { shownName } from '../model-info/present'
import type { Audience } from '../model-info/present'
import { grantOf, listOfTeam, listOfTeams } from './grant'
import { isPattern } from './patterns'
import type { Grant } from './grant'
import type { AccessFacts, Row } from './row'

/**
 * What one caller may see and use: the one rule behind every list, every read by id and `resolve()`.
 *
 * Follows LiteLLM: a key's `models`, else the models of its teams, else everything. A row of a team is for that team.
 */
export interface Scope {
  /** Equal for callers who see the same rows in the same way. */
  readonly key: string
  /** Sees every parameter that is not a secret. */
  readonly admin: boolean
  /** Ids of the caller's teams. */
  readonly teams: ReadonlySet<string>
  /** Whether the caller may know of the row. */
  sees(row: AccessFacts): boolean
  /** Whether the row is in this caller's lists: what is hidden there can still be called, and is listed to those who manage it. */
  lists(row: Row): boolean
  /** The names that the caller's list holds, patterns left out; empty where everything is granted. */
  readonly grantedNames: readonly string[]
  /** Whether the caller's list holds the access group itself. */
  holdsGroup(group: string): boolean
  /** How this caller sees a row that is seen. */
  audience(row: Row): Audience
  /**
   * Whether the caller may call the row by this name, which is one of its public names, or an alias that stands for `meant`. A team's row
   * is for the team's members; administrators, whose teams are none, call it by its internal name.
   */
  mayCall(row: Row, name: string, meant?: string): boolean
  /** Whether the caller may call something by this name, whether or not it exists. */
  mayUse(name: string): boolean
  /** Tells which rows this team may use, of those that are seen; undefined where administrators ask, who are in none. Throws `foreign_team` for a team the caller is not in. */
  ofTeam(teamId: string): ((row: Row) => boolean) | undefined
}

const administrator: Audience = { key: 'admin', admin: true, direct: true, teams: [] }

const isSeenByAdmin = (row: AccessFacts): boolean => row.teamId === null || row.isAlias !== true

export const everything: Scope = {
  key: 'admin',
  admin: true,
  teams: new Set(),
  sees: isSeenByAdmin,
  lists: isSeenByAdmin,
  grantedNames: [],
  holdsGroup: () => true,
  audience: () => administrator,
  mayCall: (row) => row.teamId === null,
  mayUse: () => true,
  ofTeam: () => undefined,
}

export function scopeOf({ role, models = [], teams = [] }: Caller): Scope {
  if (role === 'proxy_admin' || role === 'proxy_admin_viewer') return everything
  const grants = new Map(teams.map((team) => [team.id, grantOf(listOfTeam(team))] as const))
  const own = ownList(models, teams)
  const granted = grantOf(own ?? listOfTeams(teams))
  // What belongs to a team needs no further grant, unless the key itself is narrower.
  const isNarrow = own !== undefined && !models.includes('all-team-models')
  const direct = granted.list === undefined ? granted : grantOf(models)
  const administered = new Set(teams.filter(({ admin }) => admin === true).map(({ id }) => id))
  const key = JSON.stringify([
    granted.list,
    direct.list,
    isNarrow,
    [...grants].map(([id, { list }]) => [id, list]),
    [...administered],
  ])

  const restricted = [...grants].filter(([, { list }]) => list !== undefined)
  const isIn = ({ teamId }: AccessFacts): boolean => teamId === null || grants.has(teamId)
  const manages = ({ teamId }: AccessFacts): boolean => teamId !== null && administered.has(teamId)
  // A name that is an address says where a model runs, which is for those who manage it.
  const mayKnow = (row: AccessFacts): boolean => manages(row) || !isAddress(row.publicName)
  const isOwn = ({ teamId }: AccessFacts): boolean => teamId !== null && !isNarrow

  const sees = (row: AccessFacts): boolean => isIn(row) && (isOwn(row) || granted.covers(row)) && mayKnow(row)

  return {
    key,
    admin: false,
    teams: new Set(grants.keys()),
    sees,
    lists: (row) => (row.isUnlisted !== true || manages(row)) && sees(row),
    grantedNames: (granted.list ?? []).filter((name) => !isPattern(name)),
    holdsGroup: granted.holdsGroup,
    audience: (row) => audienceOf(row, restricted, direct),
    mayCall: (row, name, meant = name) =>
      isIn(row) && (isOwn(row) || granted.includes(name) || granted.includes(meant) || granted.covers(row)),
    mayUse: granted.includes,
    ofTeam(teamId) {
      const team = grants.get(teamId)
      if (team !== undefined) return (row) => (row.teamId === null ? team.covers(row) : row.teamId === teamId)
      throw new ModelManagementError('foreign_team', "Not authorized to view this team's models")
    },
  }
}

/** The key's own list; undefined where its teams decide. `all-team-models` in it stands for what they may use. */
function ownList(models: readonly string[], teams: readonly CallerTeam[]): readonly string[] | undefined {
  if (models.length === 0) return undefined
  if (!models.includes('all-team-models')) return models
  const list = listOfTeams(teams)
  return list === undefined ? undefined : [...models, ...list]
}

function audienceOf(row: Row, restricted: readonly (readonly [string, Grant])[], own: Grant): Audience {
  const covering = restricted.filter(([, team]) => team.covers(row)).map(([id]) => id)
  const teams = row.teamId === null ? covering : [row.teamId]
  const direct = row.teamId === null && own.covers(row)
  return { key: JSON.stringify([direct, ...teams]), admin: false, direct, teams }
}

/** The rows that are in this caller's lists: the very same array where all are. */
export function seenBy(rows: readonly Row[], scope: Scope): readonly Row[] {
  const seen = rows.filter((row) => scope.lists(row))
  return seen.length === rows.length ? rows : seen
}

/** The name under which this caller sees a row. */
export function nameFor(row: Row, scope: Scope): string {
  return shownName(row, scope)
}
