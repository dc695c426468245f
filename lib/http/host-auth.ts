import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import type { Logger } from '../logger'
import { mayHoldKey } from '../model-info/credential-shapes'
import { MASK, redactText } from '../model-info/redact-text'
import { asCaller } from '../options/auth'
import type { Authenticate } from '../options/auth'
import { keyHeaders, unknownKey } from './authenticate'
import type { Authentication } from './authenticate'
import { getClassName, getFrames } from './error-origin'
import { truncateText } from './problem-list'

/**
 * Asks the host's own function who is calling. An error with the status 401 or 403 is its refusal; any other is a defect of the
 * host, which is logged here and hidden from the caller.
 */
export function hostAuthentication(auth: Authenticate, logger: Logger): Authentication {
  return async (request): Promise<Caller> => {
    let caller: unknown
    try {
      caller = await auth(request)
    } catch (thrown) {
      throw toRefusal(thrown) ?? createFailure(thrown, logger, request.headers)
    }
    if (caller === null) throw unknownKey()
    return asCaller(caller)
  }
}

/** The refusals of another router, which a host may ask. */
const refusals: ReadonlySet<string> = new Set(['no_key', 'malformed_key', 'unknown_key', 'forbidden'])

/** The status is where http-errors and most frameworks write it. */
function toRefusal(thrown: unknown): ModelManagementError | undefined {
  if (thrown instanceof ModelManagementError) return refusals.has(thrown.code) ? thrown : undefined
  const { status, statusCode } = Object(thrown) as {
    readonly status?: unknown
    readonly statusCode?: unknown
  }
  const statuses = new Set([status, statusCode])
  const cause = { cause: thrown }
  if (statuses.has(401)) {
    const message = `Authentication Error, ${getExposedMessage(thrown) ?? 'Invalid proxy server token passed.'}`
    return new ModelManagementError('unknown_key', message, { param: 'key', ...cause })
  }
  if (!statuses.has(403)) return undefined
  const message = getExposedMessage(thrown) ?? 'Authentication Error, user not allowed to access this route.'
  return new ModelManagementError('forbidden', message, cause)
}

/** Clients take these words for the absence of a model, and create it again. */
const misleading = /not found|404|does not exist/i
const longestMessage = 300

/** The message of an error that says itself that callers may read it, as those of http-errors do. */
function getExposedMessage(thrown: unknown): string | undefined {
  const { expose, message } = thrown as { readonly expose?: unknown; readonly message?: unknown }
  if (expose !== true || typeof message !== 'string' || misleading.test(message)) return undefined
  const text = message.trim()
  const isTold = text !== '' && text.length <= longestMessage && redactText(text, 'params') === text
  return isTold ? text : undefined
}

function createFailure(thrown: unknown, logger: Logger, headers: IncomingHttpHeaders): ModelManagementError {
  const { message } = Object(thrown) as { readonly message?: unknown }
  const said = typeof message === 'string' ? message : typeof thrown === 'string' ? thrown : ''
  const details = {
    option: 'auth',
    class: getClassName(thrown),
    message: messageToLog(said, headers),
    frames: getFrames(thrown),
  }
  logger.error(details, "the function of option 'auth' threw; the caller is answered with 500")
  return new ModelManagementError(
    'invalid_option',
    `Option 'auth' threw ${details.class}. The log tells more.`,
    {
      param: 'auth',
      cause: thrown,
    },
  )
}

const longestLogged = 10_000

/** A credential anywhere in it hides it as a whole: nobody can tell where a secret ends inside free text. */
function messageToLog(said: string, headers: IncomingHttpHeaders): string {
  const isSecret =
    said.length > longestLogged ||
    mayHoldKey(said) ||
    credentialsIn(headers).some((credential) => said.includes(credential))
  return isSecret ? MASK : truncateText(redactText(said, 'params'), longestMessage)
}

/** What the request identifies itself by, in words long enough to be told from others. */
function credentialsIn(headers: IncomingHttpHeaders): readonly string[] {
  return [...keyHeaders, 'cookie', 'proxy-authorization']
    .flatMap((name) => String(headers[name] ?? '').split(/[\s;=,]+/))
    .filter((word) => word.length >= 6)
}
