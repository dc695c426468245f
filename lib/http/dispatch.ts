import { randomUUID } from 'node:crypto'
import express from 'express'
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { faultOf } from '../registry/fault'
import type { Authentication } from './authentication'
import type { Call, Context, Reply } from './call'
import { checkedBody, checkedQuery, notAnObject } from './input'
import type { Route } from './route'
import { pathPattern } from './paths'
import { errorReply } from './wire-errors'

/** One route as Express wants it: authenticate, validate, handle, send. The only file that touches requests and responses. */
export function dispatch(context: Context, route: Route, authenticate: Authentication): RequestHandler {
  const { names } = pathPattern(route.path)
  const parse = express.json({ limit: context.options.bodyLimit, strict: false, type: () => true })

  async function serve(request: Request, response: Response): Promise<Reply> {
    const caller = route.access === 'open' ? nobody : await authenticate(request)
    const body = route.body === undefined ? null : checkedBody(await bodyOf(request, response), route.body)
    const query = route.query === undefined ? {} : checkedQuery(queryOf(request), route.query)
    return route.handle(context, callOf(request, { query, body, caller }))
  }

  function callOf(request: Request, { query, body, caller }: Pick<Call, 'query' | 'body' | 'caller'>): Call {
    const { registry } = context
    return {
      params: Object.fromEntries(names.map((name, at) => [name, String(request.params[at])])),
      query,
      body,
      ifRevisions: revisionsIn(request.headers['if-match']),
      caller,
      scope: registry.scope(caller),
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

  return function modelManagement(request, response) {
    serve(request, response)
      .catch((error: unknown) => failure(context, route, request, error))
      .then((reply) => send(request, response, reply))
      .catch((error: unknown) => {
        context.options.logger.error(faultOf(error), 'an answer could not be sent')
        response.destroy()
      })
  }
}

/** For paths of LiteLLM's management API: another method is told so. `OPTIONS` stays with the host, whose CORS it is. */
export function methodNotAllowed(allowed: readonly string[]): RequestHandler {
  return function modelManagementMethod(request, response, next) {
    if (request.method === 'OPTIONS') return next()
    const headers = { Allow: allowed.join(', ') }
    send(request, response, { status: 405, body: { detail: 'Method Not Allowed' }, headers })
  }
}

/** For paths that Express itself could not decode: the host's error page would repeat them. */
export function undecodable(): ErrorRequestHandler {
  return function modelManagementPath(error: unknown, request, response, next) {
    const { status } = Object(error) as { readonly status?: unknown }
    if (status !== 400) return next(error)
    const message = 'The path holds a percent sign that encodes nothing. Send the sign itself as %25.'
    send(request, response, errorReply(new ModelManagementError('invalid_value', message), 'none'))
  }
}

const nobody: Caller = Object.freeze({ userId: 'anonymous', role: 'customer', models: ['no-default-models'] })

function failure({ options }: Context, { family, path }: Route, { method }: Request, error: unknown): Reply {
  const requestId = randomUUID()
  const reply = errorReply(error, family, requestId)
  if (reply.status >= 500) {
    const cause =
      error instanceof ModelManagementError && error.cause !== undefined ? faultOf(error.cause) : {}
    options.logger.error({ requestId, method, path, ...faultOf(error), cause }, 'a request failed')
  }
  return reply
}

function send(request: Request, response: Response, reply: Reply): void {
  if (response.headersSent || response.destroyed) return
  const etag = reply.etag ?? (reply.revision === undefined ? undefined : `"${reply.revision}"`)
  const headers: Record<string, string | number> = {
    ...reply.headers,
    // What one caller sees is not what another does.
    'Cache-Control': 'private, no-cache',
    ...(etag === undefined ? {} : { ETag: etag }),
  }
  if (reply.etag !== undefined && matches(request.headers['if-none-match'], reply.etag)) {
    response.writeHead(304, headers).end()
    return
  }
  const bytes = reply.bytes ?? Buffer.from(JSON.stringify(reply.body))
  headers['Content-Type'] = 'application/json'
  headers['Content-Length'] = bytes.length
  response.writeHead(reply.status, headers).end(bytes)
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
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
