import type { SchemaName } from '../schema/validator'
import type { Handler } from './call'
import { create } from './handlers/create'
import { info } from './handlers/info'
import type { Family } from './wire-errors'

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** In Express's syntax, as both majors read it. */
  readonly path: string
  /** `open` needs no key. What a caller may do with a key is decided behind it, by the permission table. */
  readonly access: 'open' | 'key'
  readonly body?: SchemaName
  /** How LiteLLM words the errors of this route. */
  readonly family: Family
  readonly handle: Handler
}

export const routes: readonly Route[] = [
  { method: 'get', path: '/model/info', access: 'key', family: 'info', handle: info },
  { method: 'get', path: '/v1/model/info', access: 'key', family: 'info', handle: info },
  { method: 'post', path: '/model/new', access: 'key', family: 'create', body: 'model-new', handle: create },
]
