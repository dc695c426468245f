import { canary, findCanaries } from '../support/canary'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const costMap = {
  small: {
    litellm_provider: 'acme',
    mode: 'embedding',
    max_input_tokens: 100,
    max_output_tokens: 10,
    input_cost_per_token: 1,
    output_cost_per_token: 9,
    supports_vision: true,
    rpm: 7,
  },
  large: {
    litellm_provider: 'other',
    mode: 'chat',
    max_input_tokens: 900,
    input_cost_per_token: 3,
    output_cost_per_token: 2,
    input_cost_per_pixel: 4,
    supports_reasoning: true,
  },
}
const unknown = {
  model_group: 'unknown',
  providers: [],
  max_input_tokens: null,
  max_output_tokens: null,
  input_cost_per_token: null,
  output_cost_per_token: null,
  input_cost_per_pixel: null,
  mode: 'chat',
  tpm: null,
  rpm: null,
  itpm: null,
  otpm: null,
  supports_parallel_function_calling: null,
  supports_vision: null,
  supports_web_search: null,
  supports_url_context: null,
  supports_reasoning: null,
  supports_function_calling: null,
  supported_openai_params: [],
  configurable_clientside_auth_params: null,
  is_public_model_group: false,
  health_status: null,
  health_response_time: null,
  health_checked_at: null,
  token_limits: {
    max_input_tokens: { min: null, max: null },
    max_output_tokens: { min: null, max: null },
  },
}
const group = (model_name: string, ...deployments: readonly object[]): object[] =>
  deployments.map((deployment) => ({ model_name, litellm_params: {}, ...deployment }))

async function appFor(...models: readonly object[]): Promise<TestApp> {
  const keys = [
    { key: 'sk-one', userId: 'u', role: 'internal_user' as const, models: ['small'] },
    { key: 'sk-all', userId: 'u', role: 'internal_user' as const },
  ]
  const config = files.write({ model_list: models.flat() })
  return makeApp({ config, costMap, auth: { masterKey, keys } })
}

async function groupOf(...deployments: readonly object[]): Promise<Record<string, unknown>> {
  const { get } = await appFor(...group('both', ...deployments))
  return (await get('/model_group/info')).body.data[0]
}

describe('GET /model_group/info', () => {
  it('E2 what is not known is null, and no key is missing or out of order', async () => {
    const { get } = await appFor(...group('unknown', { litellm_params: { model: 'nobody-knows' } }))
    const { status, body } = await get('/model_group/info')
    expect([status, body]).toEqual([200, { data: [unknown] }])
    expect(Object.keys(body.data[0])).toEqual(Object.keys(unknown))
  })

  it('E10 puts together what the deployments of one name can do, and tells the narrowest too', async () => {
    const both = await groupOf({ litellm_params: { model: 'small' } }, { litellm_params: { model: 'large' } })
    expect(both).toEqual({
      ...unknown,
      model_group: 'both',
      providers: ['acme', 'other'],
      max_input_tokens: 900,
      max_output_tokens: 10,
      input_cost_per_token: 3,
      output_cost_per_token: 9,
      input_cost_per_pixel: 4,
      mode: 'embedding',
      rpm: 7,
      supports_vision: true,
      supports_reasoning: true,
      token_limits: {
        max_input_tokens: { min: 100, max: 900 },
        max_output_tokens: { min: 10, max: 10 },
      },
    })
  })

  it('takes what only one of them says of itself', async () => {
    const silent = { litellm_params: { model: 'nobody-knows' } }
    const own = { model_info: { mode: 'image_generation', input_cost_per_pixel: 4 } }
    const odd = { model_info: { input_cost_per_pixel: 'much' } }
    expect(await groupOf(silent, own, odd)).toEqual({
      ...unknown,
      model_group: 'both',
      mode: 'image_generation',
      input_cost_per_pixel: 4,
    })
  })

  it.each([
    ['beside the params', { rpm: 5, tpm: 50 }, 5, 50],
    ['in the params', { litellm_params: { rpm: 5, tpm: 50 } }, 5, 50],
    ['in model_info', { model_info: { rpm: 5, tpm: 50 } }, 5, 50],
    [
      'beside the params before in them',
      { rpm: 5, litellm_params: { rpm: 6 }, model_info: { rpm: 7 } },
      5,
      null,
    ],
    ['in the params before model_info', { litellm_params: { rpm: 6 }, model_info: { rpm: 7 } }, 6, null],
    ['as text, as the CLI sends it', { litellm_params: { rpm: '6', tpm: '60' } }, 6, 60],
    ['nought', { rpm: 0 }, 0, null],
  ])('a limit is found %s', async (_, deployment, rpm, tpm) => {
    expect(await groupOf(deployment)).toMatchObject({ rpm, tpm })
  })

  it('limits are summed over those that have one', async () => {
    const limits = await groupOf(
      { rpm: 5, itpm: 1 },
      { litellm_params: { rpm: 10, tpm: 100, otpm: 3 } },
      { model_info: { tpm: 1000 } },
      {},
    )
    expect(limits).toMatchObject({ rpm: 15, tpm: 1100, itpm: 1, otpm: 3 })
  })

  it.each([
    [
      'the last list that is there',
      [{ supported_openai_params: ['a'] }, { supported_openai_params: ['b'] }, {}],
      ['b'],
    ],
    ['a null is none', [{ supported_openai_params: ['a'] }, { supported_openai_params: null }], ['a']],
  ])('supported_openai_params: %s', async (_, infos, expected) => {
    const { supported_openai_params: params } = await groupOf(...infos.map((model_info) => ({ model_info })))
    expect(params).toEqual(expected)
  })

  it('E1 a price of the deployment itself is the price of the group', async () => {
    const priced = await groupOf({ litellm_params: { model: 'small', input_cost_per_token: 0 } })
    expect(priced).toMatchObject({ input_cost_per_token: 0, output_cost_per_token: 9 })
  })

  it('G8 is unique by name, in the order of the file', async () => {
    const { get } = await appFor(...group('b', {}, {}), ...group('a', {}), ...group('b', {}))
    const { body } = await get('/model_group/info')
    expect(body.data.map(({ model_group: name }: typeof unknown) => name)).toEqual(['b', 'a'])
  })

  it.each([
    ['small', ['small']],
    ['gone', []],
    ['smal', []],
    ['', []],
  ])('only the group %p', async (name, names) => {
    const { get } = await appFor(...group('small', {}), ...group('large', {}))
    const { status, body } = await get(`/model_group/info?model_group=${name}`)
    expect([status, body.data.map((one: typeof unknown) => one.model_group)]).toEqual([200, names])
  })

  it('F5 a caller who may call models gets what is known of them, and nothing of others', async () => {
    const { get } = await appFor(...group('small', {}), ...group('large', {}))
    expect((await get('/model_group/info', 'sk-one')).body.data).toHaveLength(1)
    expect((await get('/model_group/info?model_group=large', 'sk-one')).body).toEqual({ data: [] })
    expect((await get('/model_group/info', null)).status).toBe(401)
  })

  it('L1 a name whose deployments are all paused is still told', async () => {
    const { get } = await appFor(...group('paused', { model_info: { blocked: true } }))
    expect((await get('/model_group/info')).body.data).toEqual([{ ...unknown, model_group: 'paused' }])
    expect((await get('/v1/models')).body.data).toEqual([])
  })

  it('without any model there are none', async () => {
    const { get } = await makeApp()
    expect((await get('/model_group/info')).body).toEqual({ data: [] })
  })

  it('B1 what clients may set themselves is shown without a secret, and a host in it to administrators only', async () => {
    const allowed = ['api_key', { api_base: `https://user:${canary(0)}@host.example/` }]
    const { get } = await appFor(
      ...group('small', { litellm_params: { model: 'small', configurable_clientside_auth_params: allowed } }),
    )
    const { text, body } = await get('/model_group/info')
    expect(findCanaries(text)).toEqual([])
    expect(body.data[0].configurable_clientside_auth_params).toEqual([
      'api_key',
      { api_base: 'https://host.example/' },
    ])
    const { body: others } = await get('/model_group/info', 'sk-all')
    expect(others.data[0].configurable_clientside_auth_params).toBeNull()
    expect((await get('/model/info', 'sk-all')).body.data[0].litellm_params).toEqual({ model: 'small' })
  })
})
