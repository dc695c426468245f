import { memoryAdapter } from '../../lib/adapters/memory'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { draft } from '../support/rows'

const files = configFiles()
const costMap = {
  known: {
    litellm_provider: 'acme',
    max_input_tokens: 100,
    max_output_tokens: 10,
    input_cost_per_token: 1,
    output_cost_per_token: 2,
  },
  wide: { litellm_provider: 'acme', max_input_tokens: 900 },
}
const model_list = [
  {
    model_name: 'z/known',
    litellm_params: { model: 'known' },
    model_info: { team_note: 'public', hidden_note: 1 },
  },
  {
    model_name: 'plain',
    litellm_params: { model: 'mistral/nobody-knows' },
    model_info: { access_groups: ['beta'] },
  },
  { model_name: 'z/known', litellm_params: { model: 'wide' } },
  { model_name: 'paused', litellm_params: {}, model_info: { blocked: true, access_groups: ['gone'] } },
  { model_name: 'half', litellm_params: {}, model_info: { blocked: true } },
  {
    model_name: 'half',
    litellm_params: { model: 'openai/x' },
    model_info: { access_groups: ['stored', 'alpha'] },
  },
]
const settings = {
  router_settings: { fallbacks: [{ 'z/known': ['plain', 'secret-of-b'] }, { half: ['plain'] }] },
  litellm_settings: {
    fallbacks: [{ plain: ['ignored'] }],
    context_window_fallbacks: [{ 'z/known': ['half'] }],
  },
}
const file = { created: 1677610602, object: 'model' }
const known = {
  id: 'z/known',
  ...file,
  owned_by: 'acme',
  max_input_tokens: 900,
  max_output_tokens: 10,
  context_length: 900,
}
const plain = { id: 'plain', ...file, owned_by: 'mistral' }
const half = { id: 'half', ...file, owned_by: 'openai' }
const stored = { id: 'stored', object: 'model', created: 1735689600, owned_by: 'openai' }
const ours = { ...stored, id: 'ours', created: 1767225600 }

const keys = [
  { key: 'sk-one', userId: 'u', role: 'internal_user' as const, models: ['z/known'] },
  { key: 'sk-group', userId: 'u', role: 'internal_user' as const, models: ['beta'] },
  { key: 'sk-member', userId: 'u', role: 'internal_user' as const, teams: [{ id: 't', models: ['plain'] }] },
]

async function appFor(options: RouterOptions = {}): Promise<TestApp> {
  const adapter = memoryAdapter()
  const deployment = { model_name: 'stored', litellm_params: { model: 'openai/y' }, model_info: {} }
  await adapter.create(draft('s1', 0, { deployment, createdAt: '2025-01-01T00:00:00.000999Z' }))
  const team = { team_id: 't', team_public_model_name: 'ours' }
  await adapter.create(
    draft('s2', 1, { deployment: { ...deployment, model_name: 'internal', model_info: team } }),
  )
  const config = files.write({ model_list, ...settings })
  return makeApp({ config, costMap, adapter, auth: { masterKey, keys }, ...options })
}

describe.each(['/models', '/v1/models'])('GET %s', (path) => {
  it('G1 lists each name once, in order, with its provider and when it was made', async () => {
    const { get } = await appFor()
    const { status, body, text } = await get(path)
    const data = [known, plain, half, stored]
    expect([status, body]).toEqual([200, { data, object: 'list' }])
    expect(
      text.startsWith('{"data":[{"id":"z/known","object":"model","created":1677610602,"owned_by":"acme"'),
    ).toBe(true)
    expect(text.endsWith('],"object":"list"}')).toBe(true)
  })

  it('F3 a member of a team has its public names', async () => {
    const { get } = await appFor()
    expect((await get(path, 'sk-member')).body.data).toEqual([plain, ours])
  })

  it.each([known, plain, half, stored])('G3 one by its id: $id', async (entry) => {
    const { get } = await appFor()
    for (const id of [entry.id, encodeURIComponent(entry.id)]) {
      const { status, body } = await get(`${path}/${id}`)
      expect([status, body]).toEqual([200, entry])
    }
  })

  it.each([
    ['gone', undefined],
    ['paused', undefined],
    ['plain', 'sk-one'],
    ['internal', 'sk-member'],
    ['internal', undefined],
    ['ours', undefined],
    ['z', undefined],
    ['z/known/x', undefined],
    ['beta', undefined],
    ['all-proxy-models', undefined],
  ])('404 for %s', async (id, key) => {
    const { get } = await appFor()
    const { status, body } = await get(`${path}/${id}`, key)
    expect([status, body]).toEqual([404, { detail: `Model '${id}' not found in router configuration` }])
  })

  it('one is asked for with the flags of the list, but is never an access group', async () => {
    const { get } = await appFor()
    expect((await get(`${path}/plain?only_model_access_groups=true&include_pricing=true`)).body).toEqual({
      ...plain,
      pricing: { input_cost_per_token: null, output_cost_per_token: null },
    })
    expect((await get(`${path}/plain?team_id=t`, 'sk-member')).status).toBe(200)
    expect((await get(`${path}/plain?team_id=u`, 'sk-member')).status).toBe(403)
    expect((await get(`${path}/plain?scope=all`)).status).toBe(400)
  })
})

const withMetadata = (entry: object, ...fallbacks: readonly string[]): object => ({
  ...entry,
  metadata: { fallbacks },
})
const group = (id: string): object => ({ id, ...file, owned_by: 'openai' })
const everything = [known, plain, half, stored]

describe('what the list of names can be asked for', () => {
  it.each([
    ['healthy_only=true', everything],
    ['scope=expand', everything],
    ['return_wildcard_routes=true', everything],
    ['fallback_type=whatever', everything],
    ['team_id=t', [plain, ours]],
    ['team_id=', everything],
    ['only_model_access_groups=true', [group('alpha'), group('beta'), group('gone'), group('stored')]],
    ['include_model_access_groups=true', [...everything, group('alpha'), group('beta'), group('gone')]],
    [
      'include_pricing=true',
      everything.map((entry) => ({
        ...entry,
        pricing:
          entry === known
            ? { input_cost_per_token: 1, output_cost_per_token: 2 }
            : { input_cost_per_token: null, output_cost_per_token: null },
      })),
    ],
    [
      'include_metadata=true',
      [
        withMetadata(known, 'plain', 'secret-of-b'),
        withMetadata(plain),
        withMetadata(half, 'plain'),
        withMetadata(stored),
      ],
    ],
    [
      'include_metadata=true&fallback_type=context_window',
      [withMetadata(known, 'half'), ...[plain, half, stored].map((one) => withMetadata(one))],
    ],
    ['include_metadata=true&fallback_type=content_policy', everything.map((one) => withMetadata(one))],
  ])('%s', async (query, data) => {
    const { get } = await appFor()
    expect((await get(`/v1/models?${query}`)).body).toEqual({ data, object: 'list' })
  })

  it.each([
    [
      'include_metadata=true&fallback_type=other',
      "Invalid fallback_type. Must be one of: ['general', 'context_window', 'content_policy']",
    ],
    ['scope=all', "Invalid scope parameter. Only 'expand' is currently supported."],
  ])('400 for %s', async (query, detail) => {
    const { get } = await appFor()
    const { status, body } = await get(`/v1/models?${query}`)
    expect([status, body]).toEqual([400, { detail }])
  })

  it('F6 fallbacks that a caller has in no list are not told', async () => {
    const { get } = await appFor({
      auth: { masterKey, keys: [{ key: 'sk-one', userId: 'u', role: 'team', models: ['z/known', 'plain'] }] },
    })
    expect((await get('/v1/models?include_metadata=true', 'sk-one')).body.data).toEqual([
      withMetadata(known, 'plain'),
      withMetadata(plain),
    ])
    expect((await get('/v1/models/z/known?include_metadata=true', 'sk-one')).body).toEqual(
      withMetadata(known, 'plain'),
    )
  })

  it('G3 publicInfo names the keys of model_info that everybody gets', async () => {
    const { get } = await appFor({ publicInfo: ['team_note', 'max_input_tokens', 'absent'] })
    const { body } = await get('/v1/models?include_metadata=true', 'sk-one')
    expect(body.data).toEqual([
      { ...known, metadata: { fallbacks: [], model_info: { team_note: 'public', max_input_tokens: 100 } } },
    ])
    expect((await get('/v1/models', 'sk-one')).body.data).toEqual([known])
  })

  it('F2 a caller learns of no group that its own list does not hold', async () => {
    const { get } = await appFor()
    expect((await get('/v1/models?include_model_access_groups=true', 'sk-one')).body.data).toEqual([known])
    expect((await get('/v1/models?include_model_access_groups=true', 'sk-member')).body.data).toEqual([
      plain,
      ours,
    ])
    expect((await get('/v1/models?include_model_access_groups=true', 'sk-group')).body.data).toEqual([
      plain,
      group('beta'),
    ])
  })

  it('J fallbacks follow the file while running', async () => {
    const config = files.write({ model_list, ...settings })
    const { get, router } = await makeApp({ config, costMap })
    const fallbacks = async (): Promise<unknown> =>
      (await get('/v1/models?include_metadata=true')).body.data[0].metadata.fallbacks
    expect(await fallbacks()).toEqual(['plain', 'secret-of-b'])
    files.rewrite(config, { model_list, litellm_settings: { fallbacks: [{ 'z/known': ['half'] }] } })
    await router.registry.reload()
    expect(await fallbacks()).toEqual(['half'])
  })

  it('G6 every id has an entry in /model/info and /model_group/info', async () => {
    const { get } = await appFor()
    const { body } = await get('/v1/models')
    for (const { id } of body.data as readonly { readonly id: string }[]) {
      expect((await get(`/model_group/info?model_group=${id}`)).body.data).toHaveLength(1)
      expect((await get('/model/info')).body.data).toContainEqual(expect.objectContaining({ model_name: id }))
    }
  })
})
