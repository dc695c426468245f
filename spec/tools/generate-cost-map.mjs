/**
 * Writes lib/model-info/bundled-cost-map.json and its .meta.json from three development dependencies.
 *
 *     node spec/tools/generate-cost-map.mjs 2026-09-23
 *
 * The date says which day's prices are meant. Without it the date of the last run is kept, so that a rerun with the
 * same packages writes the same bytes. A second argument is the folder to write to.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitForUpdate } from '@pydantic/genai-prices'

const inRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const json = (path) => JSON.parse(readFileSync(inRoot(path), 'utf8'))

const [date = json('lib/model-info/bundled-cost-map.meta.json').date, folder = inRoot('lib/model-info')] =
  process.argv.slice(2)
if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new Error('Give the date as YYYY-MM-DD.')

/** npm name of a source → its path; `pi-ai` does not export its data file, so all are read by path. */
const sources = ['@themaximalist/llm.js', '@mariozechner/pi-ai', '@pydantic/genai-prices']
const [base, limits, prices] = sources
const version = (name) => json(`node_modules/${name}/package.json`).version
const origin = (name) => `npm:${name}@${version(name)}`

/** pi-ai's provider → where LiteLLM keeps such a model. Subscriptions and resellers without own prices are left out. */
const piProviders = {
  openai: { prefix: '', provider: 'openai' },
  anthropic: { prefix: '', provider: 'anthropic' },
  'azure-openai-responses': { prefix: 'azure/', provider: 'azure' },
  google: { prefix: 'gemini/', provider: 'gemini' },
  'google-vertex': { prefix: '', provider: 'vertex_ai-language-models' },
  'amazon-bedrock': { prefix: '', provider: 'bedrock_converse' },
  mistral: { prefix: 'mistral/', provider: 'mistral' },
  deepseek: { prefix: 'deepseek/', provider: 'deepseek' },
  xai: { prefix: 'xai/', provider: 'xai' },
  groq: { prefix: 'groq/', provider: 'groq' },
  cerebras: { prefix: 'cerebras/', provider: 'cerebras' },
  fireworks: { prefix: 'fireworks_ai/', provider: 'fireworks_ai' },
  moonshotai: { prefix: 'moonshot/', provider: 'moonshot' },
  minimax: { prefix: 'minimax/', provider: 'minimax' },
  'cloudflare-workers-ai': { prefix: 'cloudflare/', provider: 'cloudflare' },
  openrouter: { prefix: 'openrouter/', provider: 'openrouter' },
}

/** The same for genai-prices. `only`: the ids that this provider serves under its own name. */
const genaiProviders = {
  openai: { prefix: '', provider: 'openai' },
  anthropic: { prefix: '', provider: 'anthropic' },
  google: { prefix: 'gemini/', provider: 'gemini', only: /^(gemini|gemma)-/ },
  aws: { prefix: '', provider: 'bedrock_converse', only: /^(?!regional\.)/ },
  mistral: { prefix: 'mistral/', provider: 'mistral' },
  deepseek: { prefix: 'deepseek/', provider: 'deepseek' },
  'x-ai': { prefix: 'xai/', provider: 'xai' },
  groq: { prefix: 'groq/', provider: 'groq' },
  cohere: { prefix: '', provider: 'cohere_chat' },
  cerebras: { prefix: 'cerebras/', provider: 'cerebras' },
  perplexity: { prefix: 'perplexity/', provider: 'perplexity' },
  together: { prefix: 'together_ai/', provider: 'together_ai' },
  fireworks: { prefix: 'fireworks_ai/accounts/fireworks/models/', provider: 'fireworks_ai' },
  moonshotai: { prefix: 'moonshot/', provider: 'moonshot' },
  zai: { prefix: 'zai/', provider: 'zai' },
  minimax: { prefix: 'minimax/', provider: 'minimax' },
  voyageai: { prefix: 'voyage/', provider: 'voyage' },
}

/** Where the base is known to be out of date, genai-prices' token prices replace its own. Key → [provider, id] there. */
const corrections = {
  'gpt-3.5-turbo': ['openai', 'gpt-3.5-turbo'],
  'o1-mini-2024-09-12': ['openai', 'o1-mini'],
  'azure/o3-2025-04-16': ['azure', 'o3-2025-04-16'],
  'claude-3-5-haiku-latest': ['anthropic', 'claude-3-5-haiku-latest'],
  'command-r7b-12-2024': ['cohere', 'command-r7b'],
  'gemini/gemini-1.5-pro': ['google', 'gemini-1.5-pro'],
  'mistral/codestral-latest': ['mistral', 'codestral'],
  'mistral/mistral-medium-latest': ['mistral', 'mistral-medium-latest'],
  'mistral/open-mistral-nemo': ['mistral', 'mistral-nemo'],
}

/** genai-prices' unit → LiteLLM's field; all are a million tokens. */
const priceFields = [
  ['input_mtok', 'input_cost_per_token'],
  ['output_mtok', 'output_cost_per_token'],
  ['cache_write_mtok', 'cache_creation_input_token_cost'],
  ['cache_write_1h_mtok', 'cache_creation_input_token_cost_above_1hr'],
  ['cache_read_mtok', 'cache_read_input_token_cost'],
  ['input_audio_mtok', 'input_cost_per_audio_token'],
  ['output_audio_mtok', 'output_cost_per_audio_token'],
  ['input_image_mtok', 'input_cost_per_image_token'],
  ['output_image_mtok', 'output_cost_per_image_token'],
  ['output_reasoning_mtok', 'output_cost_per_reasoning_token'],
]
const tierNames = { 128: 'above_128k_tokens', 200: 'above_200k_tokens', 272: 'above_272k_tokens' }
const tieredFields = new Set(['input_mtok', 'output_mtok', 'cache_write_mtok', 'cache_read_mtok'])

// Rounded, or 0.57 / 1e6 becomes 5.699999999999999e-7.
const perToken = (perMillion) => Number((perMillion / 1e6).toPrecision(10))

function modeOf(id, provider) {
  if (/embed|^voyage|\/bge-|\/gte-|\/e5-/i.test(id)) return 'embedding'
  if (/rerank/i.test(id)) return 'rerank'
  if (/tts/i.test(id)) return 'audio_speech'
  if (/transcribe|whisper/i.test(id)) return 'audio_transcription'
  if (/image|realtime|-live|omni-flash|moderation|flux|ocr|sora|veo/i.test(id)) return undefined
  if (/^(openai|azure)$/.test(provider) && /-codex|-pro$|deep-research|computer-use/.test(id))
    return 'responses'
  return 'chat'
}

/** LiteLLM counts the input alone, where the window of OpenAI's gpt-5 family holds 128,000 of output too. */
function inputLimit(id, window) {
  return /(^|\/)gpt-5/.test(id) && window === 400_000 ? 272_000 : window
}

function fromPi(model, provider) {
  const { cost } = model
  // Nought for both means "not known" or "by subscription", except where the name says that it is free.
  const priced = cost.input > 0 || cost.output > 0 || model.id.endsWith(':free')
  return {
    max_tokens: model.maxTokens,
    max_input_tokens: inputLimit(model.id, model.contextWindow),
    max_output_tokens: model.maxTokens,
    ...(priced && {
      input_cost_per_token: perToken(cost.input),
      output_cost_per_token: perToken(cost.output),
      ...(cost.cacheRead > 0 && { cache_read_input_token_cost: perToken(cost.cacheRead) }),
      ...(cost.cacheWrite > 0 && { cache_creation_input_token_cost: perToken(cost.cacheWrite) }),
    }),
    litellm_provider: provider,
    mode: modeOf(model.id, provider),
    // pi-ai lists only models that can call functions.
    supports_function_calling: true,
    ...(model.reasoning && { supports_reasoning: true }),
    ...(model.input.includes('image') && { supports_vision: true }),
    source: origin(limits),
  }
}

/** The prices in force on the date; those of certain hours of the day are left out. */
function pricesOn(conditional) {
  if (!Array.isArray(conditional)) return conditional
  const lasting = conditional.filter(({ constraint }) => constraint?.type !== 'time_of_date')
  return lasting.findLast(({ constraint }) => !constraint || constraint.start_date <= date)?.prices ?? {}
}

function priceEntries(model) {
  const known = pricesOn(model.prices)
  const entries = []
  for (const [unit, field] of priceFields) {
    const price = known[unit]
    if (price === undefined) continue
    entries.push([field, perToken(price.base ?? price)])
    for (const tier of tieredFields.has(unit) ? (price.tiers ?? []) : []) {
      const name = tierNames[Math.ceil(tier.start / 1000)]
      if (name) entries.push([`${field}_${name}`, perToken(tier.price)])
    }
  }
  return Object.fromEntries(entries)
}

function fromGenai(model, provider, aliases) {
  const isCompletion = provider === 'openai' && /^(text-)?(ada|babbage|curie|davinci)\b/.test(model.id)
  return {
    ...(model.context_window && { max_input_tokens: inputLimit(model.id, model.context_window) }),
    ...priceEntries(model),
    ...(isCompletion
      ? { litellm_provider: 'text-completion-openai', mode: 'completion' }
      : { litellm_provider: provider, mode: modeOf(model.id, provider) }),
    source: origin(prices),
    ...(aliases.length > 0 && { aliases }),
  }
}

/** The further exact names that genai-prices gives the model. */
function exactNames(match) {
  if (match.equals !== undefined) return [match.equals]
  return (match.or ?? []).flatMap(exactNames)
}

const { MODELS } = await import(
  new URL(`../../node_modules/${limits}/dist/models.generated.js`, import.meta.url)
)
const genai = await waitForUpdate()
const map = json(`node_modules/${base}/dist/data/model_prices_and_context_window.json`)
delete map.sample_spec
const counts = { [base]: Object.keys(map).length, [limits]: 0, [prices]: 0 }
const taken = new Set(Object.keys(map).map((key) => key.toLowerCase()))

function add(name, key, entry) {
  if (taken.has(key.toLowerCase())) return
  taken.add(key.toLowerCase())
  map[key] = entry
  counts[name] += 1
}

for (const [key, [provider, id]] of Object.entries(corrections)) {
  const model = genai.find((one) => one.id === provider).models.find((one) => one.id === id)
  const { input_cost_per_token, output_cost_per_token } = priceEntries(model)
  Object.assign(map[key], { input_cost_per_token, output_cost_per_token })
}

for (const [from, { prefix, provider }] of Object.entries(piProviders)) {
  for (const model of Object.values(MODELS[from])) {
    // A few ids of groq carry the provider already.
    const id = model.id.startsWith(prefix) ? model.id.slice(prefix.length) : model.id
    add(limits, prefix + id, fromPi(model, provider))
  }
}

for (const [from, { prefix, provider, only }] of Object.entries(genaiProviders)) {
  for (const model of genai.find((one) => one.id === from).models) {
    const isPattern = model.id.endsWith('-')
    if (isPattern || model.deprecated || (only && !only.test(model.id))) continue
    const key = prefix + model.id
    const aliases = [...new Set(exactNames(model.match).map((name) => prefix + name))].filter(
      (name) => name !== key && !taken.has(name.toLowerCase()),
    )
    add(prices, key, fromGenai(model, provider, aliases))
  }
}

const lines = Object.entries(map).map(([key, entry]) => `${JSON.stringify(key)}:${JSON.stringify(entry)}`)
writeFileSync(join(folder, 'bundled-cost-map.json'), `{\n${lines.join(',\n')}\n}\n`)
const meta = {
  date,
  models: lines.length,
  sources: sources.map((name) => ({ name, version: version(name), models: counts[name] })),
}
writeFileSync(join(folder, 'bundled-cost-map.meta.json'), `${JSON.stringify(meta, null, 2)}\n`)
