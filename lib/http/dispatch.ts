import { randomUUID } from 'node:crypto'
import express from 'express'
import type { Request, RequestHandler, Response } from 'express'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { faultOf } from '../registry/fault'
import { assertMay } from '../registry/permissions'
import { anthropicError, isAnthropic } from './anthropic-errors'
import type { Callers } from './authenticate'
import { bodyOf } from './body'
import type { Context, Reply } from './call'
import { assertSameOrigin } from './same-origin'
import { checkedBody, checkedQuery } from './input'
import type { Route } from './route'
import { matcher } from './match'
import { withoutTrailingSlash } from './paths'
import type { Match } from './match'
import { sender } from './send'
import { getFrames } from './error-origin'
import { errorReply } from './wire-errors'

/** The routes as Express wants them: find, authenticate, authorise, validate, handle, send. */
export function dispatch(
  context: Context,
  routes: readonly Route[],
  { authenticate, hasKey }: Callers,
): RequestHandler {
  const { bodyLimit, limits, logger, trustedOrigins } = context.options
  const match = matcher(routes)
  const send = sender()
  const parse = express.json({ limit: bodyLimit, strict: false, type: () => true })

  async function answer(
    request: Request,
    response: Response,
    path: string,
    { route, params }: Match,
  ): Promise<Reply> {
    try {
      const caller = route.access === 'open' ? nobody : await authenticate(request)
      assertSameOrigin(request, hasKey(request.headers), trustedOrigins)
      assertShort(request, limits.maxPathLength)
      if (route.action !== undefined) assertMay(caller, route.action)
      const body =
        route.body === undefined
          ? null
          : checkedBody(await bodyOf(request, response, parse), route.body, limits)
      return await route.handle(context, {
        params: params(path),
        query: route.query === undefined ? {} : checkedQuery(queryOf(request), route.query),
        body,
        ifRevisions: revisionsIn(request.headers['if-match']),
        caller,
        scope: context.registry.scope(caller),
        isAnthropic: isAnthropic(request.headers),
      })
    } catch (error) {
      const reply = failure(context, route, request, error)
      return route.path.includes('/models') && isAnthropic(request.headers) ? anthropicError(reply) : reply
    }
  }

  return function modelManagement(request, response, next) {
    const path = withoutTrailingSlash(request.path)
    const found = match(request.method, path)
    if (found === undefined) return next()
    answer(request, response, path, found)
      .then((reply) => send(request, response, reply))
      .catch((error: unknown) => {
        logger.error(faultOf(error, 'the answer'), 'an answer could not be sent')
        response.destroy()
      })
  }
}

function assertShort({ path }: Request, most: number): void {
  if (path.length <= most) return
  const message = `The path is longer than ${most} characters (option 'limits.maxPathLength').`
  throw new ModelManagementError('limit_reached', message)
}

const nobody: Caller = Object.freeze({ userId: 'anonymous', role: 'customer', models: ['no-default-models'] })

function failure(
  { options }: Context,
  { family, path }: Pick<Route, 'family' | 'path'>,
  { method }: Request,
  error: unknown,
): Reply {
  const requestId = randomUUID()
  const reply = errorReply(error, family, requestId)
  if (reply.status >= 500) {
    const details = { requestId, method, path, ...faultOf(error, 'the request'), ...causeOf(error) }
    options.logger.error(details, 'a request failed')
  }
  return reply
}

/** What made an error of ours; of any other error, which is a defect, where it comes from. */
function causeOf(error: unknown): object {
  if (!(error instanceof ModelManagementError)) return { cause: {}, frames: getFrames(error) }
  const what = error.code.startsWith('storage_') ? 'storage' : 'what was needed for it'
  return { cause: error.cause === undefined ? {} : faultOf(error.cause, what) }
}

/** `If-Match: "x", "y"` asks for revision x or y, `*` for any that is there. Weak ones count: proxies that compress make them so. */
function revisionsIn(header: string | undefined): readonly string[] | undefined {
  const text = header?.trim()
  if (text === undefined || text === '' || text === '*') return undefined
  const quoted = Array.from(text.matchAll(/"([^"]*)"/g), ([, revision = '']) => revision)
  return quoted.length > 0 ? quoted : [text]
}

/** Read from the URL itself: the two majors of Express, and a host's `query parser` setting, read it differently. */
function queryOf(request: Request): Record<string, string> {
  const at = request.url.indexOf('?')
  return at < 0 ? {} : Object.fromEntries(new URLSearchParams(request.url.slice(at + 1)))
}
