import { createGroup, deleteGroup, groupInfo, listGroups, updateGroup } from './handlers/access-groups'
import type { Route } from './route'

const longPaths: readonly Route[] = [
  {
    method: 'post',
    path: '/access_group/new',
    summary: 'Make an access group',
    access: 'key',
    action: 'group',
    family: 'group',
    body: 'access-group-new',
    reply: 'access-group-change',
    handle: createGroup,
  },
  {
    method: 'get',
    path: '/access_group/list',
    summary: 'All access groups',
    access: 'key',
    action: 'status',
    family: 'group',
    reply: 'access-group-list',
    handle: listGroups,
  },
  {
    method: 'get',
    path: '/access_group/{access_group}/info',
    summary: 'One access group',
    access: 'key',
    action: 'status',
    family: 'group',
    reply: 'access-group',
    handle: groupInfo,
  },
  {
    method: 'put',
    path: '/access_group/{access_group}/update',
    summary: 'Replace the members of an access group',
    access: 'key',
    action: 'group',
    family: 'group',
    body: 'access-group-update',
    reply: 'access-group-change',
    handle: updateGroup,
  },
  {
    method: 'delete',
    path: '/access_group/{access_group}/delete',
    summary: 'Take an access group off its members',
    access: 'key',
    action: 'group',
    family: 'group',
    reply: 'message',
    handle: deleteGroup,
  },
]

/** By the name of the group alone. */
function shortPath({ method, path }: Route): string {
  return method === 'post' || path.endsWith('/list') ? '/access_group' : '/access_group/{access_group}'
}

/** Access groups: as LiteLLM has them, the same below `/v1`, and there by their names alone. */
export const groupRoutes: readonly Route[] = [
  ...longPaths,
  ...longPaths.map((route) => ({ ...route, path: `/v1${route.path}` })),
  ...longPaths.map((route) => ({ ...route, path: `/v1${shortPath(route)}` })),
]
