import { providerFamily } from './providers'

const words = (text: string): readonly string[] => Object.freeze(text.trim().split(/\s+/))

const openai =
  words(`frequency_penalty logit_bias logprobs top_logprobs max_tokens max_completion_tokens modalities
  prediction n presence_penalty seed stop stream stream_options temperature top_p tools tool_choice function_call
  functions max_retries extra_headers parallel_tool_calls audio web_search_options response_format user`)
const anthropic = words(`stream stop temperature top_p max_tokens max_completion_tokens tools tool_choice
  extra_headers parallel_tool_calls response_format user`)
const google = words(`temperature top_p max_tokens max_completion_tokens stream tools functions tool_choice
  response_format n stop frequency_penalty presence_penalty extra_headers seed logprobs top_logprobs modalities
  parallel_tool_calls`)
const compatible =
  words(`frequency_penalty logit_bias logprobs top_logprobs max_tokens max_completion_tokens n
  presence_penalty seed stop stream stream_options temperature top_p tools tool_choice function_call functions
  max_retries extra_headers parallel_tool_calls response_format user`)

/** What a chat call of each provider family takes, in OpenAI's words. */
const chat: ReadonlyMap<string, readonly string[]> = new Map([
  ['openai', openai],
  ['azure', openai],
  ['azure_ai', openai],
  ['anthropic', anthropic],
  ['vertex_ai', google],
  ['gemini', google],
  [
    'bedrock',
    words(
      'max_tokens max_completion_tokens stream stream_options stop temperature top_p extra_headers response_format tools tool_choice',
    ),
  ],
  [
    'cohere',
    words(
      'stream temperature max_tokens max_completion_tokens top_p frequency_penalty presence_penalty stop n tools tool_choice seed extra_headers',
    ),
  ],
  [
    'mistral',
    words(
      'stream temperature top_p max_tokens max_completion_tokens tools tool_choice seed stop response_format parallel_tool_calls',
    ),
  ],
  [
    'groq',
    words(
      'stream temperature top_p max_tokens max_completion_tokens n stop seed tools tool_choice response_format logprobs top_logprobs frequency_penalty presence_penalty user',
    ),
  ],
  [
    'perplexity',
    words(
      'frequency_penalty max_tokens max_completion_tokens presence_penalty response_format stream temperature top_p max_retries extra_headers web_search_options',
    ),
  ],
  [
    'ollama',
    words(
      'max_tokens max_completion_tokens stream top_p temperature seed frequency_penalty stop tools tool_choice functions response_format',
    ),
  ],
  [
    'replicate',
    words(
      'stream temperature max_tokens max_completion_tokens top_p stop seed tools tool_choice functions function_call',
    ),
  ],
  ['cloudflare', words('stream max_tokens max_completion_tokens')],
  ['sagemaker', words('stream temperature max_tokens max_completion_tokens top_p stop n')],
  [
    'watsonx',
    words(
      'temperature max_tokens max_completion_tokens top_p frequency_penalty presence_penalty stop stream seed n logprobs top_logprobs response_format tools tool_choice',
    ),
  ],
  [
    'databricks',
    words(
      'stream stop temperature top_p max_tokens max_completion_tokens n response_format tools tool_choice',
    ),
  ],
  ...`ai21 anyscale baseten cerebras codestral dashscope deepinfra deepseek featherless_ai fireworks_ai friendliai github
  github_copilot hosted_vllm huggingface hyperbolic lambda_ai litellm_proxy lm_studio meta_llama minimax moonshot nebius
  novita nscale nvidia_nim openrouter sambanova snowflake together_ai vercel_ai_gateway vllm volcengine xai zai`
    .split(/\s+/)
    .map((name): [string, readonly string[]] => [name, compatible]),
])

const completion = words(`frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream
  stream_options suffix temperature top_p user`)
const responses =
  words(`max_output_tokens instructions parallel_tool_calls reasoning response_format store stream
  temperature text tool_choice tools top_p truncation user`)

/** Calls other than chat take the same whatever the provider. A mode that is not listed has no answer. */
const modes: ReadonlyMap<string, readonly string[]> = new Map([
  ['completion', completion],
  ['responses', responses],
  ['embedding', words('dimensions encoding_format user timeout')],
  ['image_generation', words('n quality response_format size style user')],
  ['audio_transcription', words('language prompt response_format temperature timestamp_granularities')],
  ['audio_speech', words('voice response_format speed instructions')],
])

/** The OpenAI parameters that a model takes: `null` when the provider or the kind of call is not known. Never changed by a caller. */
export function supportedOpenaiParams(provider: string | undefined, mode: unknown): readonly string[] | null {
  const ofChat = provider === undefined ? undefined : chat.get(providerFamily(provider))
  if (ofChat === undefined) return null
  if (mode === undefined || mode === null || mode === 'chat') return ofChat
  return (typeof mode === 'string' && modes.get(mode)) || null
}
