import type { Deployment } from '../../lib/adapters/adapter'
import type { JsonObject } from '../../lib/json'
import { costMap, countModels } from '../../lib/model-info/cost-map'
import { supportedOpenaiParams } from '../../lib/model-info/openai-params'

const entry = (litellm_provider: string, more: JsonObject = {}): JsonObject => ({
  litellm_provider,
  mode: 'chat',
  ...more,
})

const entries: JsonObject = {
  sample_spec: entry('openai'),
  fallback_generalizations: { rules: [] },
  version: '1',
  'gpt-4': entry('openai'),
  'gpt-4o': entry('openai', { aliases: ['gpt-4o-latest', 'GPT-4'] }),
  'azure/gpt-4o': entry('azure'),
  'azure/gpt-35-turbo': entry('azure'),
  'openrouter/openai/gpt-4o': entry('openrouter'),
  'groq/llama3-8b': entry('groq'),
  'minimax/MiniMax-M2': entry('minimax'),
  'anthropic.claude-v2': entry('bedrock'),
  'eu.anthropic.claude-v2': entry('bedrock'),
  'bedrock/us-east-1/anthropic.claude-v1': entry('bedrock'),
  'anthropic.claude-v1': entry('bedrock_converse'),
  'gemini-1.5-pro': entry('vertex_ai-language-models'),
  'gemini/gemini-1.5-pro': entry('gemini'),
  'ft:gpt-3.5-turbo': entry('openai'),
  'command-r': entry('cohere_chat'),
  'davinci-002': entry('text-completion-openai'),
  'fireworks_ai/llama': entry('fireworks_ai-embedding-models'),
  'no-provider': { mode: 'chat' },
}

function deployment(litellm_params: JsonObject, model_info: JsonObject = {}): Deployment {
  return { model_name: 'public-name', litellm_params, model_info }
}

describe('finding the entry of a deployment', () => {
  const map = costMap(entries)
  const keyOf = (one: Deployment) => {
    const { entry: found, key } = map.describe(one)
    return found === undefined ? undefined : key
  }

  const byModel: readonly [string, string, string | undefined][] = [
    ['the exact name', 'gpt-4', 'gpt-4'],
    ['whatever the case', 'GPT-4o', 'gpt-4o'],
    ['a provider prefix that the key lacks', 'openai/gpt-4', 'gpt-4'],
    ['a prefixed key', 'groq/llama3-8b', 'groq/llama3-8b'],
    ['a prefixed key in another case', 'Groq/Llama3-8B', 'groq/llama3-8b'],
    ['a key that has capitals itself', 'minimax/minimax-m2', 'minimax/MiniMax-M2'],
    ['E3 an exact Azure key without base_model', 'azure/gpt-4o', 'azure/gpt-4o'],
    ['the last part on the first', 'azure/eu/gpt-4o', 'azure/gpt-4o'],
    ['nothing for a deployment name on Azure', 'azure/my-deployment', undefined],
    ["nothing for another provider's model of that name", 'groq/gpt-4', undefined],
    ['nothing for an unknown model', 'openai/fake', undefined],
    ['nothing for the sample', 'sample_spec', undefined],
    ['nothing for the generalisations', 'fallback_generalizations', undefined],
    ['nothing for a name of Object.prototype', 'constructor', undefined],
    ['a key of two slashes', 'openrouter/openai/gpt-4o', 'openrouter/openai/gpt-4o'],
    ['an organisation that is no provider', 'some-org/gpt-4', undefined],
    ['a Bedrock region', 'bedrock/eu-west-1/anthropic.claude-v2', 'anthropic.claude-v2'],
    [
      'a Bedrock region with its own entry',
      'bedrock/us-east-1/anthropic.claude-v1',
      'bedrock/us-east-1/anthropic.claude-v1',
    ],
    ['a Bedrock route', 'bedrock/converse/anthropic.claude-v2', 'anthropic.claude-v2'],
    ['a cross-region prefix', 'bedrock/us.anthropic.claude-v2', 'anthropic.claude-v2'],
    ['a cross-region prefix with its own entry', 'bedrock/eu.anthropic.claude-v2', 'eu.anthropic.claude-v2'],
    ["a family member's entry", 'bedrock_converse/anthropic.claude-v2', 'anthropic.claude-v2'],
    ['a stable version on Vertex', 'vertex_ai/gemini-1.5-pro-001', 'gemini-1.5-pro'],
    ['the latest version on Vertex', 'vertex_ai/gemini-1.5-pro@latest', 'gemini-1.5-pro'],
    ['a stable version on Gemini', 'gemini/gemini-1.5-pro-002', 'gemini/gemini-1.5-pro'],
    ['a fine-tuned model', 'ft:gpt-3.5-turbo:my-org::abc123', 'ft:gpt-3.5-turbo'],
    [
      'a fine-tuned model with its provider',
      'openai/ft:gpt-3.5-turbo:my-org:custom:abc123',
      'ft:gpt-3.5-turbo',
    ],
    ['a chat entry of Cohere', 'cohere/command-r', 'command-r'],
    ['a completion entry of OpenAI', 'text-completion-openai/davinci-002', 'davinci-002'],
    ['an embedding entry of Fireworks', 'fireworks_ai/llama', 'fireworks_ai/llama'],
    ["OpenAI's model in Azure's catalogue", 'azure_ai/gpt-4', 'gpt-4'],
    ['any entry behind another LiteLLM', 'litellm_proxy/gpt-4', 'gpt-4'],
    ['an entry without a provider', 'groq/no-provider', 'no-provider'],
    ['an alias', 'gpt-4o-latest', 'gpt-4o-latest'],
    ['an alias that hides no other entry', 'Gpt-4', 'gpt-4'],
  ]
  test.each(byModel)('%s: %s', (_, model, key) => {
    expect(keyOf(deployment({ model }))).toBe(key)
  })

  const byBase: readonly [string, JsonObject, JsonObject, string | undefined][] = [
    ['E3 base_model in model_info', { model: 'azure/mine' }, { base_model: 'azure/gpt-4o' }, 'azure/gpt-4o'],
    ['E3 base_model in litellm_params', { model: 'azure/mine', base_model: 'gpt-4' }, {}, 'gpt-4'],
    [
      "base_model under the deployment's own provider",
      { model: 'azure/mine' },
      { base_model: 'gpt-4o' },
      'azure/gpt-4o',
    ],
    [
      'model_info before litellm_params',
      { model: 'azure/mine', base_model: 'gpt-4' },
      { base_model: 'gpt-4o' },
      'azure/gpt-4o',
    ],
    ['E1 base_model before the model', { model: 'gpt-4' }, { base_model: 'gpt-4o' }, 'gpt-4o'],
    ['the model when base_model is unknown', { model: 'gpt-4' }, { base_model: 'nothing' }, 'gpt-4'],
    [
      'a Bedrock route and region in base_model',
      { model: 'mine', base_model: 'bedrock/converse/us-gov-west-1/us.anthropic.claude-v2' },
      {},
      'anthropic.claude-v2',
    ],
    ['a null base_model is none', { model: 'gpt-4' }, { base_model: null }, 'gpt-4'],
    ['an explicit provider', { model: 'gpt-4o', custom_llm_provider: 'azure' }, {}, 'azure/gpt-4o'],
    ['a conflict with the explicit provider', { model: 'gpt-4', custom_llm_provider: 'groq' }, {}, undefined],
  ]
  test.each(byBase)('%s', (_, params, info, key) => {
    expect(keyOf(deployment(params, info))).toBe(key)
  })

  test('a deployment without a model is looked up by its name', () => {
    expect(keyOf({ model_name: 'gpt-4', litellm_params: {}, model_info: {} })).toBe('gpt-4')
  })

  test('the provider is that of the prefix, else that of the entry as a prefix names it', () => {
    expect(map.describe(deployment({ model: 'azure/mine' }, { base_model: 'gpt-4' })).provider).toBe('azure')
    expect(map.describe(deployment({ model: 'gemini-1.5-pro' })).provider).toBe('vertex_ai')
    expect(map.describe(deployment({ model: 'anthropic.claude-v1' })).provider).toBe('bedrock')
    expect(map.describe(deployment({ model: 'gpt-4' })).provider).toBe('openai')
    expect(map.describe(deployment({ model: 'litellm_proxy/gpt-4' })).provider).toBe('litellm_proxy')
    expect(map.describe(deployment({ model: 'no-provider' })).provider).toBeUndefined()
  })

  test('a lookup is remembered', () => {
    const one = map.describe(deployment({ model: 'openai/gpt-4' }))
    expect(map.describe({ ...deployment({ model: 'openai/gpt-4' }), model_name: 'other' })).toBe(one)
  })

  test('more lookups than are remembered still find', () => {
    for (let number = 0; number < 10_001; number += 1)
      map.describe(deployment({ model: `unknown-${number}` }))
    expect(keyOf(deployment({ model: 'gpt-4' }))).toBe('gpt-4')
  })
})

describe('the map itself', () => {
  test('holds models and aliases, and nothing that only describes the file', () => {
    const map = costMap({ sample_spec: {}, version: '1', a: { mode: 'chat', aliases: ['b', 'A', 7] } })
    expect(map.entries).toEqual({
      a: { mode: 'chat', aliases: ['b', 'A', 7] },
      b: { mode: 'chat', aliases: ['b', 'A', 7] },
    })
    expect(map.size).toBe(2)
    expect(countModels({ sample_spec: {}, version: '1', a: { aliases: ['b'] } })).toBe(1)
  })

  test('E4 hands out entries that are frozen at every depth', () => {
    const { entry: found, fields } = costMap({ a: { nested: { price: 1 } } }).describe(
      deployment({ model: 'a' }),
    )
    expect(found).toEqual({ nested: { price: 1 } })
    expect([found, found?.nested, fields, fields.nested].map((one) => Object.isFrozen(one))).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  test('fills an alias up from the entry that it is an alias of', () => {
    const map = costMap({
      new: { mode: 'chat', input_cost_per_token: 2, litellm_provider: 'openai' },
      latest: { alias_of: 'new', litellm_provider: 'azure' },
      lost: { alias_of: 'nothing', mode: 'chat' },
    })
    expect(map.entries).toMatchObject({
      latest: { mode: 'chat', input_cost_per_token: 2, litellm_provider: 'azure' },
      lost: { alias_of: 'nothing', mode: 'chat' },
    })
  })

  test('E6 may be empty', () => {
    const map = costMap({})
    expect(map.size).toBe(0)
    expect(map.describe(deployment({ model: 'gpt-4' })).entry).toBeUndefined()
  })

  test('keeps a key that is a name of Object.prototype', () => {
    const map = costMap(
      JSON.parse('{"__proto__":{"mode":"chat"},"constructor":{"mode":"chat"}}') as JsonObject,
    )
    expect(map.describe(deployment({ model: '__proto__' })).key).toBe('__proto__')
    expect(map.describe(deployment({ model: 'constructor' })).key).toBe('constructor')
  })
})

describe('a deployment without an entry', () => {
  const map = costMap(
    {
      'fal/a': entry('fal_ai', { mode: 'image_generation' }),
      'fal/b': entry('fal_ai', { mode: 'image_generation' }),
      'gpt-4': entry('openai'),
      whisper: entry('openai', { mode: 'audio_transcription' }),
      fallback_generalizations: {
        rules: [
          { pattern: 'wise-\\d', model_info: { supports_reasoning: true, mode: 'chat' } },
          { pattern: '^wise-', model_info: { litellm_provider: 'anthropic' } },
          { pattern: '(?P<python>x)', model_info: { mode: 'chat' } },
        ],
      },
    },
    supportedOpenaiParams({ lists: ['stop n'], providers: { openai: { chat: 0 }, fal_ai: {} }, models: {} }),
  )
  const describe = (params: JsonObject) => {
    const { key, provider, fields } = map.describe(deployment(params))
    const { litellm_provider, mode, supports_reasoning, input_cost_per_token, supported_openai_params } =
      fields
    return [
      key,
      provider,
      litellm_provider,
      mode,
      supports_reasoning,
      input_cost_per_token,
      supported_openai_params,
    ]
  }

  const cases: readonly [string, JsonObject, readonly unknown[]][] = [
    [
      'is named with its provider',
      { model: 'x', custom_llm_provider: 'openai' },
      ['openai/x', 'openai', 'openai', null, null, null, ['stop', 'n']],
    ],
    [
      'of a provider of one mode has that mode',
      { model: 'fal_ai/x' },
      [
        'fal_ai/x',
        'fal_ai',
        'fal_ai',
        'image_generation',
        null,
        null,
        ['n', 'quality', 'response_format', 'size', 'style', 'user'],
      ],
    ],
    [
      'has what the rules for its name say',
      { model: 'wise-9' },
      ['wise-9', 'anthropic', 'anthropic', 'chat', true, null, null],
    ],
    [
      'of no provider is known by its name alone',
      { model: 'org/x' },
      ['org/x', undefined, null, null, null, null, null],
    ],
    [
      'has a name that no rule is tried on when it is long',
      { model: `wise-9${'x'.repeat(300)}` },
      [`wise-9${'x'.repeat(300)}`, undefined, null, null, null, null, null],
    ],
  ]
  test.each(cases)('%s', (_, params, expected) => {
    expect(describe(params)).toEqual(expected)
  })
})
