import type { SchemaName } from '../schema/validator'
import type { Handler } from './call'
import { createGroup, deleteGroup, groupInfo, listGroups, updateGroup } from './handlers/access-groups'
import { block, unblock } from './handlers/block'
import {
  cancelReload,
  costMap,
  costMapSource,
  reloadCostMap,
  reloadStatus,
  scheduleReload,
} from './handlers/cost-map'
import { create } from './handlers/create'
import { groups } from './handlers/groups'
import { info } from './handlers/info'
import { name, names } from './handlers/names'
import { page } from './handlers/page'
import { remove } from './handlers/remove'
import { alive, readiness, status } from './handlers/status'
import { update } from './handlers/update'
import type { Family } from './wire-errors'

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** As OpenAPI writes it. The last parameter of `/models/{model}` also takes slashes. */
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
  {
    method: 'get',
    path: '/v2/model/info',
    access: 'key',
    family: 'list',
    query: 'model-query',
    handle: page,
  },
  {
    method: 'get',
    path: '/model_group/info',
    access: 'key',
    family: 'list',
    query: 'group-query',
    handle: groups,
  },
  { method: 'get', path: '/models', access: 'key', family: 'list', query: 'models-query', handle: names },
  { method: 'get', path: '/v1/models', access: 'key', family: 'list', query: 'models-query', handle: names },
  {
    method: 'get',
    path: '/models/{model}',
    access: 'key',
    family: 'list',
    query: 'models-query',
    handle: name,
  },
  {
    method: 'get',
    path: '/v1/models/{model}',
    access: 'key',
    family: 'list',
    query: 'models-query',
    handle: name,
  },
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
    path: '/model/{model_id}/update',
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
  {
    method: 'post',
    path: '/access_group/new',
    access: 'key',
    family: 'group',
    body: 'access-group-new',
    handle: createGroup,
  },
  { method: 'get', path: '/access_group/list', access: 'key', family: 'group', handle: listGroups },
  {
    method: 'get',
    path: '/access_group/{access_group}/info',
    access: 'key',
    family: 'group',
    handle: groupInfo,
  },
  {
    method: 'put',
    path: '/access_group/{access_group}/update',
    access: 'key',
    family: 'group',
    body: 'access-group-update',
    handle: updateGroup,
  },
  {
    method: 'delete',
    path: '/access_group/{access_group}/delete',
    access: 'key',
    family: 'group',
    handle: deleteGroup,
  },
  {
    method: 'get',
    path: '/public/litellm_model_cost_map',
    access: 'open',
    family: 'cost_map',
    handle: costMap,
  },
  { method: 'get', path: '/get/litellm_model_cost_map', access: 'key', family: 'cost_map', handle: costMap },
  { method: 'get', path: '/model/cost_map/source', access: 'key', family: 'cost_map', handle: costMapSource },
  {
    method: 'post',
    path: '/reload/model_cost_map',
    access: 'key',
    family: 'cost_map',
    handle: reloadCostMap,
  },
  {
    method: 'post',
    path: '/schedule/model_cost_map_reload',
    access: 'key',
    family: 'cost_map',
    query: 'schedule-query',
    handle: scheduleReload,
  },
  {
    method: 'delete',
    path: '/schedule/model_cost_map_reload',
    access: 'key',
    family: 'cost_map',
    handle: cancelReload,
  },
  {
    method: 'get',
    path: '/schedule/model_cost_map_reload/status',
    access: 'key',
    family: 'cost_map',
    handle: reloadStatus,
  },
  { method: 'get', path: '/model_management/status', access: 'key', family: 'none', handle: status },
  { method: 'get', path: '/health/liveliness', access: 'open', family: 'none', handle: alive },
  { method: 'get', path: '/health/liveness', access: 'open', family: 'none', handle: alive },
  { method: 'get', path: '/health/readiness', access: 'open', family: 'none', handle: readiness },
]
