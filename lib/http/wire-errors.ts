import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '../errors'
import { headersOfStatus, ModelManagementError } from '../errors'
import type { Reply } from './call'
import { toldPath } from './told-path'
import { truncateText, listProblems } from './problem-list'

/** Routes whose errors LiteLLM words alike. */
export type Family =
  | 'info'
  | 'list'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'block'
  | 'group'
  | 'cost_map'
  | 'utils'
  | 'none'

/** `error`: `{"error":{message,type,param,code}}`. `detail`: `{"detail":{"error":…}}`. `text`: `{"detail":…}`. */
type Envelope = 'error' | 'detail' | 'text'

interface Wire {
  readonly type: string
  readonly envelope: Envelope
  /** The envelope when the error is about one field. */
  readonly ofField?: Envelope
}

const error = (type: string): Wire => ({ type, envelope: 'error' })
const detail = (type: string): Wire => ({ type, envelope: 'detail' })
const sentence = (type: string): Wire => ({ type, envelope: 'text' })
const internal = error('internal_server_error')

/** Complete by the compiler. The status of each is that of the error; below 500 the message is sent. */
const wires: Readonly<Record<ErrorCode, Wire>> = {
  invalid_option: internal,
  invalid_config: internal,
  invalid_cost_map: detail('internal_server_error'),
  missing_driver: internal,
  no_key: error('auth_error'),
  malformed_key: error('auth_error'),
  unknown_key: error('token_not_found_in_db'),
  forbidden: error('auth_error'),
  view_only: sentence('permission_error'),
  admin_only: { ...detail('permission_error'), ofField: 'error' },
  not_team_admin: detail('permission_error'),
  invalid_json: error('validation_error'),
  invalid_body: error('validation_error'),
  body_too_large: error('validation_error'),
  unsupported_encoding: error('validation_error'),
  invalid_value: error('validation_error'),
  invalid_query: sentence('validation_error'),
  limit_reached: error('validation_error'),
  unknown_model: detail('not_found_error'),
  invalid_members: detail('validation_error'),
  unknown_group: detail('not_found_error'),
  group_exists: detail('conflict_error'),
  foreign_team: detail('permission_error'),
  unknown_team: detail('not_found_error'),
  unknown_name: sentence('not_found_error'),
  already_exists: error('conflict_error'),
  file_model: error('validation_error'),
  writes_disabled: error('validation_error'),
  stale_revision: error('precondition_failed'),
  conflict: error('conflict_error'),
  not_ready: error('service_unavailable'),
  storage_unavailable: error('service_unavailable'),
  storage_refused: error('conflict_error'),
  key_ring: internal,
  closed: error('service_unavailable'),
  busy: error('service_unavailable'),
  upstream_failed: detail('internal_server_error'),
}

/** Handlers of these families re-wrap everything into the `error` envelope, as LiteLLM's do. */
const rewrapped: ReadonlySet<Family> = new Set(['create', 'update', 'delete'])

/** Handlers of these families say a sentence where others have an object. */
const plain: ReadonlySet<Family> = new Set(['cost_map'])

/** How an attempt to change a model of the config file is told. */
const fileModel: Wording = {
  update: () => ({
    status: 400,
    envelope: 'error',
    text: "Can't edit model. Model in config. Store model in db via `/model/new`. to edit.",
  }),
  delete: (id) => ({
    status: 400,
    envelope: 'error',
    text: `Model with id=${id} not found in db: it is in the config file, remove it there.`,
  }),
}

interface Worded {
  readonly status: number
  readonly envelope: Envelope
  readonly text: string
}

/** How the routes of a family tell of one error. */
type Wording = Readonly<Partial<Record<Family, (id: string, message: string) => Worded>>>

/** How an id that is not there is told; clients look for these words. */
const unknownModel: Wording = {
  info: (id) => ({ status: 400, envelope: 'detail', text: `Model id = ${id} not found on litellm proxy` }),
  update: (id) => ({
    status: 400,
    envelope: 'error',
    text: id === '' ? 'model not found: send its id' : `Model with id=${id}: model not found`,
  }),
  patch: (id) => ({ status: 404, envelope: 'error', text: `Model ${id} not found on proxy.` }),
  block: (id) => ({ status: 404, envelope: 'error', text: `Model ${id} not found on proxy.` }),
  delete: (id) => ({ status: 400, envelope: 'error', text: `Model with id=${id} not found in db` }),
  utils: (model) => ({ status: 400, envelope: 'detail', text: `Could not map model=${model}` }),
}

/** How a reload that failed is told. */
const failedReload: Wording = {
  cost_map: (_, reason) => ({
    status: 502,
    envelope: 'text',
    text: `Failed to reload model cost map: ${reason} Current pricing data was kept.`,
  }),
}

const wordings: Readonly<Partial<Record<ErrorCode, Wording>>> = {
  unknown_model: unknownModel,
  file_model: fileModel,
  upstream_failed: failedReload,
  invalid_cost_map: failedReload,
}

/** Characters. Names and paths of callers are in both, and an answer has at most 16 KB. */
const mostOfMessage = 1500
const mostOfParam = 500

/** Any error as the answer that LiteLLM's clients know. Of an error that is not ours nothing but a request id is told. */
export function errorReply(thrown: unknown, family: Family, requestId = randomUUID()): Reply {
  if (!(thrown instanceof ModelManagementError)) return hidden(requestId)
  const { code, problems, message, id, param } = thrown
  if (problems !== undefined && (code === 'invalid_body' || code === 'invalid_json'))
    return {
      status: 422,
      body: { detail: listProblems(problems).map((problem) => ({ ...problem })) },
    }
  const wire = wires[code]
  const worded = wordings[code]?.[family]?.(id ?? '', message)
  const status = worded?.status ?? thrown.status
  const envelope = worded?.envelope ?? (param === undefined ? undefined : wire.ofField) ?? wire.envelope
  const told = param === undefined ? null : truncateText(toldPath(param), mostOfParam)
  const said = worded?.text ?? message
  const whole = param === undefined || told === null || told === param ? said : said.replaceAll(param, told)
  const text = truncateText(whole, mostOfMessage)
  if (status === 500) return hidden(requestId)
  const sent = headersOfStatus(status)
  const headers = sent === undefined ? {} : { headers: sent }
  if (envelope !== 'error' && !rewrapped.has(family))
    return {
      status,
      body: { detail: envelope === 'text' || plain.has(family) ? text : { error: text } },
      ...headers,
    }
  return {
    status,
    body: { error: { message: text, type: wire.type, param: told, code: String(status) } },
    ...headers,
  }
}

function hidden(requestId: string): Reply {
  const message = `Internal server error. The log tells more under request id ${requestId}.`
  return {
    status: 500,
    body: { error: { message, type: 'internal_server_error', param: null, code: '500' } },
    headers: { 'X-Request-Id': requestId },
  }
}
