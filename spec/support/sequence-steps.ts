import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../lib/json'

export type CallerName = 'master' | 'narrow' | 'team'

/** Which row a step is about: a number that is counted round among the ids that are there; `nobody` for none of them. */
type At = number
export const nobody = 15

interface Condition {
  readonly as: CallerName
  readonly ifMatch: 'current' | 'stale' | 'absent'
}

interface Members {
  readonly group: string
  readonly names: readonly string[] | undefined
  readonly ids: readonly At[] | undefined
}

export interface FileRow {
  readonly model_name: string
  readonly litellm_params: JsonObject
  readonly model_info?: JsonObject
}

export interface FileContent {
  readonly rows: readonly FileRow[]
  readonly aliases: JsonObject
}

/** One thing that happens to a router. Plain data, so that a failing sequence can be read. */
export type Step =
  | { readonly do: 'create'; readonly as: CallerName; readonly body: JsonObject }
  | ({
      readonly do: 'update'
      readonly at: At
      readonly by: 'post' | 'patch'
      readonly patch: JsonObject
    } & Condition)
  | {
      readonly do: 'save form'
      readonly at: At
      readonly part: 'litellm_params' | 'model_info'
      readonly value: JsonValue
    }
  | ({ readonly do: 'delete'; readonly at: At } & Condition)
  | ({ readonly do: 'block'; readonly at: At; readonly blocked: boolean } & Condition)
  | ({ readonly do: 'new group' | 'update group'; readonly as: CallerName } & Members)
  | { readonly do: 'delete group'; readonly as: CallerName; readonly group: string }
  | { readonly do: 'edit file'; readonly content: FileContent }
  | { readonly do: 'look'; readonly query: PageQuery }

export interface PageQuery {
  readonly search: string
  readonly sortBy: string
  readonly sortOrder: 'asc' | 'desc'
  readonly page: number
  readonly size: number
}

export const names = ['known', 'claude', 'openai/fast', 'openai/*'] as const
export const groups = ['group-1', 'group-2'] as const
export const mask = '********'

const name = fc.constantFrom(...names)
const ids = fc.constantFrom('a', 'b', 'c', 'd')
const at = fc.nat(nobody)
const value = fc.constantFrom<JsonValue>(
  1,
  0,
  'x',
  '',
  false,
  [1, null],
  { a: { b: null } },
  [],
  'line\nline',
)
const memberOf = fc.subarray([...groups])
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, ...others.map((other) => fc.constant(other)))
const as = mostly<CallerName>('master', 'narrow', 'team')
const condition = { as, ifMatch: mostly<Condition['ifMatch']>('absent', 'current', 'stale') }

/** Each key may be absent; `null` means something in a patch, and nothing in a new model. */
const params = {
  model: fc.constantFrom('openai/known', 'anthropic/other', 'openai/*'),
  api_key: fc.constantFrom<JsonValue>('sk-provider-1', 'sk-provider-2', mask, null),
  aws_session_token: fc.constantFrom<JsonValue>('token-1', 'token-2', mask, null),
  api_base: fc.constantFrom<JsonValue>('https://one.example', 'https://two.example', null),
  rpm: fc.constantFrom<JsonValue>(0, 6, 60, null),
  temperature: fc.constantFrom<JsonValue>(0, 0.5, null),
  input_cost_per_token: fc.constantFrom<JsonValue>(0.5, 2, 3, null),
  custom: fc.oneof(value, fc.constant(null)),
}
const info = {
  mode: fc.constantFrom<JsonValue>('chat', 'embedding', null),
  max_input_tokens: fc.constantFrom<JsonValue>(100, 7, null),
  input_cost_per_token: fc.constantFrom<JsonValue>(0.5, 2, 4, null),
  access_groups: fc.oneof(memberOf, fc.constant(null)),
  my_key: fc.oneof(value, fc.constant(null)),
  team_id: fc.constantFrom<JsonValue>('t', 'u', null),
  blocked: fc.boolean(),
}
const extras = {
  note: fc.oneof(value, fc.constant(null)),
  rpm: fc.constantFrom<JsonValue>(5, 50, null),
  blocked: fc.boolean(),
}

/** A few of the keys, so that a sequence stays readable. */
function some<T>(record: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc
    .tuple(
      fc.record(record, { requiredKeys: [] }),
      fc.subarray(Object.keys(record), { maxLength: Math.min(4, Object.keys(record).length) }),
    )
    .map(
      ([object, keys]) =>
        Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key))) as JsonObject,
    )
}

const body = fc
  .tuple(name, some(params), some(info), some(extras), fc.option(ids, { nil: undefined, freq: 8 }))
  .map(([model_name, litellm_params, model_info, more, id]) => ({
    ...more,
    model_name,
    litellm_params,
    model_info: id === undefined ? model_info : { ...model_info, id },
  }))

const patch: fc.Arbitrary<JsonObject> = fc
  .tuple(
    some(extras),
    fc.record(
      { model_name: fc.oneof(name, fc.constant(null)), litellm_params: some(params), model_info: some(info) },
      { requiredKeys: [] },
    ),
  )
  .map(([more, parts]) => ({ ...more, ...parts }))

const fileRow: fc.Arbitrary<FileRow> = fc
  .tuple(
    name,
    fc.record(
      { model: params.model, rpm: fc.constantFrom(6, 60), api_key: fc.constant('sk-of-the-file') },
      { requiredKeys: ['model'] },
    ),
    fc.record(
      { id: fc.constantFrom('a', 'b', 'f'), access_groups: memberOf, blocked: fc.boolean(), my_key: value },
      { requiredKeys: [] },
    ),
  )
  .map(([model_name, litellm_params, model_info]) => ({ model_name, litellm_params, model_info }))

const target = fc.oneof(name, fc.constant('nowhere'))
const content: fc.Arbitrary<FileContent> = fc.record({
  rows: fc.array(fileRow, { maxLength: 3 }),
  aliases: fc.record<JsonObject>(
    { short: target, claude: target, quiet: target.map((model) => ({ model, hidden: true })) },
    { requiredKeys: [] },
  ),
})

const members = {
  group: fc.constantFrom(...groups),
  names: fc.option(fc.uniqueArray(fc.oneof({ weight: 8, arbitrary: name }, target), { maxLength: 2 }), {
    nil: undefined,
  }),
  ids: fc.option(fc.uniqueArray(at, { maxLength: 3 }), { nil: undefined }),
}

export const query: fc.Arbitrary<PageQuery> = fc.record({
  search: fc.constantFrom('', 'OPEN', 'k', 'nothing', 'model_name_'),
  sortBy: fc.constantFrom('', 'model_name', 'created_at', 'updated_at', 'costs', 'status', 'unheard-of'),
  sortOrder: fc.constantFrom('asc', 'desc'),
  page: fc.integer({ min: 1, max: 3 }),
  size: fc.constantFrom(1, 2, 50),
})

const create = fc.record({ do: fc.constant('create' as const), as, body })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: create },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      at,
      by: fc.constantFrom('post', 'patch'),
      patch,
      ...condition,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('save form' as const),
      at,
      part: fc.constantFrom('litellm_params', 'model_info'),
      value,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), at, ...condition }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('block' as const), at, blocked: fc.boolean(), ...condition }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('new group', 'update group'), as, ...members }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete group' as const), as, group: members.group }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit file' as const), content }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('look' as const), query }) },
)

/** Models first, so that the rest has something to work on. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.array(create, { maxLength: 4, size: 'max' }), fc.array(step, { maxLength: 10, size: 'max' }))
  .map(([first, then]) => [...first, ...then])
