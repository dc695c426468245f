import { MASK, redactExtras, redactModelInfo, redactParams } from '../../lib/model-info/redact'

/** Hosts, models and places whose names begin like a key, or hold a word for a secret. */
const readable: readonly [string, string][] = [
  ['api_base', 'http://pplx-embed-v1-06b-jetson:8000/v1'],
  ['api_base', 'http://sk-embed-server-v1:8000/v1'],
  ['api_base', 'https://sk-large-instruct-2024.internal.example/v1'],
  ['api_base', 'https://models.example/xai-grok-service-v2/v1'],
  ['api_base', 'https://models.example/deployments/sk-learn-embeddings-v2?api-version=2024-02-01'],
  ['api_base', 'http://token-server:8000/v1'],
  ['api_base', 'http://secret-server:8000/v1'],
  ['api_base', 'https://nvapi-gateway-production.example'],
  ['api_base', 'https://bedrock-runtime.us-east-1.amazonaws.com'],
  ['host', 'sk-embed-server-v1'],
  ['host', 'vault-secrets-proxy:8200'],
  ['host', 'password-service:8080'],
  ['hostname', 'pplx-embed-v1-06b-jetson:8000'],
  ['model', 'openai/perplexity-ai/pplx-embed-context-v1-0.6b'],
  ['model', 'perplexity/pplx-embed-context-v1'],
  ['model', 'huggingface/hf_internal_testing/tiny-random-llama'],
  ['model', 'hf_hub_models/some-model-with-a-long-name'],
  ['model', 'sk-learn-embeddings-v2'],
  ['model', 'openai/sk-large-instruct-v2'],
  ['model', 'ollama/secret-model:7b'],
  ['model', 'ollama/password-checker:latest'],
  ['model', 'jina_embeddings_v3/jina-embeddings-v3'],
  ['model', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0'],
  ['base_model', 'xai-grok-4-fast-reasoning-preview'],
  ['note', 'openai/tvly-search-large-v2'],
  ['note', 'sk-embed-server-v1:8000'],
  ['vertex_count_tokens_location', 'us-east5'],
  ['vertex_location', 'us-east5'],
  ['max_input_tokens', '128k'],
]

it.each(readable)('%s: %s stays readable', (name, value) => {
  expect(redactParams({ [name]: value, deep: [{ [name]: value }] })).toEqual({
    [name]: value,
    deep: [{ [name]: value }],
  })
  expect(redactModelInfo({ [name]: value })).toEqual({ [name]: value })
})

const body = 'Ab3dE5gH1jK9mN2pQ4sT'

/** [what it is, under which name, the value, what is shown] */
const keys: readonly [string, string, string, string][] = [
  ['a whole value', 'note', `pplx-${body}`, MASK],
  ['a whole value of letters', 'note', 'gsk_abcdefghijklmnopqrst', MASK],
  ['a whole value of a few digits', 'note', 'sk-1234', MASK],
  ['a word of a sentence', 'note', `please use hf_${body}.`, MASK],
  ['a word in quotes', 'note', `"xai-${body}"`, MASK],
  ['a header value', 'note', `Bearer sk-${body}`, MASK],
  ['a model', 'model', `sk-${body}`, MASK],
  ['a part of a model', 'model', `openai/sk-proj-${body}`, MASK],
  ['a segment of a path', 'api_base', `https://host.example/sk-${body}/v1`, MASK],
  ['a segment of a path in a sentence', 'note', `see https://host.example/hf_${body} there`, MASK],
  [
    'a query parameter',
    'api_base',
    `https://host.example/v1?a=1&b=sk-abcdefghijkl`,
    'https://host.example/v1?a=1',
  ],
  [
    'a query parameter that is encoded',
    'api_base',
    `https://h.example/?b=%73k-abcdefghijkl`,
    'https://h.example/',
  ],
  ['an assignment', 'note', `key=nvapi-${body}`, MASK],
  ['a name and a value', 'note', 'db-password:hunter22', MASK],
  ['a name and a number', 'note', 'db-password:12345', MASK],
]

it.each(keys)('a key is masked as %s', (_what, name, value, shown) => {
  expect(redactExtras({ [name]: value })).toEqual({ [name]: shown })
})
