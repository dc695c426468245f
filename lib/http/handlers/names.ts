import { ModelManagementError } from '../../errors'
import type { FallbackType, NamesOptions } from '../../registry/names'
import type { Call, Context, Reply } from '../call'

interface NamesQuery {
  readonly return_wildcard_routes?: boolean
  readonly team_id?: string
  readonly include_model_access_groups?: boolean
  readonly only_model_access_groups?: boolean
  readonly include_metadata?: boolean
  readonly fallback_type?: string
  readonly scope?: string
  readonly include_pricing?: boolean
  readonly client_version?: string
  readonly limit?: string
  readonly after_id?: string
  readonly before_id?: string
}

/** GET /models, GET /v1/models: one entry a name, as OpenAI's clients read them. */
export async function names({ registry }: Context, { scope, query, isAnthropic }: Call): Promise<Reply> {
  const options = { ...optionsOf(query), ...shapeOf(query, isAnthropic) }
  return { status: 200, ...(await registry.reads.names(scope, options)) }
}

/** GET /models/{id}, GET /v1/models/{id}; ids may hold slashes. */
export async function name(
  { registry }: Context,
  { params, scope, query, isAnthropic }: Call,
): Promise<Reply> {
  const id = params['model'] ?? ''
  const { groups: _, wildcards: __, ...options } = optionsOf(query)
  const shape = isAnthropic ? { shape: { of: 'anthropic', page: {} } as const } : {}
  const entry = await registry.reads.name(scope, id, { ...options, ...shape })
  if (entry !== undefined) return { status: 200, body: { ...entry } }
  throw new ModelManagementError('unknown_name', `Model '${id}' not found in router configuration`, { id })
}

const fallbackTypes: readonly FallbackType[] = ['general', 'context_window', 'content_policy']

function optionsOf(query: NamesQuery): NamesOptions {
  const { fallback_type: type = 'general', scope } = query
  if (scope !== undefined && scope !== 'expand')
    // What was sent is not repeated: it may be anything.
    throw invalid('scope', "Invalid scope parameter. Only 'expand' is currently supported.")
  const fallbackType = fallbackTypes.find((known) => known === type)
  if (query.include_metadata === true && fallbackType === undefined)
    throw invalid(
      'fallback_type',
      "Invalid fallback_type. Must be one of: ['general', 'context_window', 'content_policy']",
    )
  return {
    ...(query.team_id === undefined ? {} : { teamId: query.team_id }),
    ...(query.include_metadata === true && fallbackType !== undefined ? { metadata: fallbackType } : {}),
    ...(query.include_pricing === true ? { pricing: true } : {}),
    ...(query.return_wildcard_routes === true ? { wildcards: true } : {}),
    ...groupsAsked(query),
  }
}

/** Codex names its version; other clients of OpenAI's may send a `limit` of their own, which their list does not have. */
function shapeOf(
  { client_version: version, limit, after_id: afterId, before_id: beforeId }: NamesQuery,
  isAnthropic: boolean,
): Pick<NamesOptions, 'shape'> {
  if (version !== undefined) return { shape: { of: 'codex' } }
  if (!isAnthropic) return {}
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit))
    throw invalid('limit', 'limit must be a whole number from 1 on.')
  if (afterId !== undefined && beforeId !== undefined)
    throw invalid('before_id', 'Send after_id or before_id, not both.')
  const page = {
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(afterId === undefined ? {} : { afterId }),
    ...(beforeId === undefined ? {} : { beforeId }),
  }
  return { shape: { of: 'anthropic', page } }
}

function groupsAsked(query: NamesQuery): Pick<NamesOptions, 'groups'> {
  if (query.only_model_access_groups === true) return { groups: 'only' }
  return query.include_model_access_groups === true ? { groups: 'also' } : {}
}

function invalid(param: string, message: string): ModelManagementError {
  return new ModelManagementError('invalid_query', message, { param })
}
