import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ModelManagementError } from '../errors'
import { isJsonObject } from '../json'
import type { JsonObject } from '../json'
import { notModels } from './cost-map'
import { isNumberName, numberIn } from './prices'

/** Where a map is taken from. */
export type CostMapSource = string | URL | JsonObject | (() => Promise<JsonObject>)

/** The option, told apart. */
export type CostMapOrigin =
  | { readonly kind: 'bundle' }
  | { readonly kind: 'object'; readonly entries: JsonObject }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'function'; readonly load: () => Promise<JsonObject> }

/** The host's option first, then LiteLLM's variable; `isLocal` (no network) leaves what needs no network. */
export function costMapOrigin(
  option: CostMapSource | undefined,
  variable: string | undefined,
  isLocal: boolean,
): CostMapOrigin {
  const origin = option === undefined ? ofVariable(variable) : ofOption(option)
  return isLocal && (origin.kind === 'url' || origin.kind === 'function') ? { kind: 'bundle' } : origin
}

function ofVariable(variable: string | undefined): CostMapOrigin {
  if (!variable) return { kind: 'bundle' }
  if (/^https?:/i.test(variable) && URL.canParse(variable)) return { kind: 'url', url: new URL(variable) }
  throw new ModelManagementError(
    'invalid_option',
    'LITELLM_MODEL_COST_MAP_URL must be an http or https URL; for a file use the option costMap.',
  )
}

function ofOption(option: CostMapSource): CostMapOrigin {
  if (typeof option === 'function') return { kind: 'function', load: option }
  if (typeof option === 'object' && !(option instanceof URL)) {
    if (!isJsonObject(option)) throw invalidOption()
    return { kind: 'object', entries: ownCostMap(option, 'given as an object') }
  }
  const text = String(option)
  if (!/^(https?|file):/i.test(text)) {
    if (typeof option === 'string' && option !== '') return { kind: 'file', path: option }
    throw invalidOption()
  }
  if (!URL.canParse(text)) throw invalidOption()
  const url = new URL(text)
  return url.protocol === 'file:' ? { kind: 'file', path: fileURLToPath(url) } : { kind: 'url', url }
}

function invalidOption(): ModelManagementError {
  return new ModelManagementError(
    'invalid_option',
    'costMap must be the path of a JSON file, an http, https or file URL, an object of models, or a function that resolves to one.',
  )
}

/** The map in a file. Throws `invalid_cost_map` with the file's path in the message. */
export function readCostMap(path: string): JsonObject {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ModelManagementError('invalid_cost_map', `The cost map ${path} cannot be read.`, { cause })
  }
  return parseCostMap(text, path)
}

/** A copy of what the host's own code made, so that a later change of it cannot reach the map. */
export function ownCostMap(value: unknown, from: string): JsonObject {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new ModelManagementError('invalid_cost_map', `The cost map ${from} cannot be written as JSON.`, {
      cause,
    })
  }
  return parseCostMap(text ?? 'null', from)
}

function parseCostMap(text: string, from: string): JsonObject {
  let value: unknown
  try {
    // Editors on Windows put a byte order mark first.
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new ModelManagementError('invalid_cost_map', `The cost map ${from} is not valid JSON.`, { cause })
  }
  if (!isJsonObject(value))
    throw new ModelManagementError(
      'invalid_cost_map',
      `The cost map ${from} must be an object of models by name.`,
    )
  const wrong = fieldWithoutNumber(value)
  if (wrong === undefined) return value
  throw new ModelManagementError('invalid_cost_map', `The cost map ${from} has no number in ${wrong}.`)
}

/** The first price or limit that is neither a number nor null, as `gpt-4.input_cost_per_token`. */
function fieldWithoutNumber(entries: JsonObject): string | undefined {
  for (const [key, entry] of Object.entries(entries)) {
    if (notModels.has(key) || !isJsonObject(entry)) continue
    for (const [name, value] of Object.entries(entry))
      if (value !== null && isNumberName(name) && numberIn(value) === undefined) return `${key}.${name}`
  }
  return undefined
}

/** For logs and status: without user, password, query and fragment, any of which may be a credential. */
export function publicUrl(url: URL): string {
  return url.origin + url.pathname
}

export interface FetchLimits {
  readonly timeoutMs: number
  readonly maxBytes: number
  /** Ends the request early. */
  readonly signal: AbortSignal
}

/** What a server sent, or why not; `retryAfterMs` is there when trying again may help. */
export type Fetched =
  | { readonly ok: true; readonly entries: JsonObject; readonly revision: string | null }
  | {
      readonly ok: false
      readonly error: ModelManagementError
      readonly canRetry: boolean
      readonly retryAfterMs?: number
    }

/**
 * One GET. Never rejects: every failure is an answer. The sentences hold no status and no address (`status()` and the log have it):
 * clients take certain numbers, which a port can hold too, for an answer about a model.
 */
export async function fetchCostMap(url: URL, { timeoutMs, maxBytes, signal }: FetchLimits): Promise<Fetched> {
  const stop = new AbortController()
  const abort = () => stop.abort()
  signal.addEventListener('abort', abort)
  // One bound for the whole exchange, since a server can also be slow in the middle of a body.
  const timer = setTimeout(abort, timeoutMs)
  timer.unref()
  try {
    const response = await fetch(...request(url, stop.signal))
    if (!response.ok) {
      await response.body?.cancel()
      return refused(response)
    }
    const body = await readBody(response, maxBytes)
    if (!body) return failed('The fetched cost map is larger than the limit of bytes.', false)
    const revision = createHash('sha256').update(body).digest('hex').slice(0, 16)
    return { ok: true, entries: parseCostMap(body.toString('utf8'), 'that was fetched'), revision }
  } catch (cause) {
    if (cause instanceof ModelManagementError) return { ok: false, error: cause, canRetry: false }
    const isLate = stop.signal.aborted && !signal.aborted
    const problem = isLate ? `did not answer within ${timeoutMs} ms` : connectionProblem(cause)
    return failed(`The cost map's server ${problem}.`, true, cause)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/** `fetch` refuses a URL with a user in it, so that goes where it would have gone: into the header. */
function request(url: URL, signal: AbortSignal): [URL, RequestInit] {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  const headers: Record<string, string> = { accept: 'application/json' }
  if (url.username || url.password) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
  }
  return [bare, { headers, signal }]
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  // A declared length may be wrong or absent, so the bytes are counted; leaving the loop ends the transfer.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Each code that Node gives a failed connection, in a sentence with what to look at. */
const connectionProblems: readonly (readonly [RegExp, string])[] = [
  [/^(?:ENOTFOUND|EAI_)/, 'has a host name that DNS does not know: check the URL and the resolver'],
  [/^ECONNREFUSED$/, 'refused the connection: check its port and whether it runs'],
  [
    /CERT|^(?:ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED|HOSTNAME_MISMATCH)/,
    'failed the TLS handshake: check its certificate, or set NODE_EXTRA_CA_CERTS',
  ],
  [/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'did not accept the connection in time'],
  [/^(?:ECONNRESET|UND_ERR_SOCKET|EPIPE)$/, 'ended the connection before the answer was complete'],
]

function connectionProblem(cause: unknown): string {
  const { cause: inner, message } = Object(cause) as { readonly cause?: unknown; readonly message?: unknown }
  const { code, message: reason } = Object(inner) as { readonly code?: unknown; readonly message?: unknown }
  if (/redirect/i.test(`${String(message)} ${String(reason)}`)) return 'redirects in a circle'
  const known = connectionProblems.find(([pattern]) => pattern.test(String(code)))
  return known?.[1] ?? 'cannot be reached'
}

/** Statuses that say what to do. Their numbers are not told: clients take some of them for an answer about a model. */
const statusProblems: ReadonlyMap<number, string> = new Map([
  [401, 'asks for credentials, or does not accept those in the URL'],
  [403, 'does not allow this gateway to read the file'],
  [404, 'has no file at this address'],
  [410, 'has no file at this address any more'],
  [429, 'limits how often the file may be read'],
])

function refused(response: Response): Fetched {
  const canRetry = response.status === 429 || response.status >= 500
  const problem =
    statusProblems.get(response.status) ??
    `refused with ${canRetry ? 'a temporary' : 'a lasting'} error status`
  const failure = failed(`The cost map's server ${problem}.`, canRetry, { status: response.status })
  const retryAfterMs = waitOf(response.headers.get('retry-after'))
  return retryAfterMs === undefined ? failure : { ...failure, retryAfterMs }
}

function failed(message: string, canRetry: boolean, cause?: unknown): Fetched & { ok: false } {
  return { ok: false, error: new ModelManagementError('upstream_failed', message, { cause }), canRetry }
}

/** `Retry-After` as seconds or as a date; at most 30 s, as LiteLLM has it. */
function waitOf(header: string | null): number | undefined {
  if (!header) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), 30_000)
}
