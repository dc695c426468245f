import { ModelManagementError } from '../errors'
import type { JsonObject } from '../json'
import type { BatchResult, ModelAdapter, Refusal, StoredModel, Write } from './adapter'
import { changeListeners } from './change-listeners'
import { gathered } from './gathered'
import { only } from './only'
import { isBusy, isFull, isOfOneWrite, remedyOf } from './sqlite-driver'
import { listed } from './sqlite-list'
import { createLockQueue, type LockQueue } from './sqlite-lock'
import { resolvedSqlite, type Session, type SqliteAdapterOptions } from './sqlite-options'
import type { Committed, SqliteTable } from './sqlite-table'

export type { SqliteAdapterOptions } from './sqlite-options'

/** Keeps run-time changes in a SQLite file, which several processes of one machine may share. */
export function sqliteAdapter(options: SqliteAdapterOptions): Required<Omit<ModelAdapter, 'file'>> {
  const { place, durable, open, pollMs } = resolvedSqlite(options)
  const listeners = changeListeners()
  // In WAL mode reads meet no lock of a writer: they do not wait behind writes.
  const [reading, writing] = [createLockQueue(), createLockQueue()]
  let closed = false
  let opening: Promise<Session> | undefined
  let opened: Session | undefined
  let timer: NodeJS.Timeout | undefined
  /** `lastChange()` as the listeners know it; undefined when they may have missed something. */
  let seen: string | undefined

  function assertOpen(): void {
    if (closed)
      throw new ModelManagementError('closed', `The adapter of the SQLite database ${place} is closed.`)
  }

  function unavailable(cause: unknown): unknown {
    if (cause instanceof ModelManagementError) return cause
    // Not `instanceof Error`: what a native driver throws may come from another realm, as under jest.
    const reason = (cause as Partial<Error> | undefined)?.message ?? String(cause)
    const told = [reason, remedyOf(cause)].filter((part) => part !== undefined).join('; ')
    return new ModelManagementError('storage_unavailable', `SQLite database ${place}: ${told}`, { cause })
  }

  /** One at a time, and a failed one is forgotten so that the next call tries again. */
  function session(): Promise<Session> {
    opening ??= openAnew()
    return opening
  }

  async function openAnew(): Promise<Session> {
    try {
      // A queue of its own: whoever waits for the database to be opened has a place in one of the others already.
      opened = await createLockQueue()(async () => open())
      return opened
    } catch (error) {
      opening = undefined
      throw unavailable(error)
    }
  }

  function forget(ended: Session): void {
    if (opened !== ended) return
    opened = undefined
    opening = undefined
    ended.end()
  }

  /** The session is found anew for each attempt: it may end while a lock is waited for. */
  async function use<T>(
    work: (table: SqliteTable) => T,
    { queue = reading, find = session }: { queue?: LockQueue; find?: () => Promise<Session> } = {},
  ): Promise<T> {
    try {
      return await queue(async () => {
        assertOpen()
        const current = await find()
        assertOpen()
        return attempt(current, work)
      })
    } catch (error) {
      throw unavailable(error)
    }
  }

  function attempt<T>(current: Session, work: (table: SqliteTable) => T): T {
    try {
      return current.run(work)
    } catch (error) {
      // Opened anew by the next call: the file may have been replaced, or its volume mounted again.
      // Not on a full disk, where opening may fail for want of space and reading still works, nor while somebody has a lock.
      if (!isFull(error) && !isBusy(error)) forget(current)
      throw error
    }
  }

  /** With the file that is there now: what is written to one that was moved away would be lost with it. */
  function commit<T>(work: (table: SqliteTable) => T): Promise<T> {
    return use(work, { queue: writing, find: inPlace })
  }

  /** What differs after every change, and in another file of the same name. */
  async function state(): Promise<string> {
    const { file } = await inPlace()
    return `${file} ${await use((table) => table.lastChange())}`
  }

  async function inPlace(): Promise<Session> {
    assertOpen()
    const current = await session()
    if (current.isInPlace()) return current
    // Of the other one nothing is known.
    if (opened === current) seen = undefined
    forget(current)
    return session()
  }

  const write = gathered(each, (error) => isOfOneWrite(Object(error).cause))

  async function each(writes: readonly Write[]): Promise<readonly BatchResult[]> {
    const { result, ...change } = await commit((table) => table.each(writes))
    const done = (outcome: StoredModel | Refusal): outcome is StoredModel => typeof outcome !== 'string'
    announce(
      writes.filter((_, at) => done(result[at]!)),
      result.filter(done),
      change,
    )
    return result.map((outcome) =>
      done(outcome) ? { ok: true, models: [outcome] } : { ok: false, index: 0, reason: outcome },
    )
  }

  async function batch(writes: readonly Write[]): Promise<BatchResult> {
    const { result, ...change } = await commit((table) => table.batch(writes))
    if (result.ok) announce(writes, result.models, change)
    return result
  }

  function announce(
    writes: readonly Write[],
    models: readonly StoredModel[],
    { before, after }: Pick<Committed<unknown>, 'before' | 'after'>,
  ): void {
    if (before === after) return
    if (before === seen) listeners.tellOf(writes, models)
    else listeners.tell('all')
    seen = after
  }

  async function poll(): Promise<void> {
    try {
      const last = await use((table) => table.lastChange(), { find: inPlace })
      if (last !== seen) listeners.tell('all')
      seen = last
    } catch {
      // Whoever reads now hears of it; here it is enough to know that changes may go unseen until it works again.
      seen = undefined
    }
    schedule()
  }

  function schedule(): void {
    clearTimeout(timer)
    if (closed || listeners.isEmpty()) return
    timer = setTimeout(() => void poll(), pollMs)
    timer.unref()
  }

  return {
    name: 'sqlite',
    durable,
    async init() {
      await inPlace()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      listeners.clear()
      const current = await opening?.catch(() => undefined)
      if (current !== undefined) forget(current)
    },
    async ping() {
      await state()
    },
    version: state,
    async list() {
      await inPlace()
      const rows = await listed(use, (table, after, most) => table.page(after, most))
      return rows.map(({ model }) => model)
    },
    async revisions(ids) {
      if (ids !== undefined)
        return use((table) =>
          ids.flatMap((id) => {
            const revision = table.revision(id)
            return revision === undefined ? [] : [{ id, revision }]
          }),
        )
      const rows = await listed(use, (table, after, most) => table.revisions(after, most))
      return rows.map(({ id, revision }) => ({ id, revision }))
    },
    get(id) {
      return use((table) => table.get(id))
    },
    async watch(listener) {
      const last = await use((table) => table.lastChange())
      if (listeners.isEmpty()) seen = last
      const unwatch = listeners.add(listener)
      schedule()
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
    batch,
    async readSettings() {
      const settings = await use((table) => table.settings())
      return settings === null ? null : (JSON.parse(settings) as JsonObject)
    },
    async writeSettings(settings) {
      seen = await commit((table) => table.writeSettings(JSON.stringify(settings)))
      listeners.tell('all')
    },
  }
}
