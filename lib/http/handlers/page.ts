import { ModelManagementError } from '../../errors'
import type { ModelQuery } from '../../registry/query'
import type { Call, Context, Reply } from '../call'

interface PageQuery {
  readonly model?: string
  readonly modelId?: string
  readonly teamId?: string
  readonly access_group?: string
  readonly search?: string
  readonly user_models_only?: boolean
  readonly wildcard_only?: boolean
  readonly exclude_auto_routers?: boolean
  readonly blocked?: boolean | null
  readonly use_stored_params?: boolean
  readonly sortBy?: string
  readonly sortOrder?: string
  readonly page?: number
  readonly size?: number
}

/** GET /v2/model/info: filter, sort, count and page, over everything the caller sees. */
export async function page({ registry }: Context, { caller, scope, query }: Call): Promise<Reply> {
  const { modelId, use_stored_params: isStored, ...asked } = given(query as PageQuery)
  // Rows hold stored params only, with nothing from the runtime, so that there is nothing to leave out.
  if (isStored === true && modelId === undefined)
    throw new ModelManagementError('invalid_query', 'use_stored_params requires modelId')
  const found = await registry.page(scope, modelQuery(asked, caller.userId), modelId)
  const { total, page: current, pages, size } = found
  const counts = { total_count: total, current_page: current, total_pages: pages, size }
  const tail = `],${JSON.stringify(counts).slice(1)}`
  return { status: 200, ...(await registry.reads.list(found.rows, scope, tail)) }
}

function modelQuery(query: PageQuery, userId: string): ModelQuery {
  const restrictions = {
    model: query.model,
    teamId: query.teamId,
    accessGroup: query.access_group,
    search: query.search,
    madeBy: query.user_models_only === true ? userId : undefined,
    wildcardsOnly: query.wildcard_only,
    withoutAutoRouters: query.exclude_auto_routers,
    blocked: query.blocked ?? undefined,
    sortBy: query.sortBy,
    sortOrder: query.sortOrder,
  }
  return { ...given(restrictions), page: query.page ?? 1, size: query.size ?? 50 }
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** A restriction that is empty, as a form sends it, is none. */
function given<T extends object>(query: T): Given<T> {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  ) as Given<T>
}
