import { dirname, resolve } from 'node:path'
import { ModelManagementError } from '../errors'
import { assertOptions, milliseconds, object } from '../options/check'
import type { Environment } from '../yaml/environment'
import { codeOf, stampOf } from '../yaml/read-files'
import { watchFiles } from '../yaml/watch-files'
import type { Watcher } from '../yaml/watch-files'
import { inSlices } from '../time-slices'
import type { BatchResult, ModelAdapter, Refusal, StoredModel, Write } from './adapter'
import { changeListeners } from './change-listeners'
import { withLock } from './file-lock'
import { gathered } from './gathered'
import { only } from './only'
import { readText, replaceText, syncFolder, targetOf } from './yaml-file-disk'
import type { FileText } from './yaml-file-disk'
import { modelOf } from './yaml-file-entries'
import { modelFile, readModelFile } from './yaml-file-models'
import type { ModelFile } from './yaml-file-models'
import { gone, unavailable, withoutList } from './yaml-file-reasons'
import { applyEach, applyWrites } from './yaml-file-writes'
import type { Applied } from './yaml-file-writes'

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
  /** The last text that was read, or is being read: what it says is read once. */
  let known: Known | undefined
  let wasThere = false
  /** What the listeners know of. */
  let told: string | undefined

  function assertOpen(): void {
    if (closed) throw new ModelManagementError('closed', `The adapter of the file ${file} is closed.`)
  }

  function textNow(): FileText {
    assertOpen()
    const found = readText(file)
    // Somebody has moved it away, or a volume is gone: taking that for "no models" would lose them all.
    if (found === undefined && wasThere) throw gone(file)
    wasThere ||= found !== undefined
    return found ?? { text: '', hasByteOrderMark: false }
  }

  async function load(): Promise<ModelFile> {
    const { text } = textNow()
    if (known?.text !== text) known = { text, state: readAgain(text, known?.last), last: known?.last }
    return known.state
  }

  async function readAgain(text: string, before: ModelFile | undefined): Promise<ModelFile> {
    const next = accepted(await readModelFile(text, file, environment, before), before)
    if (known?.text === text) learn(next)
    return next
  }

  /** In one piece: of the file as `load()` has just read it little can have changed. */
  function loadNow(text: string): ModelFile {
    const last = known?.last
    return last?.text === text ? last : accepted(modelFile(text, file, environment, last), last)
  }

  function accepted(next: ModelFile, before: ModelFile | undefined): ModelFile {
    // Most likely somebody is about to write it: a shell empties a file before it fills it.
    if (before?.hasList === true && !next.hasList) throw withoutList(file)
    return next
  }

  function learn(next: ModelFile): void {
    known = { text: next.text, state: Promise.resolve(next), last: next }
  }

  async function read(): Promise<ModelFile> {
    try {
      const state = await load()
      assertOpen()
      return state
    } catch (error) {
      throw unavailable(file, error)
    }
  }

  async function commit<R>(apply: (state: ModelFile) => Changed & { readonly result: R }): Promise<R> {
    assertOpen()
    try {
      const target = targetOf(file)
      await load()
      return await withLock(`${target}.lock`, assertOpen, async (assertHeld) => {
        const { text, hasByteOrderMark } = textNow()
        const { result, ...changed } = apply(loadNow(text))
        if (changed.next.text === text) return result
        await replaceText(target, { text: changed.next.text, hasByteOrderMark }, assertHeld)
        announce(text, changed)
        await syncFolder(dirname(target))
        return result
      })
    } catch (error) {
      throw unavailable(file, error)
    }
  }

  const write = gathered(
    (writes: readonly Write[]) =>
      commit((state) => {
        const { outcomes, ...changed } = applyEach(state, writes, file, environment)
        const done = outcomes.map((outcome) => typeof outcome !== 'string')
        return {
          ...changed,
          result: outcomes.map(resultOf),
          written: writes.filter((_, at) => done[at]),
          models: outcomes.filter((outcome) => typeof outcome !== 'string'),
        }
      }),
    (error) => error instanceof ModelManagementError && error.code === 'storage_refused',
    oneGroupMs,
  )

  function announce(before: string, { next, written, models, isAtEnd }: Changed): void {
    learn(next)
    wasThere = true
    if (told === before && isAtEnd) listeners.tellOf(written, models)
    else listeners.tell('all')
    told = next.text
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
      await read()
    },
    async close() {
      closed = true
      watcher?.close()
      listeners.clear()
    },
    async ping() {
      await read()
    },
    async list() {
      return inSlices((await read()).entries, modelOf)
    },
    async revisions(ids) {
      const { entries } = await read()
      const asked = ids === undefined ? entries : entries.filter(({ id }) => ids.includes(id))
      return asked.map(({ id, revision }) => ({ id, revision }))
    },
    async get(id) {
      // Of two models with one id LiteLLM finds the later one.
      const entry = (await read()).entries.findLast((each) => each.id === id)
      return entry && modelOf(entry)
    },
    async watch(listener) {
      const stamp = stampOf(file)
      const { text } = await read()
      if (listeners.isEmpty()) told = text
      const unwatch = listeners.add(listener)
      watcher ??= watchFiles(look, watchMs, new Map([[file, stamp]]))
      return unwatch
    },
    async create(draft) {
      return only(await write({ kind: 'create', draft }))
    },
    async update(draft, condition) {
      return only(await write({ kind: 'update', draft, ...condition }))
    },
    async delete(id, condition) {
      return only(await write({ kind: 'delete', id, ...condition }))
    },
    batch(writes) {
      return commit((state) => {
        const { result, ...changed } = applyWrites(state, writes, file, environment)
        return { ...changed, result, written: writes, models: result.ok ? result.models : [] }
      })
    },
  }
}

interface Known {
  readonly text: string
  readonly state: Promise<ModelFile>
  /** The last one that was read to its end. */
  readonly last: ModelFile | undefined
}

/** What writes have made of a file. */
interface Changed extends Pick<Applied, 'next' | 'isAtEnd'> {
  readonly written: readonly Write[]
  readonly models: readonly StoredModel[]
}

/** Of one adapter a single group waits for the lock, which others want too; that waits no longer than this. */
const oneGroupMs = 30_000

function resultOf(outcome: StoredModel | Refusal): BatchResult {
  return typeof outcome === 'string'
    ? { ok: false, index: 0, reason: outcome }
    : { ok: true, models: [outcome] }
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
