import { createHash } from 'node:crypto'
import { ModelManagementError } from '../errors'
import { stderrLogger } from '../logger'
import type { Logger } from '../logger'
import { loadSettled } from './load-config'
import type { Config, LoadOptions } from './load-config'
import type { FileReader } from '../yaml/read-files'
import type { ConfigRow } from './rows'
import { watchFiles } from '../yaml/watch-files'

export interface ConfigFileOptions extends LoadOptions {
  /** Milliseconds between two looks at the files; 0 looks only when `reload()` is called. @default 500 */
  readonly watchMs?: number | undefined
  /** Who hears of a file that cannot be used. @default one line on stderr */
  readonly logger?: Logger | undefined
}

/** Ids of rows, and what kept the file from being used. */
export interface ReloadResult {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  readonly error: ModelManagementError | undefined
}

/** A config file that is followed while it changes. What cannot be used never replaces what could. */
export interface ConfigFile {
  /** The last usable state; the same object until something changes. */
  current(): Config
  /** Reads now, whether or not a file changed: variables may have. Never throws. */
  reload(): ReloadResult
  /** Called after each change that is in effect. Returns the way to stop it. */
  onChange(listener: (result: ReloadResult) => void): () => void
  /** Why the file as it is now is not in use; `undefined` when it is. */
  lastError(): ModelManagementError | undefined
  /** Ends the watching. Idempotent. */
  close(): void
}

/** Loads the file, then follows it and everything it includes. Throws when it cannot be used at the start. */
export function configFile(file: string, options: ConfigFileOptions = {}): ConfigFile {
  const { logger = stderrLogger, watchMs = 500 } = options
  const listeners = new Set<(result: ReloadResult) => void>()
  const first = loadSettled(file, options)
  let config = first.config()
  let shown = appearance(config, first.reader)
  let seen = digestOf(first.reader)
  let error: ModelManagementError | undefined
  let reported = ''

  function reload(): ReloadResult {
    return take(loadSettled(file, options))
  }

  function take(loaded: { reader: FileReader; config: () => Config }): ReloadResult {
    watcher?.follow(loaded.reader.stamps)
    seen = digestOf(loaded.reader)
    const next = usable(loaded.config)
    if (next instanceof ModelManagementError) return fail(next)
    error = undefined
    reported = ''
    const result = difference(config, next)
    const appears = appearance(next, loaded.reader)
    if (appears === shown) return result
    config = next
    shown = appears
    for (const listener of listeners) tell(listener, result)
    return result
  }

  function usable(load: () => Config): Config | ModelManagementError {
    try {
      const next = load()
      return config.hasModelList && !next.hasModelList ? withoutModels(file) : next
    } catch (cause) {
      if (cause instanceof ModelManagementError) return cause
      return new ModelManagementError('invalid_config', `${file} could not be loaded`, { cause })
    }
  }

  function fail(next: ModelManagementError): ReloadResult {
    error = next
    const report = `${seen} ${next.message}`
    if (report !== reported) logger.error({ file }, `${next.message}. The last good config stays in use`)
    reported = report
    return { added: [], changed: [], removed: [], error: next }
  }

  function tell(listener: (result: ReloadResult) => void, result: ReloadResult): void {
    try {
      listener(result)
    } catch (cause) {
      // One listener's mistake must not keep the change from the others, nor end the watching.
      // Its message may hold what the file holds.
      logger.error(
        { file, kind: cause instanceof Error ? cause.name : typeof cause },
        'A listener of the config file failed',
      )
    }
  }

  function look(): void {
    const loaded = loadSettled(file, options)
    // Touched, or swapped for an equal file: nothing to do but to know its new state.
    if (digestOf(loaded.reader) === seen) watcher?.follow(loaded.reader.stamps)
    else take(loaded)
  }

  const watcher = watchMs > 0 ? watchFiles(look, watchMs, first.reader.stamps) : undefined

  return {
    current: () => config,
    reload,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    lastError: () => error,
    close: () => watcher?.close(),
  }
}

function withoutModels(file: string): ModelManagementError {
  const message = `${file} has lost its model_list; to remove every model write model_list: []`
  return new ModelManagementError('invalid_config', message)
}

/** By id. Two rows with one id count together. */
function difference(before: Config, after: Config): ReloadResult {
  const [old, now] = [byId(before.rows), byId(after.rows)]
  return {
    added: Array.from(now.keys()).filter((id) => !old.has(id)),
    changed: Array.from(now.keys()).filter((id) => old.has(id) && old.get(id) !== now.get(id)),
    removed: Array.from(old.keys()).filter((id) => !now.has(id)),
    error: undefined,
  }
}

function byId(rows: readonly ConfigRow[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const { id, deployment } of rows) texts.set(id, (texts.get(id) ?? '') + JSON.stringify(deployment))
  return texts
}

/** Differs whenever somebody who uses the config could notice: the files' text, or what variables made of it. */
function appearance(config: Config, reader: FileReader): string {
  return createHash('sha256').update(digestOf(reader)).update(JSON.stringify(config)).digest('hex')
}

/** A path without a text is a file that could not be read. */
function digestOf({ stamps, contents }: FileReader): string {
  const texts = Array.from(stamps, ([path, stamp]) => [path, contents.get(path) ?? stamp])
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
}
