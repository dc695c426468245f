/** Provider names that LiteLLM understands as the part of a model before the first slash. */
const names = new Set(
  `ai21 ai21_chat aiohttp_openai aleph_alpha anthropic anthropic_text anyscale assemblyai azure azure_ai azure_text
  baseten bedrock bedrock_converse cerebras clarifai cloudflare codestral cohere cohere_chat custom custom_openai
  dashscope databricks datarobot deepgram deepinfra deepseek docker_model_runner elevenlabs empower featherless_ai
  fireworks_ai friendliai galadriel gemini github github_copilot gradient_ai groq heroku hosted_vllm huggingface
  hyperbolic infinity jina_ai lambda_ai litellm_proxy llamafile lm_studio maritalk meta_llama minimax mistral moonshot
  morph nebius nlp_cloud novita nscale nvidia_nim oci ollama ollama_chat oobabooga openai openai_like openrouter
  ovhcloud palm perplexity petals predibase recraft replicate sagemaker sagemaker_chat sambanova snowflake
  text-completion-codestral text-completion-openai together_ai topaz triton v0 vercel_ai_gateway vertex_ai
  vertex_ai_beta vllm volcengine voyage wandb watsonx watsonx_text xai xinference zai`.split(/\s+/),
)

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

/** `vertex_ai-language-models` is of the family `vertex_ai`. */
export function providerFamily(provider: string): string {
  return (
    prefixFamilies.find((family) => provider.startsWith(family)) ?? namedFamilies.get(provider) ?? provider
  )
}

/** `openai/gpt-4` → `openai`; nothing when the part before the slash is an organisation and not a provider. */
export function providerPrefix(model: string): string | undefined {
  const slash = model.indexOf('/')
  const head = slash > 0 ? model.slice(0, slash).toLowerCase() : ''
  return names.has(head) ? head : undefined
}

/** Whether the map's entry of `entryProvider` may describe a deployment of `provider`. Unknown conflicts with nothing. */
export function providersAgree(provider: string | undefined, entryProvider: string | undefined): boolean {
  if (provider === undefined || entryProvider === undefined || provider === 'litellm_proxy') return true
  const family = providerFamily(provider)
  const entryFamily = providerFamily(entryProvider)
  // Azure's model catalogue serves OpenAI's models at OpenAI's prices.
  return (
    family === entryFamily || (family === 'azure_ai' && (entryFamily === 'azure' || entryFamily === 'openai'))
  )
}

/** What an entry for the same model may be called when the map lacks the exact name; the name itself when nothing applies. */
export function strippedModel(model: string, provider: string | undefined): string {
  const family = provider === undefined ? undefined : providerFamily(provider)
  if (model.startsWith('ft:')) return model.split(':', 2).join(':')
  if (family === 'bedrock') return bedrockModel(model)
  if (family === 'vertex_ai' || family === 'gemini' || family === 'databricks') {
    return model.replace(/(@latest|-\d{3})$/, '')
  }
  return model
}

/** `converse/us-east-1/us.anthropic.claude-v2` → `anthropic.claude-v2`. */
function bedrockModel(model: string): string {
  return model
    .replace(/^(converse|converse_like|invoke|agentcore)\//, '')
    .replace(/^[a-z]{2}(-[a-z]+)+-\d\//, '')
    .replace(/^(us|eu|apac|global|us-gov|jp|au|ca|sa|me|af)\./, '')
}
