import type { Action } from '../registry/permissions'
import type { SchemaName } from '../schema/validator'
import type { Handler } from './call'
import type { Family } from './wire-errors'

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** As OpenAPI writes it. The parameter `{model}` also takes slashes. */
  readonly path: string
  readonly summary: string
  /** `open` needs no key. */
  readonly access: 'open' | 'key'
  /** What the permission table has to allow the caller before anything that was sent is looked at. @default none: every caller may */
  readonly action?: Action
  /** How LiteLLM words the errors of this route. */
  readonly family: Family
  readonly query?: SchemaName
  readonly body?: SchemaName
  /** The shape of a 200. */
  readonly reply: SchemaName
  readonly handle: Handler
}
