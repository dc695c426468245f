import type { JsonObject } from '../../lib/json'
import { calledModel } from '../../lib/registry/called-model'
import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'

function row(name: string, params: JsonObject, team?: string): Row {
  const model_info = team === undefined ? {} : { team_id: team, team_public_model_name: name }
  const model_name = team === undefined ? name : `model_name_${team}_1`
  return configRow('id', { model_name, litellm_params: params, model_info }, '1')
}

/** [the row's name, its model, the name that is asked for, the model that is called] */
type Case = readonly [name: string, model: string | undefined, asked: string, called: string | undefined]

const evil = 'https://evil.example/v1'
const addresses: readonly Case[] = [
  ['huggingface/*', 'huggingface/*', `huggingface/${evil}`, undefined],
  ['huggingface/*:*', 'huggingface/*:*', `huggingface/${evil}`, undefined],
  ['huggingface/*/*', 'huggingface/*/*', `huggingface/${evil}`, undefined],
  ['huggingface/*/*', 'huggingface/*/*', 'huggingface/gopher://evil.example/v1', undefined],
  ['huggingface/*//*', 'huggingface/*//*', 'huggingface/https://evil.example', undefined],
  ['huggingface/http*', 'huggingface/http*', `huggingface/${evil}`, undefined],
  ['huggingface/https:*', 'huggingface/https:*', `huggingface/${evil}`, undefined],
  ['hf-*-*', 'huggingface/*://*', 'hf-https-evil.example', undefined],
  ['hf-*-*', 'huggingface/*/*', 'hf-https:/-/evil.example', undefined],
  ['hf-*', 'huggingface/https:*', 'hf-evil.example', undefined],
  ['ollama/*:*', 'ollama/*:*', `ollama/${evil}`, undefined],
  ['ollama/*:*', 'ollama/*:*', 'ollama/llama3:8b', 'ollama/llama3:8b'],
  ['*:*', '*:*', `huggingface/${evil}`, undefined],
  ['*', '*', `huggingface/${evil}`, undefined],
  ['*', '*', 'huggingface/https%3A%2F%2Fevil.example', undefined],
  ['*', '*', 'baseten/x@evil.example/', undefined],
  ['*', undefined, `huggingface/${evil}`, undefined],
  ['x-*-*', 'huggingface/*', 'x-https://evil.example/a-b', undefined],
  ['hf-*', 'huggingface/*', `hf-${evil}`, undefined],
  ['*p*', 'huggingface/*', `huggingface/${evil}`, undefined],
  ['*', 'openai/gpt-4o', evil, undefined],
]
const hosts: readonly Case[] = [
  ['mine/*', 'huggingface/https://own.example/*', 'mine/a/b', 'huggingface/https://own.example/a/b'],
  [
    'huggingface/https://own.example/*',
    undefined,
    'huggingface/https://own.example/a',
    'huggingface/https://own.example/a',
  ],
  ['mine/*', 'huggingface/https://own.example/*', `mine/${evil}`, undefined],
  ['mine/*', 'huggingface/https://own.example*', 'mine/.evil.example', undefined],
  ['mine/*', 'huggingface/https://own.example*', 'mine/x', undefined],
  ['mine/*', 'huggingface/https://*.own.example/x', 'mine/evil.example/', undefined],
  ['*/*', 'huggingface/https://own.example/*', `huggingface/${evil}`, undefined],
]
const providers: readonly Case[] = [
  ['openai/*', 'openai/*', 'openai/gpt-4o', 'openai/gpt-4o'],
  ['*', 'openai/*', 'groq/x', 'openai/groq/x'],
  ['*/*', 'openai/*', 'baseten/evil', undefined],
  ['*-*', 'openai/*', 'litellm_proxy/x-y', undefined],
  ['*e*', 'openai/*', 'replicate/evil/model', undefined],
  ['*:*', 'openai/*', 'groq/x:y', undefined],
  ['*/*', 'openai/*', 'openai/gpt-4o', 'openai/gpt-4o'],
  ['*/*', 'openai/*', 'openai_like/x', undefined],
  ['*/*/*', 'bedrock/us-east-1/*', 'bedrock/eu-west-1/x', undefined],
  ['*/*/*', 'bedrock/us-east-1/*', 'bedrock/us-east-1/x', 'bedrock/us-east-1/x'],
  ['gpt-*', 'gpt-*', 'gpt-4o', 'gpt-4o'],
  ['*-*', 'gpt-*', 'claude-3', undefined],
  ['o*', 'o*', 'ollama/x', undefined],
  ['*', 'az*/x', 'ure', undefined],
]
const either: readonly Case[] = [...addresses, ...hosts, ...providers]

describe('what a wildcard calls for a name stays at the provider and the host of its own model', () => {
  it.each(either)('%s with model %s, called as %s, calls %s', (name, model, asked, called) => {
    const params = model === undefined ? {} : { model }
    expect(calledModel(row(name, params), asked)).toBe(called)
  })

  it.each(either.filter(([name, model = name]) => !model.startsWith('*')))(
    "and so does a team's: %s with model %s, called as %s, calls %s",
    (name, model, asked, called) => {
      const params = model === undefined ? {} : { model }
      expect(calledModel(row(name, params, 'a'), asked)).toBe(called)
    },
  )
})

describe('a row whose own model has no provider', () => {
  it("is one for any provider where it is everybody's", () => {
    expect(calledModel(row('*', { model: '*' }), 'groq/x')).toBe('groq/x')
    expect(calledModel(row('my/*', { model: '*' }), 'my/groq/x')).toBe('groq/x')
    expect(calledModel(row('*', {}), 'groq/x')).toBe('groq/x')
  })

  it.each([['*'], ['*/*'], ['*-*'], ['*:*'], [undefined]])(
    "answers to nothing where it is a team's: model %s",
    (model) => {
      const params = model === undefined ? {} : { model }
      for (const name of ['*', '*/*', '*-*', '*:*', '*e*'])
        for (const asked of ['groq/x-y:e', 'openai/gpt-4o', 'claude-e'])
          expect(calledModel(row(name, params, 'a'), asked)).toBeUndefined()
    },
  )

  it('has one where custom_llm_provider names it', () => {
    const params = { model: '*', custom_llm_provider: 'openrouter' }
    expect(calledModel(row('*', params, 'a'), 'openai/gpt-4o')).toBe('openai/gpt-4o')
    expect(calledModel(row('*', params, 'a'), `openai/${evil}`)).toBeUndefined()
    expect(
      calledModel(row('*', { model: '*', custom_llm_provider: '' }, 'a'), 'openai/gpt-4o'),
    ).toBeUndefined()
  })
})

describe('a name that the config file chose', () => {
  it('may be an address, and stays at the provider of the row', () => {
    expect(calledModel(row('huggingface/*', { model: 'huggingface/*' }), `huggingface/${evil}`, 'file')).toBe(
      `huggingface/${evil}`,
    )
    expect(calledModel(row('*/*', { model: 'openai/*' }), 'baseten/x', 'file')).toBeUndefined()
  })
})
