import type { Deployment } from '../../lib/adapters/adapter'
import type { JsonObject } from '../../lib/json'
import { stderrLogger } from '../../lib/logger'
import { costMap } from '../../lib/model-info/cost-map'
import { readBundle } from '../../lib/model-info/cost-map-bundle'
import { enrich, fieldsThatAreNoNumbers, stripDerived } from '../../lib/model-info/enrich'
import { mapFields } from '../../lib/model-info/litellm-names'
import { supportedOpenaiParams } from '../../lib/model-info/openai-params'
import { nothingKnown } from '../support/model-info'

const bundle = readBundle(stderrLogger)
const bundled = costMap(bundle.entries, supportedOpenaiParams(bundle.openaiParams))

const map = costMap({
  small: {
    litellm_provider: 'openai',
    mode: 'chat',
    max_tokens: 10,
    input_cost_per_token: 1e-6,
    output_cost_per_token: 0,
    prompt_cache_max_age: 5,
    deprecation_date: '2030-01-01',
  },
  strange: { litellm_provider: 'unheard_of', mode: 'chat' },
})

function deployment(litellm_params: JsonObject, model_info: JsonObject = {}): Deployment {
  return { model_name: 'name', litellm_params, model_info }
}

/** As the core will: the row's own keys are what it stores. */
const shown = (row: Deployment, from = map) => enrich(row.model_info, row, from)

test("the user's example begins with the row's own keys and holds the map's values", () => {
  const row = deployment({ model: 'gpt-4' })
  const info = enrich({ id: 'e889', db_model: false, my_custom_key: 'my_custom_value' }, row, bundled)
  expect(Object.keys(info).slice(0, 8)).toEqual([
    'id',
    'db_model',
    'my_custom_key',
    'key',
    'max_tokens',
    'max_input_tokens',
    'max_output_tokens',
    'input_cost_per_token',
  ])
  expect(Object.keys(info).at(-1)).toBe('supported_openai_params')
  expect(info).toMatchObject({
    id: 'e889',
    db_model: false,
    my_custom_key: 'my_custom_value',

    max_tokens: 4096,
    max_input_tokens: 8192,
    max_output_tokens: 4096,
    input_cost_per_token: 3e-5,
    input_cost_per_token_flex: null,
    cache_creation_input_token_cost: null,
    input_cost_per_character: null,
    output_cost_per_token: 6e-5,
    output_vector_size: null,
    litellm_provider: 'openai',
    mode: 'chat',
    supports_vision: null,
    tpm: null,
    rpm: null,
  })
  expect(info.supported_openai_params).toEqual(
    expect.arrayContaining(['frequency_penalty', 'temperature', 'tools']),
  )
})

describe('E1 which price is shown', () => {
  const cases: readonly [string, JsonObject, JsonObject, unknown][] = [
    ['the map when nothing is set', { model: 'small' }, {}, 1e-6],
    ['model_info over the map', { model: 'small' }, { input_cost_per_token: 2 }, 2],
    ['litellm_params over the map', { model: 'small', input_cost_per_token: 3 }, {}, 3],
    [
      'litellm_params over model_info',
      { model: 'small', input_cost_per_token: 3 },
      { input_cost_per_token: 2 },
      3,
    ],
    ['litellm_params without a match', { model: 'unknown', input_cost_per_token: 3 }, {}, 3],
    ['model_info without a match', { model: 'unknown' }, { input_cost_per_token: 2 }, 2],
    [
      'E2 nought in litellm_params',
      { model: 'small', input_cost_per_token: 0 },
      { input_cost_per_token: 2 },
      0,
    ],
    ['E2 nought in model_info', { model: 'small' }, { input_cost_per_token: 0 }, 0],
    ['a price that YAML 1.1 reads as text', { model: 'small', input_cost_per_token: '1e-7' }, {}, 1e-7],
    ['the map when the param is null', { model: 'small', input_cost_per_token: null }, {}, 1e-6],
    [
      'the map when the param is an unresolved reference',
      { model: 'small', input_cost_per_token: 'os.environ/X' },
      {},
      1e-6,
    ],
    ['the map when the param is empty', { model: 'small', input_cost_per_token: ' ' }, {}, 1e-6],
  ]
  test.each(cases)('%s', (_, params, info, price) => {
    expect(shown(deployment(params, info)).input_cost_per_token).toBe(price)
  })

  test('every kind of price is taken from litellm_params, and no limit is', () => {
    const tiers = [{ range: [0, 1000], input_cost_per_token: 1 }]
    const params = {
      model: 'unknown',
      input_cost_per_second: 5,
      tiered_pricing: tiers,
      max_tokens: 9,
      rpm: 4,
    }
    expect(shown(deployment(params))).toMatchObject({
      input_cost_per_second: 5,
      tiered_pricing: tiers,
      max_tokens: null,
      rpm: null,
    })
  })
})

test('E2 the nought of the map stays nought, and what the map does not know is null', () => {
  expect(shown(deployment({ model: 'small' }))).toMatchObject({
    output_cost_per_token: 0,
    max_input_tokens: null,
  })
})

test('E9 max_tokens is passed on and no other limit is made from it', () => {
  expect(shown(deployment({ model: 'small' }))).toMatchObject({
    max_tokens: 10,
    max_input_tokens: null,
    max_output_tokens: null,
  })
})

test("LiteLLM's fields are shown in its order whatever the entry has, then the entry's other keys", () => {
  const info = shown(deployment({ model: 'small' }))
  const declared = ['key', ...mapFields]
  expect(Object.keys(info)).toEqual([
    ...declared,
    'prompt_cache_max_age',
    'deprecation_date',
    'supported_openai_params',
  ])
  expect(Object.keys(shown(deployment({ model: 'strange' })))).toEqual([
    ...declared,
    'supported_openai_params',
  ])
})

test("the row's own values of map fields stay, but for null, which the map's value takes the place of", () => {
  const own = { key: 'mine', supports_vision: false, supported_openai_params: [] }
  expect(shown(deployment({ model: 'small' }, { ...own, mode: null }))).toMatchObject({
    ...own,
    mode: 'chat',
  })
})

describe('values that arrive as text', () => {
  const cases: readonly [string, JsonObject, JsonObject][] = [
    ['a price', { input_cost_per_token: '1e-05' }, { input_cost_per_token: 1e-5 }],
    ['a limit', { max_input_tokens: '128000', rpm: ' 6 ' }, { max_input_tokens: 128_000, rpm: 6 }],
    ['a switch', { supports_vision: 'True' }, { supports_vision: true }],
    ['no number', { max_tokens: '128,000' }, { max_tokens: '128,000' }],
    ['a text with another name', { note: '7' }, { note: '7' }],
  ]
  test.each(cases)('%s', (_, info, expected) => {
    expect(shown(deployment({ model: 'small' }, info))).toMatchObject(expected)
  })

  test('what is no number is told by its path', () => {
    const row = deployment(
      { model: 'small', rpm: 'many', input_cost_per_token: 'os.environ/PRICE' },
      { max_tokens: '128,000', max_input_tokens: '5', note: 'x' },
    )
    expect(fieldsThatAreNoNumbers(row)).toEqual(['model_info.max_tokens', 'litellm_params.rpm'])
  })
})

test.each([
  ['huggingface/https://host.example/v1', null],
  ['openai/fake', 'openai/fake'],
])('a model without an entry, %s, is named unless that tells a host', (model, key) => {
  expect(shown(deployment({ model }))['key']).toBe(key)
})

test("the row's own keys stay whatever they are called", () => {
  const own = JSON.parse('{"__proto__":{"mode":"x"},"constructor":1}') as JsonObject
  expect(JSON.stringify(shown(deployment({ model: 'small' }, own)))).toContain(
    '{"__proto__":{"mode":"x"},"constructor":1,"key":"small"',
  )
})

test('a row without an entry shows what its provider tells, and null for the rest', () => {
  expect(shown(deployment({ model: 'openai/fake' }, { id: 'x' }))).toEqual({
    id: 'x',
    ...nothingKnown('openai/fake', { litellm_provider: 'openai', mode: 'chat' }),
  })
})

test('E6 with an empty map every row shows its own keys and its name', () => {
  expect(shown(deployment({ model: 'gpt-4' }, { id: 'x' }), costMap({}))).toEqual({
    id: 'x',

    ...nothingKnown('gpt-4'),
  })
})

test.each([
  ['an unknown provider', 'strange', null],
  ['a moderation', 'omni-moderation-latest', null],
])('%s has no list of supported parameters', (_, model, expected) => {
  expect(
    shown(
      deployment({ model }),
      costMap({ ...bundle.entries, ...map.entries }, supportedOpenaiParams(bundle.openaiParams)),
    ).supported_openai_params,
  ).toBe(expected)
})

test.each([
  ['an embedding', 'text-embedding-3-small', 'dimensions'],
  ['a chat of a family member', 'vertex_ai/gemini-1.5-pro', 'top_p'],
  ['a text completion', 'text-completion-openai/gpt-3.5-turbo-instruct', 'stop'],
  ['a chat of OpenAI', 'gpt-5', 'reasoning_effort'],
  ['a transcription', 'whisper-1', 'timestamp_granularities'],
])('%s lists its own parameters', (_, model, expected) => {
  expect(shown(deployment({ model }), bundled).supported_openai_params).toContain(expected)
})

test('E4 four rows on one backend keep their own limits', () => {
  const rows = [1, 2, 3, 4].map((limit) => deployment({ model: 'small' }, { max_input_tokens: limit }))
  const infos = rows.map((row) => shown(row))
  expect(infos.map((info) => info.max_input_tokens)).toEqual([1, 2, 3, 4])
  expect(shown(deployment({ model: 'small' })).max_input_tokens).toBeNull()
})

test('E4 the same row and map give the same bytes after 10 000 mixed calls', () => {
  const rows = [
    deployment({ model: 'gpt-4' }, { id: '1' }),
    deployment({ model: 'gpt-4', input_cost_per_token: 0 }, { id: '2', mode: 'mine' }),
    deployment({ model: 'azure/mine' }, { id: '3', base_model: 'azure/gpt-4o' }),
    deployment({ model: 'openai/fake', output_cost_per_token: 1 }, { id: '4' }),
    deployment({ model: 'bedrock/us.anthropic.claude-3-haiku-20240307-v1:0' }, { id: '5' }),
  ]
  const bytes = (row: Deployment) => JSON.stringify(shown(row, bundled))
  const given = JSON.stringify(rows)
  const first = rows.map(bytes)
  for (let call = 0; call < 10_000; call += 1) {
    const row = rows[(call * 7) % rows.length] as Deployment
    const info = shown(row, bundled) as Record<string, unknown>
    // What a careless caller might do to an answer must not reach the next one.
    info.input_cost_per_token = call
    delete info.key
    stripDerived(info as JsonObject, row, bundled)
  }
  expect(rows.map(bytes)).toEqual(first)
  expect(JSON.stringify(rows)).toBe(given)
})

describe('D5 what a client sends back', () => {
  const stored = deployment(
    { model: 'small', output_cost_per_token: 7 },
    { team: 'a', max_input_tokens: 5, output_cost_per_token: 6, supports_vision: null },
  )

  test('unchanged, leaves only what the row holds', () => {
    const left = stripDerived(shown(stored), stored, map)
    expect({ ...stored.model_info, ...left }).toEqual(stored.model_info)
  })

  const changes: readonly [string, JsonObject, JsonObject][] = [
    ['a derived value that was changed is kept', { max_tokens: 11 }, { max_tokens: 11 }],
    ['a derived value that was read is dropped', { max_tokens: 10, key: 'small' }, {}],
    ['a derived null that was read is dropped', { tpm: null }, {}],
    ['a null that clears an own value is kept', { max_input_tokens: null }, { max_input_tokens: null }],
    ["the row's own value is kept", { max_input_tokens: 5 }, { max_input_tokens: 5 }],
    ['a price that was read from litellm_params is dropped', { output_cost_per_token: 7 }, {}],
    ['a price that is neither is kept', { output_cost_per_token: 0 }, { output_cost_per_token: 0 }],
    ['a new key is kept', { note: 'x' }, { note: 'x' }],
    ['a declared field that was read is dropped', { supported_endpoints: null }, {}],
  ]
  test.each(changes)('%s', (_, sent, left) => {
    expect(stripDerived(sent, stored, map)).toEqual(left)
  })

  test('a row without an entry keeps all that is sent', () => {
    const row = deployment({ model: 'unknown' }, {})
    expect(stripDerived({ max_tokens: 10, note: 'x' }, row, map)).toEqual({ max_tokens: 10, note: 'x' })
  })
})
