import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ModelManagementError } from '../errors'
import { assertOptions, milliseconds } from '../options/check'
import {
  fileOf,
  openFile,
  sqliteDriver,
  withShortTimeout,
  type SqliteConnection,
  type SqliteLike,
} from './sqlite-driver'
import { assertNoStrayLog } from './sqlite-stray'
import { sqliteTable, type SqliteTable } from './sqlite-table'

export interface SqliteAdapterOptions {
  /** Path of the database file. It is made if need be, readable for its owner only; its folder must be there. */
  readonly file?: string | undefined
  /**
   * An open handle of node:sqlite, libsql or better-sqlite3, instead of `file`. It is left open and its settings are left
   * alone: `journal_mode = WAL` and `synchronous = FULL` are the host's to set. Its `busy_timeout` holds for the host's own
   * calls: this adapter waits for locks without blocking the process.
   */
  readonly database?: SqliteLike | undefined
  /**
   * How often to look for changes made by other processes, in milliseconds; a look costs some microseconds.
   * @default 200
   */
  readonly pollMs?: number | undefined
}

export interface Session {
  /** Throws as busy when another connection has the lock. */
  run<T>(work: (table: SqliteTable) => T): T
  /** Differs from that of another file of the same name. */
  readonly file: string
  /** False when the file was moved away, or another one put in its place. */
  isInPlace(): boolean
  end(): void
}

export interface SqliteSource {
  /** What messages call the database. */
  readonly place: string
  readonly durable: boolean
  readonly pollMs: number
  /** Throws where the file was there once and is gone: an empty one in its place would be taken for no models. */
  readonly open: () => Session
}

/** Throws `invalid_option`, or `missing_driver`. Nothing is opened yet. */
export function resolvedSqlite(options: SqliteAdapterOptions): SqliteSource {
  assertOptions(options, 'sqliteAdapter', ['file', 'database', 'pollMs'], "{ file: 'models.db' }")
  const { file, database, pollMs = 200 } = options
  const wanted = milliseconds(pollMs)
  if (wanted !== undefined) throw invalid('pollMs', `must be ${wanted}`)
  if ((file === undefined) === (database === undefined)) {
    throw invalid('file', 'or database must be given, and only one of them')
  }
  return database === undefined ? fromFile(file, pollMs) : fromHandle(database, pollMs)
}

function fromFile(file: unknown, pollMs: number): SqliteSource {
  if (typeof file !== 'string' || file === '') throw invalid('file', 'must be the path of a database file')
  if (/^(:memory:|(file|libsql|https?|wss?):)/.test(file)) {
    throw invalid('file', 'must be a path, not a URL or :memory:; for tests there is memoryAdapter')
  }
  const place = resolve(file)
  const Driver = sqliteDriver()
  let wasThere = false
  let wasOpened = false
  function open(): Session {
    if (wasThere && fileAt(place) === 'none') throw gone(place)
    // From then on what it looks like is our own doing.
    if (!wasOpened) assertNoStrayLog(place)
    wasOpened = true
    const connection = openFile(place, Driver)
    try {
      const table = sqliteTable(connection)
      const opened = fileAt(place)
      wasThere = true
      // Who may not look cannot tell.
      const isInPlace = (): boolean => [opened, 'unknown'].includes(fileAt(place))
      const end = (): void => endQuietly(connection)
      return { run: (work) => work(table), file: opened, isInPlace, end }
    } catch (error) {
      endQuietly(connection)
      throw error
    }
  }
  return { place, durable: true, pollMs, open }
}

function fromHandle(database: SqliteLike, pollMs: number): SqliteSource {
  let file: string
  try {
    file = fileOf(database)
  } catch (cause) {
    throw invalid('database', 'must be an open SQLite handle', cause)
  }
  // The handle stays what it is, wherever the file goes.
  function open(): Session {
    const shortly = withShortTimeout(database)
    const table = shortly(() => sqliteTable(database))
    return { run: (work) => shortly(() => work(table)), file: '', isInPlace: () => true, end() {} }
  }
  return { place: file === '' ? 'in memory' : file, durable: file !== '', pollMs, open }
}

function fileAt(place: string): string {
  try {
    const stats = statSync(place, { throwIfNoEntry: false })
    return stats === undefined ? 'none' : `${stats.dev}-${stats.ino}`
  } catch {
    return 'unknown'
  }
}

function gone(place: string): ModelManagementError {
  const message = `SQLite database ${place} is gone; put it back, or restart to begin with an empty one.`
  return new ModelManagementError('storage_unavailable', message)
}

function endQuietly(connection: SqliteConnection): void {
  try {
    connection.close()
  } catch {
    // Whatever was wrong has been reported by the call that met it; there is nothing left to lose.
  }
}

function invalid(option: string, problem: string, cause?: unknown): ModelManagementError {
  return new ModelManagementError('invalid_option', `sqliteAdapter: ${option} ${problem}.`, {
    param: option,
    cause,
  })
}
