import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ModelManagementError } from '../errors'
import type { JsonObject } from '../json'
import type { ModelAdapter, Write } from './adapter'
import { changeListeners } from './change-listeners'
import { only } from './only'
import {
  fileOf,
  isBusy,
  isFull,
  openFile,
  sqliteDriver,
  type SqliteConnection,
  type SqliteLike,
} from './sqlite-driver'
import { sqliteTable, type SqliteTable } from './sqlite-table'

export interface SqliteAdapterOptions {
  /** Path of the database file. It is made if need be, readable for its owner only; its folder must be there. */
  readonly file?: string | undefined
  /**
   * An open handle of node:sqlite, libsql or better-sqlite3, instead of `file`. It is left open and its settings are left
   * alone: `journal_mode = WAL`, `synchronous = FULL` and a `busy_timeout` are the host's to set.
   */
  readonly database?: SqliteLike | undefined
  /**
   * How often to look for changes made by other processes, in milliseconds; a look costs some microseconds.
   * @default 200
   */
  readonly pollMs?: number | undefined
}

/** Keeps run-time changes in a SQLite file, which several processes of one machine may share. */
export function sqliteAdapter(options: SqliteAdapterOptions): Required<Omit<ModelAdapter, 'file'>> {
  const { place, durable, open, pollMs } = resolved(options)
  const listeners = changeListeners()
  let closed = false
  let opening: Promise<Session> | undefined
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
    return new ModelManagementError('storage_unavailable', `SQLite database ${place}: ${reason}`, { cause })
  }

  /** One at a time, and a failed one is forgotten so that the next call tries again. */
  function session(): Promise<Session> {
    opening ??= openPatiently(open).catch((error: unknown) => {
      opening = undefined
      throw unavailable(error)
    })
    return opening
  }

  async function use<T>(work: (table: SqliteTable) => T): Promise<T> {
    assertOpen()
    const mine = session()
    const current = await mine
    assertOpen()
    try {
      return work(current.table)
    } catch (error) {
      // Opened anew by the next call: the file may have been replaced, or its volume mounted again.
      // Not on a full disk, where opening may fail for want of space and reading still works.
      if (opening === mine && !isFull(error)) {
        opening = undefined
        current.end()
      }
      throw unavailable(error)
    }
  }

  async function commit(writes: readonly Write[]) {
    const { result, before, after } = await use((table) => table.write(writes))
    if (!result.ok || before === after) return result
    listeners.tell(before === seen ? [...new Set(result.models.map(({ id }) => id))] : 'all')
    seen = after
    return result
  }

  async function poll(): Promise<void> {
    try {
      const last = await use((table) => table.lastChange())
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
      assertOpen()
      await session()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      listeners.clear()
      const current = await opening?.catch(() => undefined)
      opening = undefined
      current?.end()
    },
    async ping() {
      await use((table) => table.lastChange())
    },
    version() {
      return use((table) => table.lastChange())
    },
    list() {
      return use((table) => table.list())
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
    async readSettings() {
      const settings = await use((table) => table.settings())
      return settings === null ? null : (JSON.parse(settings) as JsonObject)
    },
    async writeSettings(settings) {
      seen = await use((table) => table.writeSettings(JSON.stringify(settings)))
      listeners.tell('all')
    },
  }
}

interface Session {
  readonly table: SqliteTable
  end(): void
}

interface Source {
  /** What messages call the database. */
  readonly place: string
  readonly durable: boolean
  readonly pollMs: number
  readonly open: () => Session
}

function resolved(options: SqliteAdapterOptions): Source {
  const { file, database, pollMs = 200, ...unknown } = options
  const [odd] = Object.keys(unknown)
  if (odd !== undefined)
    throw invalid(odd, 'is not an option of sqliteAdapter; it knows file, database and pollMs')
  // The longest time a timer takes is 2^31 - 1 ms; anything longer would fire at once.
  if (!Number.isInteger(pollMs) || pollMs < 1 || pollMs >= 2 ** 31) {
    throw invalid('pollMs', 'must be a whole number of milliseconds, at least 1')
  }
  if ((file === undefined) === (database === undefined)) {
    throw invalid('file', 'or database must be given, and only one of them')
  }
  return database === undefined ? fromFile(file, pollMs) : fromHandle(database, pollMs)
}

function fromFile(file: unknown, pollMs: number): Source {
  if (typeof file !== 'string' || file === '') throw invalid('file', 'must be the path of a database file')
  if (/^(:memory:|(file|libsql|https?|wss?):)/.test(file)) {
    throw invalid('file', 'must be a path, not a URL or :memory:; for tests there is memoryAdapter')
  }
  const place = resolve(file)
  const Driver = sqliteDriver()
  function open(): Session {
    const connection = openFile(place, Driver)
    try {
      return { table: sqliteTable(connection), end: () => endQuietly(connection) }
    } catch (error) {
      endQuietly(connection)
      throw error
    }
  }
  return { place, durable: true, pollMs, open }
}

function fromHandle(database: SqliteLike, pollMs: number): Source {
  let file: string
  try {
    file = fileOf(database)
  } catch (cause) {
    throw invalid('database', 'must be an open SQLite handle', cause)
  }
  const open = () => ({ table: sqliteTable(database), end() {} })
  return { place: file === '' ? 'in memory' : file, durable: file !== '', pollMs, open }
}

function endQuietly(connection: SqliteConnection): void {
  try {
    connection.close()
  } catch {
    // Whatever was wrong has been reported by the call that met it; there is nothing left to lose.
  }
}

/** Several processes that make the database at the same moment can meet locks that SQLite does not wait for by itself. */
async function openPatiently(open: () => Session): Promise<Session> {
  const deadline = Date.now() + 5000
  for (;;) {
    try {
      return open()
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error
    }
    await pause(10 + Math.random() * 40)
  }
}

function invalid(option: string, problem: string, cause?: unknown): ModelManagementError {
  return new ModelManagementError('invalid_option', `sqliteAdapter: ${option} ${problem}.`, {
    param: option,
    cause,
  })
}
