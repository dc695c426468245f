import type { CallerTeam } from '../caller'
import { compilePattern, findStars, isPattern } from './patterns'
import type { AccessFacts } from './row'

/** A list of what may be used: model names, access groups, wildcards, LiteLLM's markers. */
export interface Grant {
  /** The names, markers left out; undefined where everything is granted. */
  readonly list: readonly string[] | undefined
  /** Whether something by this name may be called, whether or not it exists. */
  includes(name: string): boolean
  /** Whether the row, or the one it stands for, is granted by one of its names or access groups; an alias by its own name alone. */
  covers(row: AccessFacts): boolean
  /** Whether the access group is granted itself, and not only what is in it. */
  holdsGroup(group: string): boolean
}

/** Names with a meaning of their own in a list of models. They are never names of models. */
const markers: ReadonlySet<string> = new Set(['all-proxy-models', 'all-team-models', 'no-default-models'])

/** Without a list, or with one that names everything, nothing is held back. */
export function grantOf(list: readonly string[] | undefined): Grant {
  if (list === undefined || list.includes('all-proxy-models') || list.includes('*')) return unrestricted
  const names = new Set(list.filter((name) => !markers.has(name)))
  const patterns = [...names].filter(isPattern).map(compilePattern)
  const includes = (name: string): boolean =>
    names.has(name) || patterns.some((pattern) => findStars(pattern, name) !== undefined)
  const covers = (row: AccessFacts): boolean =>
    includes(row.publicName) || (row.isAlias !== true && coversOtherwise(row))
  const coversOtherwise = (row: AccessFacts): boolean =>
    row.accessGroups.some((group) => names.has(group)) ||
    // A team's internal name is nobody's business.
    (row.teamId === null &&
      row.deployment.model_name !== row.publicName &&
      includes(row.deployment.model_name)) ||
    (row.standsFor !== undefined && covers(row.standsFor))
  return { list: [...names].sort(), includes, covers, holdsGroup: (group) => names.has(group) }
}

const unrestricted: Grant = {
  list: undefined,
  includes: () => true,
  covers: () => true,
  holdsGroup: () => true,
}

/** The names a team may use; undefined when it is not restricted. */
export function listOfTeam({ models = [] }: CallerTeam): readonly string[] | undefined {
  return models.length === 0 ? undefined : models
}

/** What all teams together may use. */
export function listOfTeams(teams: readonly CallerTeam[]): readonly string[] | undefined {
  const lists = teams.map(listOfTeam)
  return teams.length === 0 || lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? [])
}
