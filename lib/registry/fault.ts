import { ModelManagementError } from '../errors'

/** Something that failed in the background, fit for status and logs. */
export interface Fault {
  /** ISO 8601. */
  readonly at: string
  readonly code: string
  readonly message: string
}

/** Only our own messages are known to hold no secret; of a foreign error its kind is told. */
export function faultOf(error: unknown): Fault {
  const at = new Date().toISOString()
  if (error instanceof ModelManagementError) return { at, code: error.code, message: error.message }
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown }
  const kind = typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown'
  return { at, code: kind, message: `storage failed with ${kind}` }
}
