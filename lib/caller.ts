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
