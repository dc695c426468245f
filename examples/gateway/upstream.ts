import type { JsonObject, ResolvedDeployment } from 'express-model-management'

/** The paths under `/v1` that are forwarded, each to the same path of the deployment's provider. */
export const forwardedPaths = ['chat/completions', 'completions', 'embeddings'] as const
export type ForwardedPath = (typeof forwardedPaths)[number]

export interface UpstreamCall {
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** A deployment that nobody can call as it is written. Its message holds no value of it. */
export class UnusableDeployment extends Error {}

/** What of `litellm_params` stands in for what the caller leaves out of the body. */
const defaults = [
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'user',
  'reasoning_effort',
  'response_format',
  'dimensions',
  'encoding_format',
]

/** Known without an `api_base`. Keys of other providers are never sent there. */
const openai = { base: 'https://api.openai.com/v1', providers: ['openai', 'text-completion-openai'] }

/** The call by which this deployment answers `body`. Throws `UnusableDeployment`. */
export function upstreamCall(
  { litellm_params: params }: ResolvedDeployment,
  path: ForwardedPath,
  body: JsonObject,
): UpstreamCall {
  const { provider, model } = namesOf(params)
  const given = defaults.filter((name) => params[name] !== undefined).map((name) => [name, params[name]])
  const sent = { ...Object.fromEntries(given), ...objectIn(params['extra_body']), ...body, model }
  return {
    url: urlOf(params['api_base'], provider, path),
    headers: headersOf(params),
    body: JSON.stringify(sent),
  }
}

/** `openai/gpt-4o` is the model `gpt-4o` of the provider `openai`; without a prefix it is one of OpenAI's. */
function namesOf(params: ResolvedDeployment['litellm_params']): { provider: string; model: string } {
  const { model, custom_llm_provider: named } = params
  const slash = model.indexOf('/')
  const provider = typeof named === 'string' ? named : slash < 0 ? 'openai' : model.slice(0, slash)
  return { provider, model: model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model }
}

/** An `api_base` that names only a host means the OpenAI-compatible API there: `/v1`, or Azure's `/openai/v1`. */
function urlOf(base: unknown, provider: string, path: ForwardedPath): string {
  if (base === undefined && openai.providers.includes(provider)) return `${openai.base}/${path}`
  if (base === undefined)
    throw new UnusableDeployment(`litellm_params.api_base is missing, and ${provider} has no known one`)
  if (typeof base !== 'string' || !/^https?:/.test(base) || !URL.canParse(base))
    throw new UnusableDeployment('litellm_params.api_base is not a URL such as https://host/v1')
  const { origin, pathname, search } = new URL(base)
  const folder = pathname.replace(/\/+$/, '') || (provider === 'azure' ? '/openai/v1' : '/v1')
  return `${origin}${folder}/${path}${search}`
}

function headersOf({ api_key: key, organization, extra_headers: extra }: JsonObject): Headers {
  const headers = Object.entries({
    'Content-Type': 'application/json',
    ...(typeof key === 'string' && key !== '' ? { Authorization: `Bearer ${key}` } : {}),
    ...(typeof organization === 'string' ? { 'OpenAI-Organization': organization } : {}),
  })
  try {
    const made = new Headers(headers)
    for (const [name, value] of Object.entries(objectIn(extra)))
      if (typeof value === 'string') made.set(name, value)
    return made
  } catch {
    // The error's own message quotes the value, which may be the key.
    throw new UnusableDeployment('api_key, organization or extra_headers hold what no HTTP header can')
  }
}

function objectIn(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
