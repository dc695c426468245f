import type { ServerResponse } from 'node:http'
import { ModelManagementError } from '../errors'
import type { ErrorCode } from '../errors'
import type { Outcome } from '../registry/resolve'

/** An answer in the form that OpenAI's clients turn into their own errors. */
export interface Refusal {
  readonly status: number
  readonly message: string
  readonly type: string
  readonly code: string | null
  readonly param: string | null
  readonly headers?: Readonly<Record<string, string>> | undefined
}

const invalidRequest = { type: 'invalid_request_error', code: null, param: null }

export const noModel: Refusal = {
  ...invalidRequest,
  status: 400,
  message: "Name a model: send a JSON object with the member 'model'.",
  param: 'model',
}

/** Without the name, which is as long as a caller likes. */
export function longName(maxLength: number): Refusal {
  return {
    ...invalidRequest,
    status: 404,
    message: `There is no model whose name has more than ${maxLength} characters.`,
    param: 'model',
    code: 'model_not_found',
  }
}

/** The type of `forbidden` is LiteLLM's, the others are OpenAI's. */
const outcomes: Readonly<Record<Exclude<Outcome, 'found'>, (name: string) => Omit<Refusal, 'param'>>> = {
  unknown: (name) => ({
    status: 404,
    message: `The model '${name}' does not exist.`,
    type: 'invalid_request_error',
    code: 'model_not_found',
  }),
  forbidden: (name) => ({
    status: 403,
    message: `This key is not allowed to use the model '${name}'.`,
    type: 'key_model_access_denied',
    code: 'model_access_denied',
  }),
  blocked: (name) => ({
    status: 503,
    message: `All deployments of the model '${name}' are paused.`,
    type: 'service_unavailable',
    code: 'model_blocked',
  }),
}

/** Why a model cannot be used, by the name that the caller knows it by. */
export function unusable(outcome: Exclude<Outcome, 'found'>, name: string): Refusal {
  return { ...outcomes[outcome](name), param: 'model' }
}

/** What OpenAI says otherwise than the error's own status, message and code. */
const wordings: Readonly<Partial<Record<ErrorCode, Partial<Refusal>>>> = {
  invalid_json: { status: 400, message: 'The body cannot be read as JSON.' },
  invalid_body: {
    status: 400,
    message: "Send a JSON object with the member 'model', and the header Content-Type: application/json.",
    code: null,
  },
}

const types: Readonly<Record<number, string>> = {
  401: 'auth_error',
  403: 'permission_error',
  503: 'service_unavailable',
}

/** The answer to an error that its caller may know of; undefined for one that is a matter of the host. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ModelManagementError) || (!error.expose && error.status !== 503)) return undefined
  const { status, message, code, headers } = error
  return {
    status,
    message,
    type: types[status] ?? 'invalid_request_error',
    code: status === 401 ? 'invalid_api_key' : code,
    param: null,
    headers,
    ...wordings[code],
  }
}

/** Sends it. Whoever has hung up, or was answered already, gets nothing. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) return
  const { status, headers, message, type, param, code } = refusal
  const bytes = Buffer.from(JSON.stringify({ error: { message, type, param, code } }))
  response
    .writeHead(status, {
      ...headers,
      'Content-Type': 'application/json',
      'Content-Length': bytes.length,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    })
    .end(bytes)
}
