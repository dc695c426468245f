import { ModelManagementError } from '../errors'
import type { JsonObject } from '../json'
import { assertOptions } from '../options/check'
import { inSlices } from '../time-slices'
import type { BatchResult, ModelAdapter, Refusal, StoredModel, Write } from './adapter'
import { changeListeners, type ChangeListeners } from './change-listeners'
import { only } from './only'

/** What several memory adapters of one process share, as several processes share a database. */
export interface MemoryStore {
  /** Each model as JSON, in creation order: text cannot be changed from outside. */
  rows: Map<string, string>
  lastRevision: number
  settings: string | null
  readonly adapters: Set<ChangeListeners>
}

/** An empty store for `memoryAdapter({ store })`. */
export function memoryStore(): MemoryStore {
  return { rows: new Map(), lastRevision: 0, settings: null, adapters: new Set() }
}

export interface MemoryAdapterOptions {
  /**
   * Shared with other memory adapters of this process.
   * @default a store of its own
   */
  readonly store?: MemoryStore | undefined
}

/** Keeps run-time changes until the process ends. For trying things out and for tests. */
export function memoryAdapter(
  options: MemoryAdapterOptions = {},
): Required<Omit<ModelAdapter, 'file' | 'revisions' | 'version'>> {
  assertOptions(options, 'memoryAdapter', ['store'], '')
  const { store = memoryStore() } = options
  const listeners = changeListeners()
  store.adapters.add(listeners)
  let closed = false

  function assertOpen(): void {
    if (closed) throw new ModelManagementError('closed', 'The memory adapter is closed.')
  }

  /** Nothing is awaited between reading and replacing the rows: that is what makes it atomic. */
  function commit(writes: readonly Write[]): BatchResult {
    assertOpen()
    // A write that is refused has changed nothing yet; only one after others has something to undo.
    const rows = writes.length === 1 ? store.rows : new Map(store.rows)
    const models: StoredModel[] = []
    for (const [index, write] of writes.entries()) {
      const outcome = apply(rows, write, String(store.lastRevision + index + 1))
      if (typeof outcome === 'string') return { ok: false, index, reason: outcome }
      models.push(outcome)
    }
    store.rows = rows
    store.lastRevision += writes.length
    for (const each of store.adapters) each.tellOf(writes, models)
    return { ok: true, models }
  }

  return {
    name: 'memory',
    durable: false,
    async init() {
      assertOpen()
    },
    async close() {
      closed = true
      listeners.clear()
      store.adapters.delete(listeners)
    },
    async ping() {
      assertOpen()
    },
    async list() {
      assertOpen()
      return inSlices([...store.rows.values()], parse)
    },
    async get(id) {
      assertOpen()
      const row = store.rows.get(id)
      return row === undefined ? undefined : parse(row)
    },
    async watch(listener) {
      assertOpen()
      return listeners.add(listener)
    },
    async create(draft) {
      return only(commit([{ kind: 'create', draft }]))
    },
    async update(draft, condition) {
      return only(commit([{ kind: 'update', draft, ...condition }]))
    },
    async delete(id, condition) {
      return only(commit([{ kind: 'delete', id, ...condition }]))
    },
    async readSettings() {
      assertOpen()
      return store.settings === null ? null : (JSON.parse(store.settings) as JsonObject)
    },
    async writeSettings(settings) {
      assertOpen()
      store.settings = JSON.stringify(settings)
      for (const each of store.adapters) each.tell('all')
    },
    async batch(writes) {
      return commit(writes)
    },
  }
}

function apply(rows: Map<string, string>, write: Write, revision: string): StoredModel | Refusal {
  const id = write.kind === 'delete' ? write.id : write.draft.id
  const row = rows.get(id)
  if (write.kind === 'create') {
    if (row !== undefined) return 'exists'
  } else {
    if (row === undefined) return 'missing'
    if (write.ifRevision !== undefined && !isAt(write.ifRevision, row)) return 'stale'
    if (write.kind === 'delete') {
      rows.delete(id)
      return parse(row)
    }
  }
  // Setting a key that is there keeps its place, so an update does not change the order.
  const model = JSON.stringify({ ...write.draft, revision })
  rows.set(id, model)
  return parse(model)
}

/** Most often the revision is the last member, which is seen without parsing a row that may be large. */
function isAt(revision: string, row: string): boolean {
  return row.endsWith(`,"revision":${JSON.stringify(revision)}}`) || parse(row).revision === revision
}

function parse(row: string): StoredModel {
  return JSON.parse(row) as StoredModel
}
