import type { JsonObject } from '../../lib/json'
import { costMap } from '../../lib/model-info/cost-map'
import { providerModels } from '../../lib/model-info/provider-models'
import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { knownModels } from '../../lib/registry/wildcard-names'

const map = costMap({
  'gpt-4o': { litellm_provider: 'openai' },
  'gpt-4o-mini': { litellm_provider: 'openai' },
  'babbage-002': { litellm_provider: 'text-completion-openai' },
  'azure/gpt-4o': { litellm_provider: 'azure' },
  'azure/gpt-35-instruct': { litellm_provider: 'azure_text' },
  'claude-4': { litellm_provider: 'anthropic' },
  'groq/openai/gpt-oss': { litellm_provider: 'groq' },
  'us.anthropic.claude-4': { litellm_provider: 'bedrock_converse' },
  'anthropic.claude-4': { litellm_provider: 'bedrock' },
  'bedrock_mantle/claude-4': { litellm_provider: 'bedrock_mantle' },
  'gemini-3': { litellm_provider: 'vertex_ai-language-models' },
  'vertex_ai/claude-4': { litellm_provider: 'vertex_ai-anthropic_models' },
  'command-r': { litellm_provider: 'cohere_chat' },
  'acme/own': { litellm_provider: 'acme' },
})

function row(model_name: string, params: JsonObject, info: JsonObject = {}): Row {
  return configRow('one', { model_name, litellm_params: params, model_info: info }, '1')
}

const namesOf = (given: Row): readonly string[] => knownModels(() => map)()(given)

it.each<[string, string, readonly string[]]>([
  ['openai/*', 'openai/*', ['openai/gpt-4o', 'openai/gpt-4o-mini', 'openai/babbage-002']],
  ['*', 'openai/*', ['gpt-4o', 'gpt-4o-mini', 'babbage-002']],
  ['foo/*', 'openai/*', ['foo/gpt-4o', 'foo/gpt-4o-mini', 'foo/babbage-002']],
  ['gpt-*', 'openai/gpt-*', ['gpt-4o', 'gpt-4o-mini']],
  ['openai/gpt-4o-*', 'openai/gpt-4o-*', ['openai/gpt-4o-mini']],
  ['*-eu', 'azure/*', ['gpt-4o-eu', 'gpt-35-instruct-eu']],
  ['*/*', 'openai/*', ['openai/gpt-4o', 'openai/gpt-4o-mini', 'openai/babbage-002']],
  ['openai/*', 'groq/openai/*', ['openai/gpt-oss']],
  ['azure/*', 'azure/*', ['azure/gpt-4o', 'azure/gpt-35-instruct']],
  ['bedrock/*', 'bedrock/*', ['bedrock/us.anthropic.claude-4', 'bedrock/anthropic.claude-4']],
  ['us/*', 'bedrock/us.*', ['us/anthropic.claude-4']],
  ['bedrock/*', 'bedrock/converse/*', ['bedrock/us.anthropic.claude-4', 'bedrock/anthropic.claude-4']],
  ['bedrock/converse/*', 'bedrock/converse/*', []],
  ['vertex_ai/*', 'vertex_ai/*', ['vertex_ai/gemini-3', 'vertex_ai/claude-4']],
  ['cohere/*', 'cohere/*', ['cohere/command-r']],
  ['acme/*', 'acme/*', ['acme/own']],
  ['foo/*', 'openai/gpt*', []],
  ['foo/*', 'openai/gpt-4o', []],
  ['nobody/*', 'nobody/*', []],
  ['*', '*', []],
  ['*', '*/gpt-4o', []],
  ['*', 'os.environ/MODEL', []],
])('%s in front of %s stands for the models of the provider behind it', (name, model, names) => {
  expect(namesOf(row(name, { model }))).toEqual(names)
})

it.each<[string, Row, readonly string[]]>([
  ['without a model', row('openai/gpt-*', {}), ['openai/gpt-4o', 'openai/gpt-4o-mini']],
  [
    'with its provider as an option',
    row('foo/*', { model: '*', custom_llm_provider: 'anthropic' }),
    ['foo/claude-4'],
  ],
  [
    "that is a team's own",
    row('kept', { model: 'anthropic/*' }, { team_id: 't', team_public_model_name: 'my/*' }),
    ['my/claude-4'],
  ],
])('a pattern %s', (_what, given, names) => {
  expect(namesOf(given)).toEqual(names)
})

it('rows that differ in nothing else share one list', () => {
  const expand = knownModels(() => map)()
  expect(expand(row('a/*', { model: 'openai/*' }))).toBe(expand(row('a/*', { model: 'openai/*', rpm: 5 })))
})

it.each<[string, string | undefined]>([
  ['gpt-4o', 'openai/gpt-4o'],
  ['claude-4', 'anthropic/claude-4'],
  ['us.anthropic.claude-4', 'bedrock/us.anthropic.claude-4'],
  ['gemini-3', 'vertex_ai/gemini-3'],
  ['babbage-002', 'text-completion-openai/babbage-002'],
  ['ft:gpt-4o:my-org::id', 'openai/ft:gpt-4o:my-org::id'],
  ['gpt-image-9', 'openai/gpt-image-9'],
  ['azure/gpt-4o', undefined],
  ['openai/gpt-4o', undefined],
  ['vertex_ai/claude-4', undefined],
  ['gpt-99', undefined],
  ['constructor', undefined],
  ['', undefined],
])('of %j the qualified name is %s', (name, qualified) => {
  expect(providerModels(map).qualifiedName(name)).toBe(qualified)
})
