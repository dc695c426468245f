import supertest from 'supertest'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const costMap = {
  chat: {
    litellm_provider: 'acme',
    mode: 'chat',
    max_input_tokens: 100,
    max_output_tokens: 10,
    supports_vision: true,
    supports_function_calling: true,
    supports_parallel_function_calling: true,
    supports_reasoning: true,
  },
  text: { litellm_provider: 'acme', mode: 'chat', max_input_tokens: 50, supports_vision: false },
  vector: { litellm_provider: 'acme', mode: 'embedding', max_input_tokens: 8 },
}
const deployment = (name: string, model: string, info: object = {}): object => ({
  model_name: name,
  litellm_params: { model },
  model_info: info,
})
const config = files.write({
  model_list: [
    deployment('one', 'chat', { display_name: 'Model One' }),
    deployment('two', 'chat'),
    deployment('two', 'text'),
    deployment('vectors', 'vector', { display_name: 5 }),
    deployment('paused', 'chat', { blocked: true }),
    deployment('org/unknown', 'acme-own'),
  ],
})
const keys = [{ key: 'sk-two', userId: 'u', role: 'internal_user' as const, models: ['two'] }]

async function appFor(): Promise<TestApp> {
  return makeApp({ config, costMap, auth: { masterKey, keys } })
}

async function ask(path: string, key: string | null = masterKey): Promise<supertest.Response> {
  const { app } = await appFor()
  const request = supertest(app).get(path).set('anthropic-version', '2023-06-01')
  return key === null ? request : request.set('x-api-key', key)
}

const created_at = '2023-02-28T18:56:42Z'
const one = {
  type: 'model',
  id: 'one',
  display_name: 'Model One',
  created_at,
  max_input_tokens: 100,
  max_tokens: 10,
}
const two = { ...one, id: 'two', display_name: 'two' }
const vectors = { ...one, id: 'vectors', display_name: 'vectors', max_input_tokens: 8, max_tokens: null }
const unknown = {
  ...vectors,
  id: 'org/unknown',
  display_name: 'org/unknown',
  max_input_tokens: null,
}
const ends = (first: string | null, last: string | null, more = false): object => ({
  has_more: more,
  first_id: first,
  last_id: last,
})

describe("names in OpenAI's shape", () => {
  it('have the mode and the limits of their deployments, as far as they are known', async () => {
    const { get } = await appFor()
    const openai = { object: 'model', created: 1677610602, owned_by: 'acme' }
    const limits = { max_input_tokens: 100, max_output_tokens: 10, context_length: 100 }
    const entries = [
      { id: 'one', ...openai, mode: 'chat', ...limits },
      { id: 'two', ...openai, mode: 'chat', ...limits },
      { id: 'vectors', ...openai, mode: 'embedding', max_input_tokens: 8, context_length: 8 },
      { id: 'org/unknown', ...openai, owned_by: 'openai' },
    ]
    expect((await get('/v1/models?limit=1&after_id=none')).body).toEqual({ data: entries, object: 'list' })
    for (const entry of entries) expect((await get(`/v1/models/${entry.id}`)).body).toEqual(entry)
  })
})

describe("names in Anthropic's shape", () => {
  it.each(['/models', '/v1/models', '/v1/models/?limit=1000'])('%s', async (path) => {
    const { status, body } = await ask(path)
    expect([status, body]).toEqual([
      200,
      { data: [one, two, vectors, unknown], ...ends('one', 'org/unknown') },
    ])
  })

  it.each([one, two, vectors, unknown])('/v1/models/$id', async (model) => {
    expect((await ask(`/v1/models/${model.id}`)).body).toEqual(model)
  })

  it('hold what the key sees', async () => {
    expect((await ask('/v1/models', 'sk-two')).body).toEqual({ data: [two], ...ends('two', 'two') })
  })

  it('an empty list has no first and no last name', async () => {
    const { app } = await makeApp()
    const { body } = await supertest(app)
      .get('/v1/models')
      .set({ 'x-api-key': masterKey, 'anthropic-version': '' })
    expect(body).toEqual({ data: [], ...ends(null, null) })
  })

  it.each([
    ['limit=2', [one, two], true],
    ['limit=4', [one, two, vectors, unknown], false],
    ['limit=2&after_id=two', [vectors, unknown], false],
    ['limit=1&after_id=two', [vectors], true],
    ['after_id=org/unknown', [], false],
    ['limit=2&before_id=org/unknown', [two, vectors], true],
    ['limit=2&before_id=two', [one], false],
    ['before_id=one', [], false],
  ])('pages: %s', async (query, data, more) => {
    const { body } = await ask(`/v1/models?${query}`)
    expect(body).toEqual({ data, ...ends(data[0]?.id ?? null, data.at(-1)?.id ?? null, more) })
  })

  it.each([
    ['/v1/models?limit=0', 400, 'invalid_request_error', 'limit must be a whole number from 1 on.'],
    ['/v1/models?limit=x', 400, 'invalid_request_error', 'limit must be a whole number from 1 on.'],
    [
      '/v1/models?after_id=one&before_id=two',
      400,
      'invalid_request_error',
      'Send after_id or before_id, not both.',
    ],
    [
      '/v1/models?after_id=none',
      400,
      'invalid_request_error',
      'after_id names no model of this list. List from the beginning.',
    ],
    [
      '/v1/models?healthy_only=perhaps',
      422,
      'invalid_request_error',
      expect.stringContaining('query.healthy_only: '),
    ],
    ['/v1/models/none', 404, 'not_found_error', "Model 'none' not found in router configuration"],
  ])('errors too: %s', async (path, expected, type, message) => {
    const { status, body } = await ask(path)
    expect([status, body]).toEqual([expected, { type: 'error', error: { type, message } }])
  })

  it('a missing key too, and only there', async () => {
    const error = { type: 'authentication_error', message: 'Authentication Error, No api key passed in.' }
    expect((await ask('/v1/models', null)).body).toEqual({ type: 'error', error })
    expect((await ask('/model/info', null)).body).toMatchObject({ error: { code: '401', param: null } })
  })
})

const codex = {
  slug: 'one',
  display_name: 'Model One',
  description: null,
  supported_reasoning_levels: [],
  shell_type: 'unified_exec',
  visibility: 'list',
  supported_in_api: true,
  priority: 0,
  service_tiers: [],
  availability_nux: null,
  upgrade: null,
  support_verbosity: false,
  supports_reasoning_summary_parameter: true,
  supports_reasoning_summaries: true,
  supports_parallel_tool_calls: true,
  default_verbosity: null,
  apply_patch_tool_type: 'freeform',
  truncation_policy: { mode: 'tokens', limit: 10000 },
  experimental_supported_tools: [],
  input_modalities: ['text', 'image'],
  context_window: 100,
  base_instructions: expect.stringContaining('Codex CLI') as string,
  supports_search_tool: false,
  use_responses_lite: false,
}

describe("names in Codex's shape", () => {
  it('are the chat models, with what every deployment of a name can do', async () => {
    const { get } = await appFor()
    const { supports_reasoning_summary_parameter: _, ...plain } = codex
    const little = { supports_reasoning_summaries: false, supports_parallel_tool_calls: false }
    expect((await get('/v1/models?client_version=0.159.3')).body).toEqual({
      models: [
        codex,
        {
          ...codex,
          slug: 'two',
          display_name: 'two',
          priority: 1,
          input_modalities: ['text'],
          context_window: 50,
        },
        {
          ...plain,
          ...little,
          slug: 'org/unknown',
          display_name: 'org/unknown',
          priority: 3,
          apply_patch_tool_type: null,
          context_window: null,
        },
      ],
    })
  })

  it('are those that the key sees, and go before the shape of Anthropic', async () => {
    const { body } = await ask('/models?client_version=', 'sk-two')
    expect(body.models.map(({ slug }: { slug: string }) => slug)).toEqual(['two'])
  })

  it('are at most as many as Codex reads', async () => {
    const long = 'x'.repeat(200)
    const model_list = Array.from({ length: 1500 }, (_, at) => deployment(`${long}${at}`, 'chat'))
    const { get } = await makeApp({ config: files.write({ model_list }), costMap })
    const { text, body } = await get('/v1/models?client_version=0.159.3')
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024)
    expect(body.models.length).toBeGreaterThan(500)
    expect(body.models.length).toBeLessThan(1500)
  })
})
