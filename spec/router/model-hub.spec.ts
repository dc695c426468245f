import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const costMap = {
  cheap: { litellm_provider: 'acme', mode: 'chat', input_cost_per_token: 1 },
  dear: { litellm_provider: 'acme', mode: 'chat', input_cost_per_token: 5 },
}
const model_list = [
  { model_name: 'one', litellm_params: { model: 'cheap', api_base: 'http://10.0.0.1' } },
  { model_name: 'two', litellm_params: { model: 'dear' }, model_info: { access_groups: ['beta'] } },
  { model_name: 'three', litellm_params: { model: 'acme-own' } },
  { model_name: 'acme/*', litellm_params: { model: 'acme/*' } },
  { model_name: 'http://10.0.0.2/v1', litellm_params: { model: 'cheap' } },
  {
    model_name: 'internal',
    litellm_params: { model: 'cheap' },
    model_info: { team_id: 't', team_public_model_name: 'ours' },
  },
]
const config = files.write({ model_list })
const all = [
  'two',
  'one',
  'three',
  'none',
  'beta',
  'ours',
  'internal',
  'http://10.0.0.2/v1',
  'all-proxy-models',
]
const keys = [{ key: 'sk-user', userId: 'u', role: 'internal_user' as const }]

async function appFor(options: RouterOptions = {}): Promise<TestApp> {
  return makeApp({ config, costMap, auth: { masterKey, keys }, ...options })
}

interface Group {
  readonly model_group: string
  readonly is_public_model_group: boolean
}

async function published({ get }: TestApp): Promise<readonly string[]> {
  const { body } = await get('/public/model_hub', null)
  return (body as readonly Group[]).map(({ model_group: name }) => name)
}

describe('POST /model_group/make_public', () => {
  it('replaces the names that everybody finds in the hub', async () => {
    const app = await appFor()
    expect(await published(app)).toEqual([])
    const { status, body } = await app.post('/model_group/make_public', { model_groups: all })
    expect([status, body]).toEqual([
      200,
      {
        message: 'Successfully updated public model groups',
        public_model_groups: all,
        updated_by: 'default_user_id',
      },
    ])
    expect(await published(app)).toEqual(['two', 'one', 'three'])
    await app.post('/model_group/make_public', { model_groups: ['acme/x'] })
    expect(await published(app)).toEqual(['acme/x'])
    await app.post('/model_group/make_public', { model_groups: [] })
    expect(await published(app)).toEqual([])
  })

  it('shows in the groups which ones are public', async () => {
    const app = await appFor()
    const flags = async (): Promise<readonly boolean[]> =>
      ((await app.get('/model_group/info')).body.data as readonly Group[])
        .filter(({ model_group: name }) => ['one', 'two'].includes(name))
        .map(({ is_public_model_group: isPublic }) => isPublic)
    const before = await flags()
    await app.post('/model_group/make_public', { model_groups: ['two'] })
    const one = (await app.get('/model_group/info?model_group=two')).body.data as readonly Group[]
    expect([before, await flags(), one[0]?.is_public_model_group]).toEqual([
      [false, false],
      [false, true],
      true,
    ])
  })

  it('holds on every instance, after a restart, and beside the schedule of the cost map', async () => {
    const store = memoryStore()
    const [app, other] = [
      await appFor({ adapter: memoryAdapter({ store }) }),
      await appFor({ adapter: memoryAdapter({ store }) }),
    ]
    await Promise.all([
      app.post('/model_group/make_public', { model_groups: ['one'] }),
      app.post('/schedule/model_cost_map_reload?hours=6', undefined),
    ])
    await other.router.registry.reload()
    const later = await appFor({ adapter: memoryAdapter({ store }) })
    expect([await published(other), await published(later)]).toEqual([['one'], ['one']])
    const { body } = await later.get('/schedule/model_cost_map_reload/status')
    expect(body.interval_hours).toBe(6)
  })

  it('without it the names of the config file are public', async () => {
    const litellm_settings = { public_model_groups: ['three', 5, 'one'] }
    const app = await appFor({ config: files.write({ model_list, litellm_settings }) })
    expect(await published(app)).toEqual(['three', 'one'])
    await app.post('/model_group/make_public', { model_groups: ['two'] })
    expect(await published(app)).toEqual(['two'])
  })

  it('says where an adapter cannot keep it', async () => {
    const app = await appFor({ adapter: yamlFileAdapter({ file: files.write({}) }) })
    const { status, body } = await app.post('/model_group/make_public', { model_groups: ['one'] })
    expect([status, body.error]).toEqual([
      400,
      {
        message: expect.stringMatching(
          /^The adapter '.+' cannot keep which model groups are public\. List them in the config file under litellm_settings\.public_model_groups\.$/,
        ),
        type: 'validation_error',
        param: null,
        code: '400',
      },
    ])
  })

  it.each([
    ['sk-user', { model_groups: [] }, 403],
    [masterKey, {}, 422],
    [masterKey, { model_groups: 'one' }, 422],
    [masterKey, { model_groups: [5] }, 422],
    [masterKey, { model_groups: [], more: 1 }, 422],
  ])('refuses %s with %j', async (key, body, status) => {
    const { post } = await appFor()
    expect((await post('/model_group/make_public', body, key)).status).toBe(status)
  })
})

describe('the public model groups', () => {
  it('are told as the groups are, without what is not for everybody', async () => {
    const app = await appFor()
    await app.post('/model_group/make_public', { model_groups: ['one'] })
    const group = (await app.get('/model_group/info?model_group=one', 'sk-user')).body.data
    const { body, text } = await app.get('/public/model_hub', null)
    expect([body, text.includes('10.0.0.1')]).toEqual([group, false])
  })

  it.each(['/model_hub', '/public/v1/model_hub'])('%s sorts, searches and pages', async (path) => {
    const app = await appFor()
    await app.post('/model_group/make_public', { model_groups: ['three', 'two', 'one'] })
    const ask = async (query: string): Promise<object> => {
      const { body } = await app.get(`${path}${query}`)
      return { ...body, data: body.data.map(({ model_group: name }: Group) => name) }
    }
    const meta = { total_count: 3, page: 1, page_size: 50, total_pages: 1 }
    const only = { self: '?page=1', first: '?page=1', prev: null, next: null, last: '?page=1' }
    expect(await ask('')).toEqual({ data: ['one', 'three', 'two'], meta, links: only })
    expect(await ask('?api_key=sk-123456')).toEqual({ data: ['one', 'three', 'two'], meta, links: only })
    expect(await ask('?sort=-input_cost_per_token')).toMatchObject({ data: ['two', 'one', 'three'] })
    expect(await ask('?search=T')).toMatchObject({ data: ['three', 'two'], meta: { total_count: 2 } })
    const at = (page: number): string => `?page_size=2&page=${page}`
    expect(await ask('?page=2&page_size=2')).toEqual({
      data: ['two'],
      meta: { ...meta, page: 2, page_size: 2, total_pages: 2 },
      links: { self: at(2), first: at(1), prev: at(1), next: null, last: at(2) },
    })
    expect(await ask('?page_size=1000')).toMatchObject({ meta: { page_size: 100 } })
    expect((await app.get(`${path}?sort=secret`)).status).toBe(400)
    expect((await app.get(`${path}?page=0`)).status).toBe(422)
  })

  it('need a key where LiteLLM’s path has none of its own', async () => {
    const { get } = await appFor()
    const paths = ['/model_hub', '/public/v1/model_hub', '/public/model_hub']
    const answers = await Promise.all(paths.map((path) => get(path, null)))
    expect(answers.map(({ status }) => status)).toEqual([401, 200, 200])
  })
})

describe('what is known of providers', () => {
  it('GET /public/providers', async () => {
    const { get } = await appFor()
    const { status, body } = await get('/public/providers', null)
    const names = body as readonly string[]
    expect([status, names.length, names]).toEqual([200, 190, [...names].sort()])
    expect(names).toEqual(expect.arrayContaining(['anthropic', 'azure', 'bedrock', 'openai', 'vertex_ai']))
  })

  it('GET /model/settings', async () => {
    const { get } = await appFor()
    const { body } = await get('/model/settings', 'sk-user')
    const settings = body as readonly { readonly name: string; readonly fields: readonly object[] }[]
    expect(settings.map(({ name }) => name)).toEqual((await get('/public/providers')).body)
    expect(settings.find(({ name }) => name === 'ollama')?.fields).toEqual([
      {
        field_name: 'base_url',
        field_type: 'string',
        field_description: 'Your Ollama API Base',
        field_value: 'http://10.10.11.249:11434',
      },
    ])
    expect(settings.filter(({ fields }) => fields.length > 0).map(({ name }) => name)).toEqual([
      'azure_ai',
      'databricks',
      'ollama',
    ])
    expect((await get('/model/settings', null)).status).toBe(401)
  })

  it('GET /utils/supported_openai_params: of a name that the caller sees, else of a model of LiteLLM’s', async () => {
    const own = [
      { model_name: 'mine', litellm_params: { model: 'anthropic/claude-sonnet-4-5' } },
      {
        model_name: 'set',
        litellm_params: { model: 'x' },
        model_info: { supported_openai_params: ['temperature'] },
      },
    ]
    const { get } = await makeApp({ config: files.write({ model_list: own }) })
    const ask = async (model: string): Promise<unknown> =>
      (await get(`/utils/supported_openai_params?model=${model}`)).body.supported_openai_params
    const info = (await get('/model/info')).body.data[0].model_info
    expect(info.supported_openai_params).toContain('thinking')
    expect([await ask('mine'), await ask('anthropic/claude-sonnet-4-5')]).toEqual([
      info.supported_openai_params,
      info.supported_openai_params,
    ])
    expect([await ask('set'), await ask('gpt-4o')]).toEqual([
      ['temperature'],
      expect.arrayContaining(['tools']),
    ])
    const { status, body } = await get('/utils/supported_openai_params?model=nothing-like-it')
    expect([status, body]).toEqual([400, { detail: { error: 'Could not map model=nothing-like-it' } }])
    expect((await get('/utils/supported_openai_params')).status).toBe(422)
  })
})
