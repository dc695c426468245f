import type { Caller, CallerTeam, Role } from '../caller'
import { ModelManagementError } from '../errors'

export type Action = 'create' | 'update' | 'delete' | 'block' | 'group' | 'cost_map' | 'publish' | 'status'

/** Whose rows: anybody's, those of the teams one administers, or nobody's. */
type Reach = 'all' | 'own teams' | 'none'

const nobody: Readonly<Record<Action, Reach>> = {
  create: 'none',
  update: 'none',
  delete: 'none',
  block: 'none',
  group: 'none',
  cost_map: 'none',
  publish: 'none',
  status: 'none',
}
const teamAdmins: Readonly<Record<Action, Reach>> = {
  ...nobody,
  create: 'own teams',
  update: 'own teams',
  delete: 'own teams',
}

/** Who may do what to whose models. Being the administrator of a team comes from the caller's teams, whatever the role. */
export const permissions: Readonly<Record<Role, Readonly<Record<Action, Reach>>>> = {
  proxy_admin: {
    create: 'all',
    update: 'all',
    delete: 'all',
    block: 'all',
    group: 'all',
    cost_map: 'all',
    publish: 'all',
    status: 'all',
  },
  proxy_admin_viewer: { ...nobody, status: 'all' },
  org_admin: teamAdmins,
  internal_user: teamAdmins,
  internal_user_viewer: nobody,
  team: teamAdmins,
  customer: nobody,
}

const viewers: ReadonlySet<Role> = new Set(['proxy_admin_viewer', 'internal_user_viewer'])

/** Refuses callers who could not do this to any row, before anything is said about what exists. */
export function assertMay(caller: Caller, action: Action): void {
  const reach = permissions[caller.role][action]
  if (reach === 'all') return
  if (viewers.has(caller.role) && action !== 'status' && action !== 'cost_map')
    throw new ModelManagementError('view_only', 'View-only users cannot manage models.')
  if (reach === 'own teams' && administeredBy(caller).length > 0) return
  throw refused(caller, action)
}

/** Refuses callers who may not do this to rows of this team, or of none. */
export function assertMayFor(caller: Caller, action: Action, teamId: string | null): void {
  assertMay(caller, action)
  if (permissions[caller.role][action] === 'all') return
  if (teamId === null) throw refused(caller, action)
  if (administeredBy(caller).some((team) => team.id === teamId)) return
  throw new ModelManagementError(
    'not_team_admin',
    `Team ID=${teamId} does not match the API key's teams, or you are not the admin for this team.`,
    { param: 'model_info.team_id' },
  )
}

function administeredBy({ teams = [] }: Caller): readonly CallerTeam[] {
  return teams.filter((team) => team.admin === true)
}

/** Whether this caller may do this to every row. */
export function mayForAll(caller: Caller, action: Action): boolean {
  return permissions[caller.role][action] === 'all'
}

function refused({ role }: Caller, action: Action): ModelManagementError {
  switch (action) {
    case 'create':
    case 'update':
    case 'delete':
      return new ModelManagementError(
        'admin_only',
        `User does not have permission to make this model call. Your role=${role}. You can only make model calls if you are a PROXY_ADMIN or if you are a team admin, by specifying a team_id in the model_info.`,
      )
    case 'block':
      return new ModelManagementError('admin_only', "Only proxy admins can change a model's blocked flag.", {
        param: 'blocked',
      })
    case 'publish':
      return new ModelManagementError(
        'admin_only',
        `Only proxy admins can update public model groups. Your role=${role}`,
      )
    case 'group':
    case 'cost_map':
    case 'status':
      return new ModelManagementError(
        'admin_only',
        `Access denied. Admin role required. Current role: ${role}`,
      )
  }
}
