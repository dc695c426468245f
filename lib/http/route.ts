import type { SchemaName } from '../schema/validator'
import type { Handler } from './call'
import type { Family } from './wire-errors'

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** As OpenAPI writes it. The parameter `{model}` also takes slashes. */
  readonly path: string
  readonly summary: string
  /** `open` needs no key. What a caller may do with a key is decided behind it, by the permission table. */
  readonly access: 'open' | 'key'
  /** How LiteLLM words the errors of this route. */
  readonly family: Family
  readonly query?: SchemaName
  readonly body?: SchemaName
  /** The shape of a 200. */
  readonly reply: SchemaName
  readonly handle: Handler
}
