import type { Problem } from '../errors'
import type { JsonObject } from '../json'

export type SchemaName = 'deployment' | 'model-new' | 'model-update' | 'model-delete'

/** The value with typed fields coerced the way pydantic does, or what is wrong with it. */
export type Validated =
  { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly problems: readonly Problem[] }

/** A check against one file of `schemas/`, compiled once on first use. The input is not changed. */
export function validator(_schema: SchemaName): (value: unknown) => Validated {
  throw new Error('being written')
}
