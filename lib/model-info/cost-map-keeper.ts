import { within } from '../adapters/within'
import { ModelManagementError } from '../errors'
import type { JsonObject } from '../json'
import type { Logger } from '../logger'
import { costMap as createCostMap } from './cost-map'
import type { CostMap } from './cost-map'
import { laidOver, readBundle, wholeMap, withModels } from './cost-map-bundle'
import type { Bundle } from './cost-map-bundle'
import { costMapOrigin, fetchCostMap, ownCostMap, publicUrl, readCostMap } from './cost-map-source'
import type { CostMapSource, Fetched } from './cost-map-source'
import { supportedOpenaiParams } from './openai-params'
import type { SupportedOpenaiParams } from './openai-params'

export interface CostMapKeeperOptions {
  /**
   * Where prices and limits come from, laid over the bundled map: the path or file URL of a JSON file, an http(s) URL, an object,
   * or a function. An object's fields are laid over the bundled entry; the entries of the others replace it.
   *
   * @default the bundled map, or `LITELLM_MODEL_COST_MAP_URL` when it is set
   */
  readonly costMap?: CostMapSource | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  /** The most that a URL may send. @default 33554432 */
  readonly maxBytes?: number | undefined
  /** How long one request may take. @default 5000 */
  readonly timeoutMs?: number | undefined
  /** How long a function may take, in milliseconds. @default 60000 */
  readonly loadMs?: number | undefined
  /** The unit of the growing wait between the tries of the first load. @default 1000 */
  readonly retryMs?: number | undefined
  /** How long after a failed first load it is tried again, until it succeeds, in milliseconds. @default 300000 */
  readonly retryLaterMs?: number | undefined
}

/** What `GET /model/cost_map/source` answers, in LiteLLM's words. */
export interface CostMapStatus {
  /** `remote` once a URL or function has answered. */
  readonly source: 'local' | 'remote'
  /** Without credentials and query. */
  readonly url: string | null
  /** `LITELLM_LOCAL_MODEL_COST_MAP` forbids the network. */
  readonly is_env_forced: boolean
  /** Why the map that was asked for is not the one in use, or could not be refreshed. */
  readonly fallback_reason: string | null
  readonly loaded_at: string
  /** The same for the same content, on every instance; `null` for what is not fetched. */
  readonly source_revision: string | null
  readonly model_count: number
  /** The day whose prices the bundle holds. */
  readonly bundled_at: string | null
}

export interface CostMapKeeper {
  /** The map in use: there at once, never absent, never changed in place. */
  current(): CostMap
  /**
   * Reads the source again and resolves with the map then in use; calls during a load share it. Rejects with `upstream_failed` or
   * `invalid_cost_map` when the source fails; the last good map stays.
   */
  reload(): Promise<CostMap>
  status(): CostMapStatus
  /** Called after another map is in use; returns what ends it. */
  onChange(listener: () => void): () => void
  /** Ends a load that is under way. The map stays readable. */
  close(): void
}

/**
 * Holds the cost map. Starts with the bundle, an object or a file at once (a bad file throws `invalid_cost_map`); a URL or function
 * is asked in the background, up to three times. Without either nothing is ever fetched.
 */
export function costMapKeeper(options: CostMapKeeperOptions): CostMapKeeper {
  const {
    env,
    logger,
    maxBytes = 32 * 1024 * 1024,
    timeoutMs = 5000,
    loadMs = 60_000,
    retryMs = 1000,
    retryLaterMs = 300_000,
  } = options
  const isForced = env.LITELLM_LOCAL_MODEL_COST_MAP?.trim().toLowerCase() === 'true'
  const origin = costMapOrigin(options.costMap, env.LITELLM_MODEL_COST_MAP_URL, isForced)
  const address = origin.kind === 'url' ? publicUrl(origin.url) : null
  const floor = {
    models: numberOf(env.MODEL_COST_MAP_MIN_MODEL_COUNT, 50),
    share: numberOf(env.MODEL_COST_MAP_MAX_SHRINK_RATIO, 0.5),
  }
  const closing = new AbortController()
  const listeners = new Set<() => void>()
  const remote =
    origin.kind === 'url'
      ? () => fetched(origin.url)
      : origin.kind === 'function'
        ? () => called(origin.load, loadMs)
        : undefined

  let bundle: Bundle | undefined
  let openaiParams: SupportedOpenaiParams | undefined
  let map: CostMap | undefined
  let loading: Promise<CostMap> | undefined
  let facts = { source: 'local' as 'local' | 'remote', revision: null as string | null, loadedAt: now() }
  let fallbackReason: string | null = null

  function bundled(): Bundle {
    bundle ??= readBundle(logger)
    return bundle
  }

  function mapOf(entries: JsonObject): CostMap {
    openaiParams ??= supportedOpenaiParams(bundled().openaiParams)
    return createCostMap(entries, openaiParams)
  }

  function local(): CostMap {
    const { entries } = bundled()
    if (origin.kind === 'file')
      return mapOf({ ...entries, ...withModels(readCostMap(origin.path), origin.path) })
    return mapOf(origin.kind === 'object' ? laidOver(entries, origin.entries) : entries)
  }

  function use(next: () => CostMap, revision: string | null): CostMap {
    // The same content again: every row would come out as it is.
    const isSame = map !== undefined && revision !== null && revision === facts.revision
    const inUse = isSame && map ? map : next()
    facts = { source: remote ? 'remote' : 'local', revision, loadedAt: now() }
    fallbackReason = null
    if (inUse === map) return inUse
    map = inUse
    for (const listener of listeners) listener()
    return inUse
  }

  function current(): CostMap {
    map ??= origin.kind === 'file' || origin.kind === 'object' ? local() : mapOf(bundled().entries)
    return map
  }

  async function fetched(url: URL): Promise<Fetched> {
    const answer = await fetchCostMap(url, { maxBytes, timeoutMs, signal: closing.signal })
    return answer.ok ? wholeMap(answer, bundled().entries, floor) : answer
  }

  async function load(tries: number): Promise<CostMap> {
    if (!remote) return use(local, null)
    for (let attempt = 1; ; attempt += 1) {
      const answer = await remote()
      if (closing.signal.aborted) throw closed()
      if (answer.ok) return use(() => mapOf({ ...bundled().entries, ...answer.entries }), answer.revision)
      if (!answer.canRetry || attempt >= tries) throw answer.error
      // Jitter, or all instances that started together come back together.
      await pause(answer.retryAfterMs ?? (2 ** attempt + Math.random()) * retryMs, closing.signal)
      if (closing.signal.aborted) throw closed()
    }
  }

  function start(tries: number): Promise<CostMap> {
    if (closing.signal.aborted) return Promise.reject(closed())
    loading ??= load(tries)
      .catch((error: unknown) => {
        fallbackReason = error instanceof Error ? error.message : 'The cost map could not be loaded.'
        throw error
      })
      .finally(() => {
        loading = undefined
      })
    return loading
  }

  if (origin.kind === 'file' || origin.kind === 'object') current()
  if (remote) void loadFirst()

  /** Tries until a map was loaded, by whichever load; says so once. */
  async function loadFirst(): Promise<void> {
    for (let isFirst = true; facts.source === 'local'; isFirst = false) {
      if (!isFirst) await pause(retryLaterMs, closing.signal)
      if (closing.signal.aborted) return
      try {
        await start(isFirst ? 3 : 1)
      } catch (error) {
        if (!isFirst || closing.signal.aborted) continue
        const reason = error instanceof Error ? error.message : String(error)
        logger.warn(
          { reason, url: address, retryMs: retryLaterMs },
          'the cost map was not loaded; the bundled one is used until it is',
        )
      }
    }
  }

  return {
    current,
    reload: () => start(1),
    status: () => ({
      source: facts.source,
      url: address,
      is_env_forced: isForced,
      fallback_reason: fallbackReason ?? bundled().problem,
      loaded_at: facts.loadedAt,
      source_revision: facts.revision,
      model_count: current().size,
      bundled_at: bundled().date,
    }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closing.abort()
      listeners.clear()
    },
  }
}

async function called(load: () => Promise<JsonObject>, ms: number): Promise<Fetched> {
  let given: JsonObject
  try {
    given = await within(ms, Promise.resolve(load()), 'The function costMap')
  } catch (cause) {
    // Whatever it throws, an error of this package too, is a failure of the function.
    const error = new ModelManagementError('upstream_failed', 'The function costMap failed.', { cause })
    return { ok: false, error, canRetry: true }
  }
  try {
    return { ok: true, entries: ownCostMap(given, 'of the function costMap'), revision: null }
  } catch (error) {
    if (error instanceof ModelManagementError) return { ok: false, error, canRetry: false }
    throw error
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms)
    timer.unref()
    signal.addEventListener('abort', end)
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}

function numberOf(text: string | undefined, otherwise: number): number {
  const value = Number(text)
  return text?.trim() && Number.isFinite(value) ? value : otherwise
}

function now(): string {
  return new Date().toISOString()
}

function closed(): ModelManagementError {
  return new ModelManagementError('closed', 'The cost map is closed.')
}
