import { providerFamily } from './providers'

/**
 * The names under which the cost map may have a model, the most exact first, so that a region's own price is found before that of
 * its base model. The order is LiteLLM's.
 */
export function candidateNames(model: string, provider: string | undefined): ReadonlySet<string> {
  if (provider === undefined) return new Set([model, strippedName(model, provider)])
  const prefix = `${provider}/`
  const bare = model.toLowerCase().startsWith(prefix) ? model.slice(prefix.length) : model
  const family = providerFamily(provider)
  const routed = family === 'bedrock' ? withoutBedrockRoute(bare) : bare
  const stripped = strippedName(bare, provider)
  const vertex = family === 'vertex_ai' ? [`${prefix}meta/${bare}`, `${prefix}${bare}@latest`] : []
  return new Set([
    prefix + bare,
    model,
    ...vertex,
    routed,
    bare,
    prefix + stripped,
    stripped,
    // Some providers' own ids begin with the provider's name.
    prefix + prefix + bare,
  ])
}

/** What an entry for the same model may be called when the map lacks the exact name; the name itself when nothing applies. */
function strippedName(model: string, provider: string | undefined): string {
  const family = provider === undefined ? undefined : providerFamily(provider)
  if (family === 'bedrock') return bedrockBaseModel(model)
  if (family === 'vertex_ai' || family === 'gemini' || family === 'databricks')
    return model.replace(/(?:@latest|-\d{3})$/, '')
  if (model.includes('ft:')) return withoutFineTune(model)
  return model.replace(/-\d{4}-\d{2}-\d{2}$/, '')
}

/** `ft:gpt-4o:my-org:suffix:id` → `ft:gpt-4o`. */
function withoutFineTune(model: string): string {
  const parts = model.split(':')
  return parts.length > 3 ? parts.slice(0, -3).join(':') : model
}

const bedrockRoutes = [
  'chat_completions/',
  'converse/',
  'converse_like/',
  'invoke/',
  'agentcore/',
  'openai/',
  'mantle/',
]

/** The route comes before the region: `converse/us-east-1/anthropic.claude-v2`. An ARN ends in the model. */
function withoutBedrockRoute(model: string): string {
  const route = bedrockRoutes.find((one) => model.startsWith(one))
  const routed = route === undefined ? model : model.slice(route.length)
  const regionless = routed.replace(/^[a-z]{2}(?:-[a-z]+){1,3}-\d\//, '')
  return regionless.startsWith('arn:') ? regionless.slice(regionless.lastIndexOf('/') + 1) : routed
}

/** `us.anthropic.claude-v2:1:18k` → `anthropic.claude-v2:1`. */
function bedrockBaseModel(model: string): string {
  return withoutBedrockRoute(model)
    .replace(/(:\d+):\d+k$/, '$1')
    .replace(/\[\w+\]$/, '')
    .replace(/^[a-z]{2}(?:-[a-z]+){1,3}-\d\//, '')
    .replace(/^(?:us|eu|apac|global|us-gov|jp|au|ca|sa|me|af|in)\./, '')
}
