import type { SchemaName } from '../schema/validator'
import type { Handler } from './call'
import { block, unblock } from './handlers/block'
import { create } from './handlers/create'
import { info } from './handlers/info'
import { remove } from './handlers/remove'
import { update } from './handlers/update'
import type { Family } from './wire-errors'

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** In Express's syntax, as both majors read it. */
  readonly path: string
  /** `open` needs no key. What a caller may do with a key is decided behind it, by the permission table. */
  readonly access: 'open' | 'key'
  readonly query?: SchemaName
  readonly body?: SchemaName
  /** How LiteLLM words the errors of this route. */
  readonly family: Family
  readonly handle: Handler
}

export const routes: readonly Route[] = [
  { method: 'get', path: '/model/info', access: 'key', family: 'info', query: 'info-query', handle: info },
  { method: 'get', path: '/v1/model/info', access: 'key', family: 'info', query: 'info-query', handle: info },
  { method: 'post', path: '/model/new', access: 'key', family: 'create', body: 'model-new', handle: create },
  {
    method: 'post',
    path: '/model/update',
    access: 'key',
    family: 'update',
    body: 'model-update',
    handle: update,
  },
  {
    method: 'patch',
    path: '/model/:model_id/update',
    access: 'key',
    family: 'patch',
    body: 'model-update',
    handle: update,
  },
  {
    method: 'post',
    path: '/model/delete',
    access: 'key',
    family: 'delete',
    body: 'model-delete',
    handle: remove,
  },
  {
    method: 'post',
    path: '/model/block',
    access: 'key',
    family: 'block',
    body: 'model-block',
    handle: block,
  },
  {
    method: 'post',
    path: '/model/unblock',
    access: 'key',
    family: 'block',
    body: 'model-block',
    handle: unblock,
  },
]
