import { constants } from 'node:os'
import { ModelManagementError } from '../errors'

/** Something that failed in the background, fit for status and logs. */
export interface Fault {
  /** ISO 8601. */
  readonly at: string
  readonly code: string
  readonly message: string
}

/** Only our own messages are known to hold no secret; of a foreign error its kind is told, and what failed with it. */
export function faultOf(error: unknown, what = 'storage'): Fault {
  const at = new Date().toISOString()
  if (error instanceof ModelManagementError) return { at, code: error.code, message: error.message }
  const kind = kindOf(error)
  return { at, code: kind, message: `${what} failed with ${kind}` }
}

// A driver may put anything into these fields, the value it choked on included: only what has the shape of a kind is told.
const sqlState = /^[0-9A-Z]{5}$/
/** `SQLITE_BUSY`, `ER_DUP_ENTRY`, `ERR_SOCKET_CLOSED`. */
const joinedWords = /^[A-Z]{1,16}(?:_[A-Z]{1,16}){1,6}$/
const errorName = /^[A-Za-z]{0,32}(?:Error|Exception)$/

function kindOf(error: unknown): string {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown }
  if (typeof code === 'string' && (sqlState.test(code) || joinedWords.test(code) || isErrno(code)))
    return code
  return typeof name === 'string' && errorName.test(name) ? name : 'unknown'
}

/** The name server's own code is not among the system's. */
function isErrno(code: string): boolean {
  return code === 'ENOTFOUND' || Object.hasOwn(constants.errno, code)
}
