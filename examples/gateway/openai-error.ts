import type { ErrorRequestHandler, RequestHandler } from 'express'

export interface OpenAiErrorFacts {
  readonly type?: string
  readonly param?: string
  readonly code?: string
}

/** An answer in the form that OpenAI's clients turn into their own errors. */
export class OpenAiError extends Error {
  readonly status: number
  readonly facts: OpenAiErrorFacts

  constructor(status: number, message: string, facts: OpenAiErrorFacts = {}) {
    super(message)
    this.status = status
    this.facts = facts
  }
}

export const noSuchRoute: RequestHandler = ({ method, path }) => {
  throw new OpenAiError(404, `Unknown request URL: ${method} ${path}.`, { code: 'unknown_url' })
}

/** The last handler of the app. Express knows it by its four parameters. */
export const sendError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (response.headersSent) {
    // Half an answer is sent: only a broken connection tells that the rest is missing.
    response.destroy()
    return
  }
  if (response.destroyed) return
  const { status, message, facts } = openAiErrorOf(error)
  const { type = 'invalid_request_error', param = null, code = null } = facts
  response.status(status).json({ error: { message, type, param, code } })
}

function openAiErrorOf(error: unknown): OpenAiError {
  if (error instanceof OpenAiError) return error
  // As the errors of Express and its body parser have it. Their messages may quote the body.
  const { status = 500, type } = Object(error) as { readonly status?: number; readonly type?: string }
  if (type === 'entity.too.large') return new OpenAiError(413, 'The body is larger than this gateway reads.')
  if (type === 'entity.parse.failed') return new OpenAiError(400, 'The body cannot be read as JSON.')
  if (status >= 400 && status < 500) return new OpenAiError(status, 'The request cannot be read.')
  console.error('A request failed:', error)
  return new OpenAiError(500, 'The gateway failed; its log tells more.', { type: 'api_error' })
}
