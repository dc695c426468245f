import type { Caller, Role } from '../caller'
import { ModelManagementError } from '../errors'

export type Action = 'create' | 'update' | 'delete' | 'block'

const viewers: ReadonlySet<Role> = new Set(['proxy_admin_viewer', 'internal_user_viewer'])

/** Refuses callers who could never do this, before anything is said about what exists. */
export function mayManage(caller: Caller, action: Action, teamId: string | null): void {
  if (viewers.has(caller.role))
    throw new ModelManagementError('view_only', 'View-only users cannot manage models.')
  if (caller.role === 'proxy_admin') return
  if (action === 'block')
    throw new ModelManagementError('admin_only', "Only proxy admins can change a model's blocked flag.", {
      param: 'blocked',
    })
  if (teamId === null)
    throw new ModelManagementError(
      'admin_only',
      `User does not have permission to make this model call. Your role=${caller.role}. You can only make model calls if you are a PROXY_ADMIN or if you are a team admin, by specifying a team_id in the model_info.`,
    )
  if ((caller.teams ?? []).some((team) => team.id === teamId && team.admin === true)) return
  throw new ModelManagementError(
    'not_team_admin',
    `You are not the admin of team ${teamId}. Ask its administrator, or a proxy admin.`,
    { param: 'model_info.team_id' },
  )
}
