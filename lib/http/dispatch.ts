import { randomUUID } from 'node:crypto'
import express from 'express'
import type { Request, RequestHandler, Response } from 'express'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { faultOf } from '../registry/fault'
import type { Authentication } from './authentication'
import type { Context, Reply } from './call'
import { checkedBody, checkedQuery, notAnObject } from './input'
import type { Route } from './route'
import { matcher } from './match'
import type { Match } from './match'
import { sender } from './send'
import { errorReply } from './wire-errors'

/** The routes as Express wants them: find, authenticate, validate, handle, send. */
export function dispatch(
  context: Context,
  routes: readonly Route[],
  authenticate: Authentication,
): RequestHandler {
  const { bodyLimit, limits, logger } = context.options
  const match = matcher(routes)
  const send = sender()
  const parse = express.json({ limit: bodyLimit, strict: false, type: () => true })

  async function answer(request: Request, response: Response, { route, params }: Match): Promise<Reply> {
    try {
      const caller = route.access === 'open' ? nobody : await authenticate(request)
      assertShort(request, limits.maxPathLength)
      const body =
        route.body === undefined ? null : checkedBody(await bodyOf(request, response), route.body, limits)
      return await route.handle(context, {
        params: params(request.path),
        query: route.query === undefined ? {} : checkedQuery(queryOf(request), route.query),
        body,
        ifRevisions: revisionsIn(request.headers['if-match']),
        caller,
        scope: context.registry.scope(caller),
      })
    } catch (error) {
      return failure(context, route, request, error)
    }
  }

  /** The JSON that was sent; what the host's own parser made of it, where that came first. */
  async function bodyOf(request: Request, response: Response): Promise<unknown> {
    if (!isJson(request.headers['content-type'])) throw notAnObject()
    if (!request.readableDidRead && !request.readableEnded)
      await new Promise<void>((resolve, reject) => {
        parse(request, response, (error?: unknown) =>
          error === undefined ? resolve() : reject(bodyError(error)),
        )
      })
    const body: unknown = request.body
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return isAbsent(request) ? undefined : body
    try {
      return JSON.parse(body.toString())
    } catch (error) {
      throw bodyError(error)
    }
  }

  return function modelManagement(request, response, next) {
    const found = match(request.method, request.path)
    if (found === undefined) return next()
    answer(request, response, found)
      .then((reply) => send(request, response, reply))
      .catch((error: unknown) => {
        logger.error(faultOf(error), 'an answer could not be sent')
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
    const cause =
      error instanceof ModelManagementError && error.cause !== undefined ? faultOf(error.cause) : {}
    options.logger.error({ requestId, method, path, ...faultOf(error), cause }, 'a request failed')
  }
  return reply
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

function isJson(type: string | undefined): boolean {
  return type === undefined || /^application\/([\w.+-]+\+)?json *(;|$)/i.test(type.trim())
}

function isAbsent({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
}

/** What `express.json` says about a body, in LiteLLM's words and without any of the body. */
function bodyError(error: unknown): ModelManagementError {
  const { type, status, message, body } = Object(error) as {
    readonly type?: unknown
    readonly status?: unknown
    readonly message?: unknown
    readonly body?: unknown
  }
  if (type === 'entity.too.large')
    return new ModelManagementError('body_too_large', 'The body is larger than this server reads.')
  if (status === 415)
    return new ModelManagementError(
      'unsupported_encoding',
      'The body is encoded in a way that is not supported.',
    )
  const position = Number(
    /position (\d+)/.exec(String(message))?.[1] ?? (typeof body === 'string' ? body.length : 0),
  )
  return new ModelManagementError('invalid_json', 'The body is not JSON.', {
    problems: [{ type: 'json_invalid', loc: ['body', position], msg: 'JSON decode error' }],
  })
}
