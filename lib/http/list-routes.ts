import { groups } from './handlers/groups'
import { info } from './handlers/info'
import { name, names } from './handlers/names'
import { page } from './handlers/page'
import type { Route } from './route'

/** Reading models: for every caller with a key. */
export const listRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/model/info',
    summary: 'Every deployment the caller sees, or the one with this id',
    access: 'key',
    family: 'info',
    query: 'info-query',
    reply: 'model-list',
    handle: info,
  },
  {
    method: 'get',
    path: '/v1/model/info',
    summary: 'Every deployment the caller sees, or the one with this id',
    access: 'key',
    family: 'info',
    query: 'info-query',
    reply: 'model-list',
    handle: info,
  },
  {
    method: 'get',
    path: '/v2/model/info',
    summary: 'Deployments, searched, sorted and paged',
    access: 'key',
    family: 'list',
    query: 'model-query',
    reply: 'model-page',
    handle: page,
  },
  {
    method: 'get',
    path: '/model_group/info',
    summary: 'What is known of each public name',
    access: 'key',
    family: 'list',
    query: 'group-query',
    reply: 'group-list',
    handle: groups,
  },
  {
    method: 'get',
    path: '/models',
    summary: 'The public names, as OpenAI lists them',
    access: 'key',
    family: 'list',
    query: 'models-query',
    reply: 'name-list-answer',
    handle: names,
  },
  {
    method: 'get',
    path: '/v1/models',
    summary: 'The public names, as OpenAI lists them',
    access: 'key',
    family: 'list',
    query: 'models-query',
    reply: 'name-list-answer',
    handle: names,
  },
  {
    method: 'get',
    path: '/models/{model}',
    summary: 'One public name; it may hold slashes',
    access: 'key',
    family: 'list',
    query: 'models-query',
    reply: 'name-answer',
    handle: name,
  },
  {
    method: 'get',
    path: '/v1/models/{model}',
    summary: 'One public name; it may hold slashes',
    access: 'key',
    family: 'list',
    query: 'models-query',
    reply: 'name-answer',
    handle: name,
  },
]
