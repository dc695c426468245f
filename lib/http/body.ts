import type { Request, RequestHandler, Response } from 'express'
import { ModelManagementError } from '../errors'
import { notAnObject } from './input'

/**
 * The JSON that was sent; what the host's own parser made of it, where that came first. Only a body that says that it is JSON is
 * read as such: pages of other sites may send any other type without asking first.
 */
export async function bodyOf(request: Request, response: Response, parse: RequestHandler): Promise<unknown> {
  const type = request.headers['content-type']
  if (type === undefined ? !isAbsent(request) : !isJson(type)) throw notAnObject()
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

export function isJson(type: string): boolean {
  return /^application\/([\w.+-]+\+)?json *(;|$)/i.test(type.trim())
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
