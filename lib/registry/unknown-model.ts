import { ModelManagementError } from '../errors'
import type { Row } from './row'
import { unreachable } from './writes'

/** What storage cannot be asked about is answered from the view; "not found" would be a guess that clients act upon. */
export function knownOr(known: Row | undefined): (error: unknown) => Row {
  return (error) => known ?? unreachable(error)
}

/** For reads to which an id that is not there is an answer. */
export function unlessUnknown(error: unknown): undefined {
  if (error instanceof ModelManagementError && error.code === 'unknown_model') return undefined
  throw error
}
