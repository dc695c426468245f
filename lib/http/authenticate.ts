import * as crypto from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import type { KeyAuth, KeyEntry } from '../options/auth'

/** Who is calling, from the request; throws where nobody is. */
export type Authentication = (request: IncomingMessage) => Caller | Promise<Caller>

export interface Callers {
  readonly authenticate: Authentication
  /** Whether a request has a key in a header, of whatever worth. */
  readonly hasKey: (headers: IncomingHttpHeaders) => boolean
}

export type KeyCheck = (headers: IncomingHttpHeaders) => Caller

/** LiteLLM's key headers, first match wins; a host's own header comes before them. */
export const keyHeaders: readonly string[] = [
  'x-litellm-api-key',
  'authorization',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'ocp-apim-subscription-key',
]

const bearer = /^bearer +/i
const admin: Caller = Object.freeze({ userId: 'default_user_id', role: 'proxy_admin' })

/**
 * Turns the key in a request's headers into its caller. `masterKey` is asked on each call, since the config file may change it.
 * Throws `no_key`, `malformed_key` or `unknown_key`; no message holds any part of a key.
 */
export function keyCheck(
  { keys = [], maxKeyLength }: Pick<KeyAuth, 'keys'> & { readonly maxKeyLength: number },
  masterKey: () => string | undefined,
  ownHeader?: () => string | undefined,
): KeyCheck {
  const callers = new Map(keys.map((entry) => [digest(entry.key), callerOf(entry)] as const))
  let master: { readonly of: string; readonly digest: Buffer } | undefined

  function isMaster(presented: string): boolean {
    const configured = masterKey()
    if (configured === undefined) return false
    if (master?.of !== configured) master = { of: configured, digest: Buffer.from(digest(configured)) }
    // Digests have one length, so that the comparison tells nothing about the key's.
    return crypto.timingSafeEqual(Buffer.from(presented), master.digest)
  }

  return (headers) => {
    const key = keyIn(headers, ownHeader?.())
    if (key.length > maxKeyLength) throw unknownKey()
    const presented = digest(key)
    if (isMaster(presented)) return admin
    const caller = callers.get(presented)
    if (caller !== undefined) return caller
    throw unknownKey()
  }
}

export function unknownKey(): ModelManagementError {
  return new ModelManagementError('unknown_key', 'Authentication Error, Invalid proxy server token passed.', {
    param: 'key',
  })
}

/** Whether a key was sent, known or not: a browser puts one into a header for no page of another site. */
export function hasKey(headers: IncomingHttpHeaders, ownHeader?: string): boolean {
  return namesWith(ownHeader).some((name) => {
    const value = headers[name]
    // Of `Authorization` browsers know other schemes, and do send what those need by themselves.
    if (typeof value !== 'string' || (name === 'authorization' && !bearer.test(value))) return false
    return value.replace(bearer, '').trim() !== ''
  })
}

/** The key that was sent. Throws when there is none. */
function keyIn(headers: IncomingHttpHeaders, ownHeader: string | undefined): string {
  for (const name of namesWith(ownHeader)) {
    const value = headers[name]
    if (typeof value !== 'string' || value === '') continue
    if (name === 'authorization' && !bearer.test(value))
      throw new ModelManagementError(
        'malformed_key',
        'Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix.',
      )
    const key = value.replace(bearer, '').trim()
    if (key !== '') return key
  }
  throw new ModelManagementError('no_key', 'Authentication Error, No api key passed in.')
}

function namesWith(ownHeader: string | undefined): readonly string[] {
  return ownHeader === undefined ? keyHeaders : [ownHeader.toLowerCase(), ...keyHeaders]
}

/** Without the key itself: what is not kept cannot leak. */
function callerOf({ key: _, ...caller }: KeyEntry): Caller {
  return Object.freeze(caller)
}

/** SHA-256 as hexadecimal digits. Before Node 20.12 there is only the slower way to it. */
function digest(key: string): string {
  return crypto.hash?.('sha256', key) ?? crypto.createHash('sha256').update(key).digest('hex')
}
