import { block, unblock } from './handlers/block'
import { create } from './handlers/create'
import { remove } from './handlers/remove'
import { update } from './handlers/update'
import type { Route } from './route'

/** Changing models. */
export const modelRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/model/new',
    summary: 'Add a deployment',
    access: 'key',
    action: 'create',
    family: 'create',
    body: 'model-new',
    reply: 'model-record',
    handle: create,
  },
  {
    method: 'post',
    path: '/model/update',
    summary: 'Change a deployment named by model_info.id or id',
    access: 'key',
    action: 'update',
    family: 'update',
    body: 'model-update',
    reply: 'model-record',
    handle: update,
  },
  {
    method: 'patch',
    path: '/model/{model_id}/update',
    summary: 'Change a deployment',
    access: 'key',
    action: 'update',
    family: 'patch',
    body: 'model-update',
    reply: 'model-record',
    handle: update,
  },
  {
    method: 'post',
    path: '/model/delete',
    summary: 'Remove a deployment',
    access: 'key',
    action: 'delete',
    family: 'delete',
    body: 'model-delete',
    reply: 'message',
    handle: remove,
  },
  {
    method: 'post',
    path: '/model/block',
    summary: 'Pause a deployment',
    access: 'key',
    action: 'block',
    family: 'block',
    body: 'model-block',
    reply: 'model-record',
    handle: block,
  },
  {
    method: 'post',
    path: '/model/unblock',
    summary: 'Let a paused deployment take traffic again',
    access: 'key',
    action: 'block',
    family: 'block',
    body: 'model-block',
    reply: 'model-record',
    handle: unblock,
  },
]
