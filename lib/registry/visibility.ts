import type { Caller, CallerTeam } from '../caller'
import type { Row } from './row'
import type { Snapshot } from './snapshot'

/**
 * What one caller may see and use: the one rule behind every list, every read by id and `resolve()`.
 *
 * Follows LiteLLM: a key's `models`, else the models of its teams, else everything. A row of a team is for that team.
 */
export interface Scope {
  /** Equal for callers who see the same rows in the same way. */
  readonly key: string
  /** Sees internal names and every parameter that is not a secret. */
  readonly admin: boolean
  /** Ids of the caller's teams. */
  readonly teams: ReadonlySet<string>
  /** Whether the row is in this caller's lists. */
  sees(row: Row): boolean
  /** Whether a row that is seen answers to this name: members of a team use its public name, administrators either. */
  mayCall(row: Row, name: string): boolean
  /** Whether the caller may call something by this name, whether or not it exists. */
  mayUse(name: string, snapshot: Snapshot): boolean
}

/** Names with a meaning of their own in a list of models. They are never names of models. */
const markers: ReadonlySet<string> = new Set(['all-proxy-models', 'all-team-models', 'no-default-models'])

export const everything: Scope = {
  key: 'admin',
  admin: true,
  teams: new Set(),
  sees: () => true,
  mayCall: () => true,
  mayUse: () => true,
}

export function scopeOf(caller: Caller): Scope {
  if (caller.role === 'proxy_admin' || caller.role === 'proxy_admin_viewer') return everything
  const teams = caller.teams ?? []
  const granted = grantOf(caller.models ?? [], teams)
  const teamIds = new Set(teams.map((team) => team.id))
  const key = JSON.stringify([granted.list?.toSorted() ?? null, [...teamIds].sort(), granted.own])
  return {
    key,
    admin: false,
    teams: teamIds,
    sees(row) {
      if (row.teamId !== null) {
        if (!teamIds.has(row.teamId)) return false
        // What belongs to the team needs no further grant, unless the key itself is narrower.
        if (!granted.own) return true
      }
      return (
        granted.includes(row.publicName) ||
        row.accessGroups.some((group) => granted.names.has(group)) ||
        namesRow(row)
      )
    },
    mayCall: (row, name) => row.teamId === null || row.publicName === name,
    mayUse(name, snapshot) {
      if (granted.includes(name)) return true
      return (snapshot.byName.get(name) ?? []).some((row) => this.sees(row) && this.mayCall(row, name))
    },
  }

  /** A row without a team may be granted by its internal name; a team's internal name is nobody's business. */
  function namesRow(row: Row): boolean {
    return row.teamId === null && granted.includes(row.deployment.model_name)
  }
}

interface Grant {
  /** Undefined: no restriction. */
  readonly list: readonly string[] | undefined
  /** True when the restriction is the key's own and not its teams'. */
  readonly own: boolean
  readonly names: ReadonlySet<string>
  includes(name: string): boolean
}

function grantOf(models: readonly string[], teams: readonly CallerTeam[]): Grant {
  const teamList =
    teams.length > 0 && teams.every((team) => (team.models ?? []).length > 0)
      ? namesOfTeams(teams)
      : undefined
  if (models.length === 0) return grant(teamList, false)
  if (!models.includes('all-team-models')) return grant(models, true)
  const own = models.filter((name) => name !== 'all-team-models')
  return grant(teamList === undefined ? undefined : [...own, ...teamList], false)
}

function namesOfTeams(teams: readonly CallerTeam[]): readonly string[] {
  return teams.flatMap((team) => team.models ?? [])
}

function grant(list: readonly string[] | undefined, own: boolean): Grant {
  const unrestricted = list === undefined || list.includes('all-proxy-models') || list.includes('*')
  if (unrestricted) return { list: undefined, own: false, names: new Set(), includes: () => true }
  const names = new Set(list.filter((name) => !markers.has(name)))
  const patterns = [...names].filter((name) => name.includes('*'))
  return {
    list: [...names],
    own,
    names,
    includes: (name) => names.has(name) || patterns.some((pattern) => matchesPattern(pattern, name)),
  }
}

/** `openai/*` matches `openai/gpt-4o`. Linear in the length of the name, whatever the pattern. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === name
  const tail = rest.pop() ?? ''
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false
  let from = head.length
  const end = name.length - tail.length
  for (const part of rest) {
    const at = name.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
