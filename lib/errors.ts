/** Every code this package throws. `http/wire-errors.ts` says which status and envelope each becomes; the README explains each. */
export const errorCodes = [
  // The host's own mistakes: thrown at start.
  'invalid_option',
  'invalid_config',
  'invalid_cost_map',
  'missing_driver',
  // Who is calling.
  'no_key',
  'malformed_key',
  'unknown_key',
  'forbidden',
  'view_only',
  'admin_only',
  'not_team_admin',
  // What was sent.
  'invalid_json',
  'invalid_body',
  'body_too_large',
  'unsupported_encoding',
  'invalid_value',
  'invalid_query',
  'limit_reached',
  // What it was sent to.
  'unknown_model',
  'invalid_members',
  'unknown_group',
  'group_exists',
  'foreign_team',
  'unknown_name',
  'already_exists',
  'file_model',
  'writes_disabled',
  'stale_revision',
  'conflict',
  // What this instance can do now.
  'not_ready',
  'storage_unavailable',
  'storage_refused',
  'key_ring',
  'closed',
  'busy',
  'upstream_failed',
] as const

export type ErrorCode = (typeof errorCodes)[number]

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
  /** Each thing that is wrong, when it is a validation error. */
  readonly problems?: readonly Problem[]
  readonly cause?: unknown
}

/** The only error class of this package: tell errors apart by `code`. */
export class ModelManagementError extends Error {
  readonly code: ErrorCode
  readonly param: string | undefined
  readonly id: string | undefined
  readonly problems: readonly Problem[] | undefined

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'ModelManagementError'
    this.code = code
    this.param = facts.param
    this.id = facts.id
    this.problems = facts.problems
  }
}
