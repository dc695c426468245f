import { ModelManagementError } from '../../errors'
import type { JsonValue } from '../../json'
import type { GroupInfo } from '../../registry/groups'
import type { Call, Context, Reply } from '../call'

interface HubQuery {
  readonly page?: number
  readonly page_size?: number
  readonly sort?: string
  readonly search?: string
}

/** GET /public/model_hub: every public model group. */
export async function publicModelHub({ registry }: Context): Promise<Reply> {
  return { status: 200, ...(await registry.reads.published()).bytes }
}

const sortable: ReadonlySet<string> = new Set([
  'model_group',
  'mode',
  'providers',
  'max_input_tokens',
  'max_output_tokens',
  'input_cost_per_token',
  'output_cost_per_token',
  'rpm',
  'tpm',
])
const maxPageSize = 100

/** GET /model_hub and GET /public/v1/model_hub: the same, searched, sorted and paged. */
export async function modelHub({ registry }: Context, { query }: Call): Promise<Reply> {
  const { page = 1, page_size: given = 50, sort = 'model_group', search = '' } = query as HubQuery
  const isDescending = sort.startsWith('-')
  const key = isDescending ? sort.slice(1) : sort
  if (!sortable.has(key))
    throw new ModelManagementError('invalid_query', `sort must be one of: ${[...sortable].join(', ')}`, {
      param: 'sort',
    })
  const part = search.toLowerCase()
  const { groups } = await registry.reads.published()
  const found = groups
    .filter(({ model_group: name }) => name.toLowerCase().includes(part))
    .sort((one, other) => compare(one, other, key, isDescending ? -1 : 1))
  const size = Math.min(given, maxPageSize)
  const pages = Math.ceil(found.length / size)
  const data = found.slice((page - 1) * size, page * size)
  const meta = { total_count: found.length, page, page_size: size, total_pages: pages }
  return { status: 200, body: { data, meta, links: linksOf(query, page, Math.max(1, pages)) } }
}

/** What is unknown sorts last, whichever way; equal groups by name. */
function compare(one: GroupInfo, other: GroupInfo, key: string, sign: number): number {
  const [first, second] = [cell(one[key]), cell(other[key])]
  if (first === second) return one.model_group < other.model_group ? -1 : 1
  if (first === null || second === null) return first === null ? 1 : -1
  return first < second ? -sign : sign
}

function cell(value: JsonValue | undefined): string | number | null {
  if (Array.isArray(value)) return value.join()
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

/** References relative to the path that was asked for. They repeat no other parameter: it may hold a key. */
function linksOf(query: HubQuery, page: number, last: number): Readonly<Record<string, string | null>> {
  const kept = (['page_size', 'sort', 'search'] as const).flatMap((name): [string, string][] =>
    query[name] === undefined ? [] : [[name, String(query[name])]],
  )
  const at = (number: number): string =>
    `?${new URLSearchParams([...kept, ['page', String(number)]]).toString()}`
  return {
    self: at(page),
    first: at(1),
    prev: page > 1 ? at(page - 1) : null,
    next: page < last ? at(page + 1) : null,
    last: at(last),
  }
}

/** POST /model_group/make_public: replaces the names that are public. */
export async function makePublic({ registry }: Context, { body, caller }: Call): Promise<Reply> {
  const { model_groups: names } = body as { readonly model_groups: readonly string[] }
  await registry.publicGroups.set(names)
  return {
    status: 200,
    body: {
      message: 'Successfully updated public model groups',
      public_model_groups: [...names],
      updated_by: caller.userId,
    },
  }
}
