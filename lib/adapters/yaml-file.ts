import { resolve } from 'node:path'
import { ModelManagementError } from '../errors'
import { assertOptions, milliseconds, object } from '../options/check'
import type { Environment } from '../yaml/environment'
import { codeOf, stampOf } from '../yaml/read-files'
import { watchFiles } from '../yaml/watch-files'
import type { Watcher } from '../yaml/watch-files'
import type { BatchResult, ModelAdapter, Write } from './adapter'
import { changeListeners } from './change-listeners'
import { withLock } from './file-lock'
import { only } from './only'
import { readText, replaceText, targetOf } from './yaml-file-disk'
import { modelFile, modelOf } from './yaml-file-models'
import type { ModelFile } from './yaml-file-models'
import { applyWrites } from './yaml-file-writes'

export interface YamlFileAdapterOptions {
  /** Path of the file. It is made with the first model, readable for its owner only; its folder must be there. */
  readonly file: string
  /**
   * How often to look for changes made by other hands, in milliseconds.
   * @default 200
   */
  readonly watchMs?: number | undefined
  /**
   * Where `os.environ/NAME` is looked up for LiteLLM's ids of models that have none in the file. Nothing else is resolved.
   * @default `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

/** All of an adapter but shared settings: of the file only the list of models is written. */
export type YamlFileAdapter = Required<Omit<ModelAdapter, 'readSettings' | 'version' | 'writeSettings'>>

/**
 * Keeps run-time changes in the `model_list` of a LiteLLM `config.yaml`. A write changes one entry and leaves every other
 * byte; models written by hand are there like any other and may be changed. Files it includes are not looked at.
 */
export function yamlFileAdapter(options: YamlFileAdapterOptions): YamlFileAdapter {
  const { file, watchMs, environment } = resolved(options)
  const listeners = changeListeners()
  let closed = false
  let watcher: Watcher | undefined
  /** The last file that was read: reading a text again gives the same. */
  let known: ModelFile | undefined
  let wasThere = false
  /** What the listeners know of. */
  let told: string | undefined

  function assertOpen(): void {
    if (closed) throw new ModelManagementError('closed', `The adapter of the file ${file} is closed.`)
  }

  function load(): { state: ModelFile; hasByteOrderMark: boolean } {
    assertOpen()
    const found = readText(file)
    // Somebody has moved it away, or a volume is gone: taking that for "no models" would lose them all.
    if (found === undefined && wasThere) throw gone(file)
    wasThere ||= found !== undefined
    const { text, hasByteOrderMark } = found ?? { text: '', hasByteOrderMark: false }
    if (known?.text !== text) {
      const next = modelFile(text, file, environment)
      // Most likely somebody is about to write it: a shell empties a file before it fills it.
      if (known?.hasList === true && !next.hasList) throw withoutList(file)
      known = next
    }
    return { state: known, hasByteOrderMark }
  }

  function read(): ModelFile {
    try {
      return load().state
    } catch (error) {
      throw unavailable(file, error)
    }
  }

  async function commit(writes: readonly Write[]): Promise<BatchResult> {
    assertOpen()
    try {
      const target = targetOf(file)
      return await withLock(`${target}.lock`, assertOpen, (assertHeld) => {
        const { state, hasByteOrderMark } = load()
        const { next, result } = applyWrites(state, writes, file, environment)
        if (next.text === state.text) return result
        replaceText(target, { text: next.text, hasByteOrderMark }, assertHeld)
        announce(writes, state, next, result)
        return result
      })
    } catch (error) {
      throw unavailable(file, error)
    }
  }

  function announce(
    writes: readonly Write[],
    before: ModelFile,
    after: ModelFile,
    result: BatchResult,
  ): void {
    known = after
    wasThere = true
    if (told !== before.text) listeners.tell('all')
    else if (result.ok) listeners.tellOf(writes, result.models)
    told = after.text
    watcher?.follow(new Map([[file, stampOf(file)]]))
  }

  /** The text as it is, or why there is none: either may be news. */
  function appearance(): string {
    try {
      return readText(file)?.text ?? ''
    } catch (error) {
      return codeOf(error)
    }
  }

  function look(): void {
    if (listeners.isEmpty()) {
      watcher?.close()
      watcher = undefined
      return
    }
    const stamp = stampOf(file)
    const now = appearance()
    watcher?.follow(new Map([[file, stamp]]))
    if (now !== told) listeners.tell('all')
    told = now
  }

  return {
    name: 'yaml-file',
    durable: true,
    file,
    async init() {
      read()
    },
    async close() {
      closed = true
      watcher?.close()
      listeners.clear()
    },
    async ping() {
      read()
    },
    async list() {
      return read().entries.map(modelOf)
    },
    async revisions(ids) {
      const { entries } = read()
      const asked = ids === undefined ? entries : entries.filter(({ id }) => ids.includes(id))
      return asked.map(({ id, revision }) => ({ id, revision }))
    },
    async get(id) {
      // Of two models with one id LiteLLM finds the later one.
      const entry = read().entries.findLast((each) => each.id === id)
      return entry && modelOf(entry)
    },
    async watch(listener) {
      const stamp = stampOf(file)
      const { text } = read()
      if (listeners.isEmpty()) told = text
      const unwatch = listeners.add(listener)
      watcher ??= watchFiles(look, watchMs, new Map([[file, stamp]]))
      return unwatch
    },
    async create(draft) {
      return only(await commit([{ kind: 'create', draft }]))
    },
    async update(draft, condition) {
      return only(await commit([{ kind: 'update', draft, ...condition }]))
    },
    async delete(id, condition) {
      return only(await commit([{ kind: 'delete', id, ...condition }]))
    },
    batch(writes) {
      return commit(writes)
    },
  }
}

interface Resolved {
  readonly file: string
  readonly watchMs: number
  readonly environment: Environment
}

function resolved(options: YamlFileAdapterOptions): Resolved {
  assertOptions(options, 'yamlFileAdapter', ['file', 'watchMs', 'env'], "{ file: 'models.yaml' }")
  const { file, watchMs = 200, env = process.env } = options
  if (typeof file !== 'string' || file === '') throw invalid('file', 'must be the path of a YAML file')
  const wanted = milliseconds(watchMs)
  if (wanted !== undefined) throw invalid('watchMs', `must be ${wanted}`)
  if (object(env) !== undefined) throw invalid('env', 'must be an object of variables')
  return {
    file: resolve(file),
    watchMs,
    environment: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
  }
}

function invalid(option: string, problem: string): ModelManagementError {
  return new ModelManagementError('invalid_option', `yamlFileAdapter: ${option} ${problem}.`, {
    param: option,
  })
}

function gone(file: string): ModelManagementError {
  const message = `${file} is gone; put it back, or restart to begin with an empty one`
  return new ModelManagementError('storage_unavailable', message)
}

function withoutList(file: string): ModelManagementError {
  const message = `${file} has lost its model_list; to remove every model write model_list: []`
  return new ModelManagementError('invalid_config', message)
}

/** What a person can do about it, where the reason alone does not say. */
const advice: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist; create it, or mount the volume that holds it',
  EACCES: 'this process may not read or write it, or its folder',
  EROFS: 'its file system is read-only',
  EBUSY: 'it is a mount point of its own and cannot be replaced; mount its folder instead',
  EISDIR: 'it is a folder',
  ENOSPC: 'there is no space left',
}

function unavailable(file: string, cause: unknown): unknown {
  const message = (cause as Partial<Error> | undefined)?.message ?? String(cause)
  if (cause instanceof ModelManagementError) {
    if (cause.code !== 'invalid_config') return cause
    return new ModelManagementError(
      'storage_unavailable',
      `${message}. Until it is mended, models can be neither read nor changed.`,
      { cause },
    )
  }
  const reason = advice[codeOf(cause)] ?? message
  return new ModelManagementError('storage_unavailable', `Models file ${file} cannot be used: ${reason}.`, {
    cause,
  })
}
