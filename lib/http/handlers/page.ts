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
  readonly sortBy?: string
  readonly sortOrder?: string
  readonly page?: number
  readonly size?: number
}

/** GET /v2/model/info: filter, sort, count and page, over everything the caller sees. */
export async function page({ registry }: Context, { caller, scope, query }: Call): Promise<Reply> {
  const found = await registry.page(scope, modelQuery(query, caller.userId))
  const parts = found.rows.map((row) => registry.presenter.bytes(row, scope.audience(row)))
  const { total, page: current, pages, size } = found
  const tail = { total_count: total, current_page: current, total_pages: pages, size }
  const rows = parts.flatMap((part, at) => (at === 0 ? [part] : [comma, part]))
  return {
    status: 200,
    bytes: Buffer.concat([head, ...rows, Buffer.from(`],${JSON.stringify(tail).slice(1)}`)]),
  }
}

const head = Buffer.from('{"data":[')
const comma = Buffer.from(',')

function modelQuery(query: PageQuery, userId: string): ModelQuery {
  const given = {
    model: query.model,
    modelId: query.modelId,
    teamId: query.teamId,
    accessGroup: query.access_group,
    search: query.search,
    madeBy: query.user_models_only === true ? userId : undefined,
    wildcardsOnly: query.wildcard_only,
    sortBy: query.sortBy,
    sortOrder: query.sortOrder,
  }
  return { ...defined(given), page: query.page ?? 1, size: query.size ?? 50 }
}

/** An absent restriction and one that is undefined are the same. */
function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
