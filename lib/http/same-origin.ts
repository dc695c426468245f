import type { IncomingHttpHeaders } from 'node:http'
import type { Request } from 'express'
import { ModelManagementError } from '../errors'

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Values of `Sec-Fetch-Site` of the origin itself and of the user. A sibling domain, `same-site`, may be under other control. */
const sameOriginValues: ReadonlySet<string> = new Set(['same-origin', 'none'])

/**
 * Refuses a write that a page of another origin makes a browser send, with whatever the browser adds by itself: cookies, client
 * certificates, the user's network. A key in a header is added by no browser, so requests with one may come from anywhere.
 *
 * Programs send neither `Sec-Fetch-Site` nor `Origin`. Throws `forbidden`.
 */
export function assertSameOrigin(request: Request, hasKey: boolean, trustedOrigins: readonly string[]): void {
  if (hasKey || safeMethods.has(request.method)) return
  const { headers } = request
  if (isSameOrigin(request) || trustedOrigins.includes(headers.origin?.toLowerCase() ?? '')) return
  throw new ModelManagementError(
    'forbidden',
    "A page of another origin sent this write without a key in a header. Send a key in a header, or name the page's origin in option 'trustedOrigins'.",
  )
}

function isSameOrigin(request: Request): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  // Browsers leave the header out where the connection is not secure, and old ones everywhere.
  if (typeof site === 'string' && site !== '') return sameOriginValues.has(site)
  return origin === undefined || isHost(origin, hostOf(request))
}

/** By host and port: behind a proxy the scheme is not known. */
function isHost(origin: string, host: string): boolean {
  try {
    const { host: wanted, protocol } = new URL(origin)
    return /^https?:$/.test(protocol) && wanted === new URL(`${protocol}//${host}`).host
  } catch {
    // `null`, as of a sandboxed frame, or no origin at all.
    return false
  }
}

/** As the browser sees it: what a proxy says counts where the host trusts it (`trust proxy`). */
function hostOf({ app, headers, socket }: Request): string {
  // A server without Express has no such setting.
  const isTrusted = (app as typeof app | undefined)?.get('trust proxy fn') as
    | ((address: string | undefined, hop: number) => boolean)
    | undefined
  const forwarded =
    isTrusted?.(socket.remoteAddress, 0) === true ? first(headers, 'x-forwarded-host') : undefined
  return forwarded ?? headers.host ?? ''
}

function first(headers: IncomingHttpHeaders, name: string): string | undefined {
  return [headers[name]].flat()[0]?.split(',')[0]?.trim()
}
