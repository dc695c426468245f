/**
 * The HTTP status of every code, where the route says nothing else. `http/wire-errors.ts` says which envelope each gets; the
 * README explains each.
 */
const statuses = {
  // The host's own mistakes: thrown at start.
  invalid_option: 500,
  invalid_config: 500,
  invalid_cost_map: 502,
  missing_driver: 500,
  // Who is calling.
  no_key: 401,
  malformed_key: 401,
  unknown_key: 401,
  forbidden: 403,
  view_only: 403,
  admin_only: 403,
  not_team_admin: 403,
  // What was sent.
  invalid_json: 422,
  invalid_body: 422,
  body_too_large: 413,
  unsupported_encoding: 415,
  invalid_value: 400,
  invalid_query: 400,
  limit_reached: 400,
  // What it was sent to.
  unknown_model: 400,
  invalid_members: 400,
  unknown_group: 404,
  group_exists: 409,
  foreign_team: 403,
  unknown_team: 404,
  unknown_name: 404,
  already_exists: 409,
  file_model: 400,
  writes_disabled: 400,
  stale_revision: 412,
  conflict: 409,
  // What this instance can do now.
  not_ready: 503,
  storage_unavailable: 503,
  storage_refused: 409,
  key_ring: 500,
  closed: 503,
  busy: 503,
  upstream_failed: 502,
} as const satisfies Readonly<Record<string, number>>

export type ErrorCode = keyof typeof statuses

/** Every code this package throws. */
export const errorCodes = Object.keys(statuses) as readonly ErrorCode[]

/** What an answer of this status has to say beside its body; undefined where that is nothing. */
export function headersOfStatus(status: number): Readonly<Record<string, string>> | undefined {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' }
  return status === 503 ? { 'Retry-After': '1' } : undefined
}

/** One thing that is wrong with a value: pydantic's type word, the path to it, a sentence. Never the value itself. */
export interface Problem {
  readonly type: string
  readonly loc: readonly (string | number)[]
  readonly msg: string
}

export interface ErrorFacts {
  /** Path of the value at fault, as `litellm_params.rpm`. */
  readonly param?: string
  /** The model the call was about. */
  readonly id?: string
  /** Each thing that is wrong, when it is a validation error, or what a caller may know of why storage refused a change. */
  readonly problems?: readonly Problem[]
  readonly cause?: unknown
}

/**
 * The only error class of this package: tell errors apart by `code`.
 *
 * A host's error handler can answer with it as with an error of `http-errors`, as Express's own handler does.
 */
export class ModelManagementError extends Error {
  readonly code: ErrorCode
  /** The HTTP status to answer with, from 400 on. */
  readonly status: number
  /** The same as `status`. */
  readonly statusCode: number
  /** Whether a client may read the message: true below 500. */
  readonly expose: boolean
  /** Headers for that answer: `WWW-Authenticate` for 401, `Retry-After` for 503. */
  readonly headers: Readonly<Record<string, string>> | undefined
  readonly param: string | undefined
  readonly id: string | undefined
  readonly problems: readonly Problem[] | undefined

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'ModelManagementError'
    this.code = code
    this.status = this.statusCode = statuses[code]
    this.expose = this.status < 500
    this.headers = headersOfStatus(this.status)
    this.param = facts.param
    this.id = facts.id
    this.problems = facts.problems
  }
}
