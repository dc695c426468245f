/** LiteLLM's role names. */
export const roles = [
  'proxy_admin',
  'proxy_admin_viewer',
  'org_admin',
  'internal_user',
  'internal_user_viewer',
  'team',
  'customer',
] as const

export type Role = (typeof roles)[number]

export interface CallerTeam {
  readonly id: string
  /** True for an administrator of the team. */
  readonly admin?: boolean
  /** The names the team may use; absent or empty: no restriction by this team. */
  readonly models?: readonly string[]
}

/** Who is calling, as the host's `auth` says. There is no user database in this package. */
export interface Caller {
  /** Written into `created_by` and `updated_by`. */
  readonly userId: string
  readonly role: Role
  /** The names the key may use: model names, access groups, wildcards, LiteLLM's markers. Absent or empty: the teams' `models` decide. */
  readonly models?: readonly string[]
  readonly teams?: readonly CallerTeam[]
}

/** A copy that nobody changes any more. What is no caller is copied too, for somebody else to check. */
export function settledCaller<C extends Caller>(caller: C): C {
  // Named, since they may be inherited, as from a class of the host.
  const { userId, role, models, teams } = caller
  return Object.freeze({
    ...caller,
    userId,
    role,
    ...(models === undefined ? {} : { models: settledList(models) }),
    ...(teams === undefined ? {} : { teams: settledList(teams, settledTeam) }),
  })
}

/** Whether what this caller may do stays as it is, so that it need not be found out again. */
export function isSettled(caller: Caller): boolean {
  const { teams = nothing } = caller
  const isWhole = (one: Caller | CallerTeam): boolean =>
    Object.isFrozen(one) && Object.isFrozen(one.models ?? nothing)
  return isWhole(caller) && Object.isFrozen(teams) && teams.every(isWhole)
}

const nothing: readonly never[] = Object.freeze([])

function settledTeam(team: CallerTeam): CallerTeam {
  if (typeof team !== 'object' || team === null) return team
  const { id, admin, models } = team
  return Object.freeze({
    ...team,
    id,
    ...(admin === undefined ? {} : { admin }),
    ...(models === undefined ? {} : { models: settledList(models) }),
  })
}

function settledList<T>(list: readonly T[], settled = (one: T): T => one): readonly T[] {
  return Array.isArray(list) ? Object.freeze(list.map(settled)) : list
}
