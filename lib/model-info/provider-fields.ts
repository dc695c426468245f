import { providerNames } from './litellm-names'

/** What a form that adds a model asks for, beside the model. */
export interface ProviderField {
  readonly field_name: string
  readonly field_type: 'string'
  readonly field_description: string
  /** An example. */
  readonly field_value: string
}

const text = (name: string, description: string, example: string): ProviderField => ({
  field_name: name,
  field_type: 'string',
  field_description: description,
  field_value: example,
})

/** As LiteLLM tells them: of other providers nothing is said. */
const fields: Readonly<Record<string, readonly ProviderField[]>> = {
  databricks: [
    text('api_key', 'Your Databricks API Key.', 'dapi...'),
    text('api_base', 'Your Databricks API Base.', 'https://adb-..'),
  ],
  ollama: [text('base_url', 'Your Ollama API Base', 'http://10.10.11.249:11434')],
  azure_ai: [
    text('api_key', 'Your Azure AI Studio API Key.', 'zEJ...'),
    text('api_base', 'Your Azure AI Studio API Base.', 'https://Mistral-serverless.'),
  ],
}

/** Prefixes and names in the cost map that LiteLLM does not list as providers. */
const unlisted: ReadonlySet<string> = new Set(
  (
    'agentcore aihubmix anyscale apiserpent bedrock_converse bing_grounding crusoe dataforseo duckduckgo exa_ai ' +
    'firecrawl fireworks_ai-embedding-models gmi google_pse linkup llamagate nimble sarvam searxng serper tavily ' +
    'tinyfish you_com'
  ).split(' '),
)

/** Every provider that LiteLLM lists, by name. */
export const providers: readonly string[] = [...providerNames].filter((name) => !unlisted.has(name)).sort()

export function providerFields(provider: string): readonly ProviderField[] {
  return Object.hasOwn(fields, provider) ? (fields[provider] ?? []) : []
}
