import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { draft } from '../support/rows'

const files = configFiles()
const costMap = {
  free: { litellm_provider: 'acme', input_cost_per_token: 0, output_cost_per_token: 0 },
  low: { litellm_provider: 'acme', input_cost_per_token: 1, output_cost_per_token: 1 },
  high: { litellm_provider: 'acme', input_cost_per_token: 1, output_cost_per_token: 5 },
}
const config = files.write({
  model_list: [
    { model_name: 'file-low', litellm_params: { model: 'low' }, model_info: { id: 'f1' } },
    { model_name: 'File-High', litellm_params: { model: 'high' }, model_info: { id: 'f2' } },
    {
      model_name: 'openai/*',
      litellm_params: { model: 'openai/*' },
      model_info: { id: 'f3', access_groups: ['beta'] },
    },
  ],
})

interface Kept {
  readonly name: string
  readonly model: string
  readonly at: number
  readonly by: string
  readonly updated: number
  readonly info?: object
}

const kept: Record<string, Kept> = {
  s1: { name: 'zeta', model: 'free', at: 1, by: 'ann', updated: 9 },
  s2: { name: 'alpha', model: 'high', at: 2, by: 'bob', updated: 5 },
  s3: { name: 'alpha', model: 'low', at: 3, by: 'ann', updated: 7, info: { access_groups: ['beta'] } },
  s4: {
    name: 'model_name_t_1',
    model: 'auto_router/x',
    at: 4,
    by: 'eve',
    updated: 4,
    info: { team_id: 't', team_public_model_name: 'ours' },
  },
}
const time = (at: number): string => `2026-01-01T00:00:00.${String(at).padStart(6, '0')}Z`

async function appFor(): Promise<TestApp & { readonly store: ReturnType<typeof memoryAdapter> }> {
  const shared = memoryStore()
  const adapter = memoryAdapter({ store: shared })
  for (const [id, { name, model, at, by, updated, info = {} }] of Object.entries(kept)) {
    const deployment = { model_name: name, litellm_params: { model }, model_info: { ...info } }
    const stamps = { createdBy: by, updatedAt: time(updated), updatedBy: by }
    await adapter.create(draft(id, at, { deployment, ...stamps }))
  }
  const keys = [
    { key: 'sk-ann', userId: 'ann', role: 'internal_user' as const, teams: [{ id: 't' }] },
    { key: 'sk-bob', userId: 'bob', role: 'internal_user' as const, models: ['alpha'] },
  ]
  // Nothing tells this instance of what another one writes: only storage knows.
  const deaf = { ...adapter, watch: () => Promise.resolve(() => Promise.resolve()) }
  const app = await makeApp({ config, costMap, wildcards: 'show', adapter: deaf, auth: { masterKey, keys } })
  return { ...app, store: memoryAdapter({ store: shared }) }
}

interface PageBody {
  readonly data: readonly { readonly model_info: { readonly id: string } }[]
  readonly total_count: number
}

async function idsOf({ get }: TestApp, query: string, key?: string): Promise<readonly string[]> {
  const { body } = await get(`/v2/model/info?${query}`, key)
  const { data, total_count: total } = body as PageBody
  expect(total).toBe(data.length)
  return data.map(({ model_info: { id } }) => id)
}

const all = ['f1', 'f2', 'f3', 's1', 's2', 's3', 's4']

describe('GET /v2/model/info', () => {
  it('answers with the rows of /model/info and where in them this page is', async () => {
    const { get } = await appFor()
    const { data } = (await get('/model/info')).body
    const { status, text, body } = await get('/v2/model/info')
    expect([status, body]).toEqual([200, { data, total_count: 7, current_page: 1, total_pages: 1, size: 50 }])
    expect(text.endsWith('],"total_count":7,"current_page":1,"total_pages":1,"size":50}')).toBe(true)
  })

  it('without any model there are no pages', async () => {
    const { get } = await makeApp()
    expect((await get('/v2/model/info')).body).toEqual({
      data: [],
      total_count: 0,
      current_page: 1,
      total_pages: 0,
      size: 50,
    })
  })

  it.each([
    ['size=3', ['f1', 'f2', 'f3'], { current_page: 1, total_pages: 3, size: 3 }],
    ['size=3&page=2', ['s1', 's2', 's3'], { current_page: 2, total_pages: 3, size: 3 }],
    ['size=3&page=3', ['s4'], { current_page: 3, total_pages: 3, size: 3 }],
    ['size=3&page=4', [], { current_page: 4, total_pages: 3, size: 3 }],
    ['size=7', all, { current_page: 1, total_pages: 1, size: 7 }],
    ['size=1000', all, { current_page: 1, total_pages: 1, size: 1000 }],
    ['size=1001', all, { current_page: 1, total_pages: 1, size: 1000 }],
    ['size=5000&page=2', [], { current_page: 2, total_pages: 1, size: 1000 }],
    ['page=9007199254740991', [], { current_page: 9007199254740991, total_pages: 1, size: 50 }],
  ])('H3 %s', async (query, ids, paging) => {
    const { get } = await appFor()
    const { data, ...rest } = (await get(`/v2/model/info?${query}`)).body
    expect(data.map(({ model_info: { id } }: PageBody['data'][number]) => id)).toEqual(ids)
    expect(rest).toEqual({ total_count: 7, ...paging })
  })

  it.each([
    ['model=alpha', ['s2', 's3']],
    ['model=ALPHA', []],
    ['model=ours', ['s4']],
    ['model=model_name_t_1', ['s4']],
    ['model=', all],
    ['search=HIGH', ['f2']],
    ['search=l', ['f1', 'f2', 's2', 's3', 's4']],
    ['search=OUR', ['s4']],
    ['search=', all],
    ['search=*', ['f3']],
    ['modelId=s3', ['s3']],
    ['modelId=f3', ['f3']],
    ['modelId=gone', []],
    ['modelId=', all],
    ['modelId=s3&search=zeta', []],
    ['teamId=t', all],
    ['teamId=u', []],
    ['teamId=', all],
    ['access_group=beta', ['f3', 's3']],
    ['access_group=bet', []],
    ['wildcard_only=true', ['f3']],
    ['wildcard_only=false', all],
    ['user_models_only=true', []],
    ['include_team_models=true', all],
    ['exclude_auto_routers=true', ['f1', 'f2', 'f3', 's1', 's2', 's3']],
    ['debug=true', all],
    ['model=alpha&access_group=beta', ['s3']],
    ['unheard=of', all],
  ])('H3 %s', async (query, ids) => {
    expect(await idsOf(await appFor(), query)).toEqual(ids)
  })

  it.each([
    ['sk-ann', '', all],
    ['sk-ann', 'user_models_only=true', ['s1', 's3', 's4']],
    ['sk-ann', 'include_team_models=true', all],
    ['sk-ann', 'teamId=t', all],
    ['sk-ann', 'model=model_name_t_1', []],
    ['sk-ann', 'search=model_name', []],
    ['sk-bob', '', ['s2', 's3']],
    ['sk-bob', 'modelId=s1', []],
    ['sk-bob', 'user_models_only=true', ['s2']],
    ['sk-bob', 'wildcard_only=true', []],
  ])('F1 %s asks for %s', async (key, query, ids) => {
    expect(await idsOf(await appFor(), query, key)).toEqual(ids)
  })

  it.each([
    '/v2/model/info?teamId=t',
    '/v2/model/info?teamId=t&search=nothing',
    '/model/info?teamId=t',
    '/v1/models?team_id=t',
  ])('F6 %s of another team is 403, whatever there is', async (path) => {
    const keys = [{ key: 'sk-other', userId: 'o', role: 'internal_user' as const, teams: [{ id: 'u' }] }]
    const { get } = await makeApp({ auth: { masterKey, keys } })
    const { status, body } = await get(path, 'sk-other')
    expect([status, body]).toEqual([403, { detail: { error: "Not authorized to view this team's models" } }])
  })

  it.each([
    ['model_name', 'asc', ['s2', 's3', 'f2', 'f1', 'f3', 's4', 's1']],
    ['model_name', 'desc', ['s1', 's4', 'f3', 'f1', 'f2', 's2', 's3']],
    ['created_at', 'asc', ['s1', 's2', 's3', 's4', 'f1', 'f2', 'f3']],
    ['created_at', 'desc', ['s4', 's3', 's2', 's1', 'f1', 'f2', 'f3']],
    ['updated_at', 'asc', ['s4', 's2', 's3', 's1', 'f1', 'f2', 'f3']],
    ['updated_at', 'desc', ['s1', 's3', 's2', 's4', 'f1', 'f2', 'f3']],
    ['costs', 'asc', ['f1', 's3', 'f2', 's2', 'f3', 's1', 's4']],
    ['costs', 'desc', ['f2', 's2', 'f1', 's3', 'f3', 's1', 's4']],
    ['status', 'asc', all],
    ['status', 'desc', ['s1', 's2', 's3', 's4', 'f1', 'f2', 'f3']],
    ['whatever', 'desc', all],
    ['', 'desc', all],
  ])('H3 sorts by %s %s: equals keep their order, what is not known is last', async (by, order, ids) => {
    expect(await idsOf(await appFor(), `sortBy=${by}&sortOrder=${order}`)).toEqual(ids)
  })

  it('sorts upwards unless told otherwise, and needs an order only to sort', async () => {
    const app = await appFor()
    expect(await idsOf(app, 'sortBy=costs')).toEqual(await idsOf(app, 'sortBy=costs&sortOrder=asc'))
    expect(await idsOf(app, 'sortOrder=sideways')).toEqual(all)
  })

  it('H3 filters, then sorts, then counts, then cuts, over the whole set', async () => {
    const { get } = await appFor()
    const { body } = await get('/v2/model/info?search=l&sortBy=costs&sortOrder=desc&size=2&page=2')
    expect(body).toEqual({
      data: [
        expect.objectContaining({ model_name: 'file-low' }),
        expect.objectContaining({ model_name: 'alpha' }),
      ],
      total_count: 5,
      current_page: 2,
      total_pages: 3,
      size: 2,
    })
  })

  it('H3 one order after the other is each its own', async () => {
    const app = await appFor()
    expect(await idsOf(app, 'sortBy=costs&sortOrder=asc')).toEqual(['f1', 's3', 'f2', 's2', 'f3', 's1', 's4'])
    expect(await idsOf(app, 'sortBy=costs&sortOrder=desc')).toEqual([
      'f2',
      's2',
      'f1',
      's3',
      'f3',
      's1',
      's4',
    ])
  })

  it.each(['', '&modelId=s1'])('400 for an order that is none%s', async (more) => {
    const { get } = await appFor()
    const { status, body } = await get(`/v2/model/info?sortBy=costs&sortOrder=up${more}`)
    expect([status, body]).toEqual([400, { detail: "Invalid sortOrder: up. Must be 'asc' or 'desc'" }])
  })

  it.each([
    ['page=0', 'page', 'greater_than_equal', 'Input should be greater than or equal to 1'],
    ['size=0', 'size', 'greater_than_equal', 'Input should be greater than or equal to 1'],
    [
      'page=one',
      'page',
      'int_parsing',
      'Input should be a valid integer, unable to parse string as an integer',
    ],
    ['debug=perhaps', 'debug', 'bool_parsing', 'Input should be a valid boolean, unable to interpret input'],
  ])('422 for %s', async (query, name, type, msg) => {
    const { get } = await appFor()
    const { status, body } = await get(`/v2/model/info?${query}`)
    expect([status, body]).toEqual([422, { detail: [{ type, loc: ['query', name], msg }] }])
  })

  it('H3 a modelId finds a row that only storage knows yet, and from then on every list does', async () => {
    const { get, store } = await appFor()
    await store.create(draft('new', 8, { createdBy: 'ann' }))
    expect((await get('/v2/model/info?search=new')).body.total_count).toBe(0)
    const { body } = await get('/v2/model/info?modelId=new')
    expect(body).toMatchObject({ data: [{ model_name: 'new', model_info: { id: 'new' } }], total_count: 1 })
    expect((await get('/v2/model/info?search=new')).body.total_count).toBe(1)
  })

  it('F1 direct_access and access_via_team_ids tell how, and either holds for every row', async () => {
    const keys = [
      {
        key: 'sk-both',
        userId: 'b',
        role: 'internal_user' as const,
        models: ['all-team-models', 'zeta'],
        teams: [{ id: 't', models: ['alpha'] }],
      },
    ]
    const { get, post } = await makeApp({ auth: { masterKey, keys } })
    for (const model_name of ['alpha', 'zeta', 'other'])
      await post('/model/new', { model_name, litellm_params: {} })
    const { body } = await get('/v2/model/info', 'sk-both')
    const shown = body.data.map((row: { model_name: string; model_info: Record<string, unknown> }) => [
      row.model_name,
      row.model_info['direct_access'],
      row.model_info['access_via_team_ids'],
    ])
    expect(shown).toEqual([
      ['alpha', false, ['t']],
      ['zeta', true, []],
    ])
  })
})

describe('H6 every list', () => {
  it.each(['/model/info', '/v1/model/info', '/v2/model/info', '/model_group/info', '/models', '/v1/models'])(
    '%s is 304 until something in it changes',
    async (path) => {
      const { get, post } = await appFor()
      const { etag } = (await get(path)).headers as { etag: string }
      const again = await get(path).set('If-None-Match', etag)
      expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag])
      expect((await get(path, 'sk-bob').set('If-None-Match', etag)).status).toBe(200)
      await post('/model/new', { model_name: 'more', litellm_params: {} })
      expect((await get(path).set('If-None-Match', etag)).status).toBe(200)
    },
  )
})
