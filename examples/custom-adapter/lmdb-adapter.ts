import { ABORT, open, type Database } from 'lmdb'
import type {
  BatchResult,
  JsonObject,
  ModelAdapter,
  Refusal,
  StoredModel,
  Write,
  WriteResult,
} from 'express-model-management'

/** LMDB tells nobody of changes, so there is no `watch`: other gateways see a write when they next look by themselves. */
export type LmdbAdapter = Omit<Required<Omit<ModelAdapter, 'file' | 'revisions' | 'version'>>, 'watch'>

/** Keeps models in an LMDB environment: a folder that any number of processes of one machine may share. */
export function lmdbAdapter({ path }: { readonly path: string }): LmdbAdapter {
  let opened: Environment | undefined
  let closed = false

  /** One that cannot be opened throws, and is tried again by the next call. */
  function environment(): Environment {
    if (closed) throw new Error(`The adapter of the LMDB environment ${path} is closed.`)
    return (opened ??= openEnvironment(path))
  }

  /** LMDB reads from a snapshot, which may be older than a write that another process has finished. */
  function latest(): Environment {
    const { models, state, close } = environment()
    models.resetReadTxn()
    return { models, state, close }
  }

  /**
   * Compare and set: LMDB lets one writer in at a time, over all processes, and what is read within the transaction
   * cannot change before it ends. A child transaction is the kind that can be taken back as a whole.
   */
  async function commit(writes: readonly Write[]): Promise<BatchResult> {
    const { models, state } = environment()
    let result: BatchResult = { ok: true, models: [] }
    await models.childTransaction(() => {
      const written: StoredModel[] = []
      for (const [index, write] of writes.entries()) {
        const outcome = apply(models, state, write)
        if (typeof outcome === 'string') {
          result = { ok: false, index, reason: outcome }
          return ABORT
        }
        written.push(outcome)
      }
      result = { ok: true, models: written }
      return undefined
    })
    return result
  }

  /** A single write is a batch of one. */
  async function single<R extends Refusal>(write: Write): Promise<WriteResult<R>> {
    const result = await commit([write])
    if (!result.ok) return { ok: false, reason: result.reason as R }
    return { ok: true, model: result.models[0] as StoredModel }
  }

  return {
    name: 'lmdb',
    durable: true,
    init: async () => void environment(),
    ping: async () => void latest().state.get('last'),
    async close() {
      closed = true
      const closing = opened
      opened = undefined
      await closing?.close()
    },
    async list() {
      const rows = Array.from(latest().models.getRange(), ({ value }) => JSON.parse(value) as Row)
      return rows.sort(inOrder).map(({ model }) => model)
    },
    get: async (id) => read(latest().models, id)?.model,
    create: (draft) => single({ kind: 'create', draft }),
    update: (draft, condition) => single({ kind: 'update', draft, ...condition }),
    delete: (id, condition) => single({ kind: 'delete', id, ...condition }),
    batch: commit,
    readSettings: async () => JSON.parse(latest().state.get('settings') ?? 'null') as JsonObject | null,
    async writeSettings(settings) {
      await environment().state.put('settings', JSON.stringify(settings))
    },
  }
}

/** JSON as text, so that every value comes back as it was: unknown keys, the order of keys, `__proto__`. */
type Texts = Database<string, string>

interface Environment {
  readonly models: Texts
  /** Beside the models: the shared settings, and the last number that was given. */
  readonly state: Texts
  readonly close: () => Promise<void>
}

function openEnvironment(path: string): Environment {
  const root = open({ path })
  const texts = (name: string): Texts => root.openDB({ name, encoding: 'string' })
  return { models: texts('models'), state: texts('state'), close: () => root.close() }
}

interface Row {
  readonly model: StoredModel
  /** When it was created, as a number: tells models apart that have one time stamp. */
  readonly place: number
}

/** To be called within a transaction. */
function apply(models: Texts, state: Texts, write: Write): StoredModel | Refusal {
  const id = write.kind === 'delete' ? write.id : write.draft.id
  const row = read(models, id)
  if (write.kind === 'create') {
    if (row) return 'exists'
  } else {
    if (!row) return 'missing'
    if (write.ifRevision !== undefined && write.ifRevision !== row.model.revision) return 'stale'
    if (write.kind === 'delete') {
      models.removeSync(id)
      return row.model
    }
  }
  // One count for all models, kept when they go: a model that is created again must not get a revision it had before.
  const next = Number(state.get('last') ?? 0) + 1
  state.putSync('last', String(next))
  models.putSync(
    id,
    JSON.stringify({ model: { ...write.draft, revision: String(next) }, place: row?.place ?? next }),
  )
  // Read back, since the draft belongs to the caller.
  return read(models, id)?.model as StoredModel
}

function read(models: Texts, id: string): Row | undefined {
  const text = models.get(id)
  return text === undefined ? undefined : (JSON.parse(text) as Row)
}

/** Time stamps are compared as text. */
function inOrder(one: Row, other: Row): number {
  if (one.model.createdAt === other.model.createdAt) return one.place - other.place
  return one.model.createdAt < other.model.createdAt ? -1 : 1
}
