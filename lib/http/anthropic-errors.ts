import type { IncomingHttpHeaders } from 'node:http'
import { isJsonObject } from '../json'
import type { JsonValue } from '../json'
import type { Reply } from './call'

/** Whether the client reads Anthropic's shapes. */
export function isAnthropic(headers: IncomingHttpHeaders): boolean {
  return headers['anthropic-version'] !== undefined
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
}

/** A refusal in the envelope that Anthropic's SDK reads. */
export function anthropicError(reply: Reply): Reply {
  const type = types[reply.status] ?? (reply.status >= 500 ? 'api_error' : 'invalid_request_error')
  return { ...reply, body: { type: 'error', error: { type, message: messageIn(reply.body) } } }
}

/** The sentence of any of LiteLLM's envelopes. */
function messageIn(body: Reply['body']): string {
  const { error, detail }: { error?: JsonValue; detail?: JsonValue } = isJsonObject(body) ? body : {}
  if (typeof detail === 'string') return detail
  if (Array.isArray(detail)) return detail.map(problemText).join('; ')
  const told = isJsonObject(detail) ? detail['error'] : isJsonObject(error) ? error['message'] : undefined
  return typeof told === 'string' ? told : 'The request failed.'
}

function problemText(problem: JsonValue): string {
  if (!isJsonObject(problem)) return 'The query does not fit its schema.'
  const { loc, msg } = problem
  return `${Array.isArray(loc) ? loc.join('.') : 'query'}: ${typeof msg === 'string' ? msg : 'invalid'}`
}
