import { createHash } from 'node:crypto'

/** Any other character would end the quoted text of an `ETag`, or not be sent at all: the write it answers has been done by then. */
const fitsHeader = /^[\x21\x23-\x7e]{1,200}$/

/** A revision as clients are told it in `ETag` and send it back in `If-Match`. Adapters may make theirs of any characters. */
export function tagOf(revision: string): string {
  return fitsHeader.test(revision) ? revision : createHash('sha256').update(revision).digest('base64url')
}
