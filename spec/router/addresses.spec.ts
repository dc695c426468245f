import { makeApp } from '../support/app'

const host = 'internal-host.corp.example'
const url = `https://${host}/v1`
const member = { userId: 'u', role: 'internal_user' as const }
const keys = [
  { ...member, key: 'sk-user' },
  { ...member, key: 'sk-team-admin', teams: [{ id: 'a', admin: true }] },
  { ...member, key: 'sk-team-member', teams: [{ id: 'a' }] },
]

/** [what holds the address, the model] */
const models: readonly [string, object][] = [
  ['the model', { litellm_params: { model: `huggingface/${url}` } }],
  ['the model as a bare host', { litellm_params: { model: `huggingface/${host}` } }],
  ['the model as a host with a port', { litellm_params: { model: `hosted_vllm/${host}:8000/x` } }],
  [
    'clientside params',
    { litellm_params: { configurable_clientside_auth_params: [{ api_base: `^${url}$` }] } },
  ],
  [
    'clientside params as texts',
    { litellm_params: { configurable_clientside_auth_params: [`https://${host}`] } },
  ],
  ['tags', { litellm_params: { tags: ['blue', url] } }],
  ['tags with a host', { litellm_params: { tags: [`gpu:${host}:8000`] } }],
  ['base_model', { litellm_params: { base_model: `huggingface/${url}` } }],
  ['the provider', { litellm_params: { custom_llm_provider: url } }],
  ['a text beside prices', { litellm_params: { x_cost_url: url } }],
  ['an object beside prices', { litellm_params: { input_cost_per_token_src: { url: { at: `//${host}` } } } }],
  ['a key of an object beside prices', { litellm_params: { my_cost: { [url]: 1 } } }],
  ['tiers of prices', { litellm_params: { tiered_pricing: [{ api_base: host }] } }],
  ['prices of a search', { litellm_params: { search_context_cost_per_query: { low: url } } }],
  ['a timeout', { litellm_params: { timeout: url } }],
  ['an extra', { api_base: host }],
  ['an extra with depth', { litellm_settings: { a: [{ endpoint: host }] } }],
  ['an extra called like an address', { [url]: 1 }],
  ['model_info', { model_info: { api_base: host } }],
  ['base_model of model_info', { model_info: { base_model: `huggingface/${url}` } }],
  ['a health check', { model_info: { health_check_url: url, description: `Runs on ${host}.` } }],
  ['the provider in model_info', { model_info: { litellm_provider: url, mode: host } }],
  ['params in model_info', { model_info: { supported_openai_params: [url] } }],
  ['an access group', { model_info: { access_groups: [host] } }],
  ['the name', { model_name: `huggingface/${url}` }],
  [
    'the name of a model without another',
    { model_name: `hosted_vllm/${host}:8000/x`, litellm_params: { model: null } },
  ],
]

const lists = [
  '/model/info',
  '/v1/model/info?litellm_model_id=it',
  '/v2/model/info',
  `/v2/model/info?search=${host.slice(0, 8)}`,
  '/model_group/info',
  '/v1/models',
  '/v1/models?include_metadata=true&include_pricing=true&return_wildcard_routes=true&include_model_access_groups=true',
  '/v1/models?only_model_access_groups=true',
]

it.each(models)('%s: where a model runs is told to administrators only', async (_what, given) => {
  const { model_name, litellm_params, model_info, ...extras } = {
    model_name: 'm',
    litellm_params: {},
    model_info: {},
    ...given,
  }
  const { get, post } = await makeApp({ auth: { masterKey: 'sk-master-0123456789', keys } })
  const params = Object.fromEntries(
    Object.entries({ model: 'openai/x', ...litellm_params }).filter(([, value]) => value !== null),
  )
  const body = { model_name, litellm_params: params, model_info: { ...model_info, id: 'it' }, ...extras }
  expect((await post('/model/new', body)).status).toBe(200)
  for (const path of lists) expect([path, (await get(path, 'sk-user')).text]).toEqual([path, not(host)])
  expect((await get('/model/info')).text).toContain(host)
})

it('answers of writes and rows of a team tell no address but its name to whoever manages it', async () => {
  const { get, post, send } = await makeApp({ auth: { masterKey: 'sk-master-0123456789', keys } })
  const body = {
    model_name: 'm',
    litellm_params: { model: 'openai/x', tags: ['https://a.example'] },
    model_info: { id: 'it', team_id: 'a', docs: `see ${url}` },
    contact: host,
  }
  await post('/model/new', body)
  await post('/model/new', {
    model_name: `hosted_vllm/${host}`,
    litellm_params: {},
    model_info: { team_id: 'a' },
  })
  const changed = await send('patch', '/model/it/update', { model_info: { note: 'x' } }, 'sk-team-admin')
  expect([changed.status, changed.text]).toEqual([200, not(host)])
  expect((await get('/model/info?litellm_model_id=it')).body.data[0]).toMatchObject({
    litellm_params: body.litellm_params,
    model_info: { docs: `see ${url}`, note: 'x' },
    contact: host,
  })
  const named = async (key: string) =>
    (await get('/v1/models', key)).body.data.map(({ id }: { id: string }) => id)
  expect(await named('sk-team-admin')).toEqual(['m', `hosted_vllm/${host}`])
  expect(await named('sk-team-member')).toEqual(['m'])
})

it('a model whose name is hidden can still be called by those who know it', async () => {
  const { router, post } = await makeApp()
  await post('/model/new', { model_name: `huggingface/${url}`, litellm_params: {} })
  expect(router.registry.resolution(`huggingface/${url}`, member).outcome).toBe('found')
})

it('what the host opens by name is shown, and everything where it opens all', async () => {
  const body = { model_name: 'm', litellm_params: { model: `huggingface/${url}`, api_base: url }, docs: url }
  for (const [publicParams, expected] of [
    [['model', 'docs'], { litellm_params: { model: body.litellm_params.model }, docs: url }],
    ['all', { litellm_params: body.litellm_params, docs: url }],
  ] as const) {
    const { get, post } = await makeApp({ auth: { masterKey: 'sk-master-0123456789', keys }, publicParams })
    await post('/model/new', body)
    const { model_name: _, model_info: _info, ...row } = (await get('/model/info', 'sk-user')).body.data[0]
    expect(row).toEqual(expected)
  }
})

it.each(['ollama/llama3.1:8b', 'meta-llama/Llama-3.1-8B', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0'])(
  'an ordinary model stays readable: %s',
  async (model) => {
    const { get, post } = await makeApp({ auth: { masterKey: 'sk-master-0123456789', keys } })
    const info = { author: 'me@example.com', base_model: model, access_groups: ['beta-models'] }
    await post('/model/new', {
      model_name: model,
      litellm_params: { model, tags: ['team:ml'] },
      model_info: info,
    })
    const [row] = (await get('/model/info', 'sk-user')).body.data
    expect(row).toMatchObject({
      model_name: model,
      litellm_params: { model, tags: ['team:ml'] },
      model_info: info,
    })
  },
)

function not(text: string): unknown {
  return expect.not.stringContaining(text)
}
