import { providerNames } from './litellm-names'

/** Members of a family share models and prices: an entry of one serves a deployment of another. */
const prefixFamilies = ['vertex_ai', 'bedrock', 'fireworks_ai', 'cohere'] as const
const namedFamilies: ReadonlyMap<string, string> = new Map([
  ['azure_text', 'azure'],
  ['text-completion-openai', 'openai'],
  ['text-completion-codestral', 'codestral'],
  ['ollama_chat', 'ollama'],
  ['sagemaker_chat', 'sagemaker'],
  ['watsonx_text', 'watsonx'],
  ['anthropic_text', 'anthropic'],
  ['ai21_chat', 'ai21'],
])

/** Providers that serve the models of others under the others' names. */
const resellers: ReadonlySet<string> = new Set(['litellm_proxy', 'github', 'nadir'])

/** `vertex_ai-language-models` is of the family `vertex_ai`. */
export function providerFamily(provider: string): string {
  return (
    prefixFamilies.find((family) => provider.startsWith(family)) ?? namedFamilies.get(provider) ?? provider
  )
}

/** The provider as a model's prefix names it, of what an entry of the cost map says: `vertex_ai`, not `vertex_ai-language-models`. */
export function prefixOfProvider(entryProvider: string): string {
  if (entryProvider === 'bedrock_converse') return 'bedrock'
  const dash = entryProvider.indexOf('-')
  const head = dash > 0 ? entryProvider.slice(0, dash) : ''
  return head === 'vertex_ai' || head === 'fireworks_ai' ? head : entryProvider
}

/** `openai/gpt-4` → `openai`; nothing when the part before the slash is an organisation and not a provider. */
export function providerPrefix(model: string): string | undefined {
  const slash = model.indexOf('/')
  const head = slash > 0 ? model.slice(0, slash).toLowerCase() : ''
  return providerNames.has(head) ? head : undefined
}

/** Whether the map's entry of `entryProvider` may describe a deployment of `provider`. Unknown conflicts with nothing. */
export function providersAgree(provider: string | undefined, entryProvider: string | undefined): boolean {
  if (provider === undefined || entryProvider === undefined || resellers.has(provider)) return true
  const family = providerFamily(provider)
  const entryFamily = providerFamily(entryProvider)
  // Azure's model catalogue serves OpenAI's models at OpenAI's prices.
  return (
    family === entryFamily || (family === 'azure_ai' && (entryFamily === 'azure' || entryFamily === 'openai'))
  )
}
