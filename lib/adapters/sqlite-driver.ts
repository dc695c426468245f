import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { ModelManagementError } from '../errors'

/**
 * What this package needs of a SQLite handle: node:sqlite, libsql and better-sqlite3 all fit.
 *
 * Nothing but `exec` and `all`: `run` refuses statements that return rows in better-sqlite3, and `get` adds a member of
 * its own in libsql.
 */
export interface SqliteLike {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatementLike
}

export interface SqliteStatementLike {
  all(...values: SqliteValue[]): unknown[]
}

export type SqliteValue = null | number | string

export interface SqliteConnection extends SqliteLike {
  close(): unknown
}

export type SqliteDriver = new (file: string) => SqliteConnection

/** `node:sqlite` where this Node has it, otherwise the optional peer `libsql`. */
export function sqliteDriver(load: (name: string) => unknown = loadModule): SqliteDriver {
  try {
    return (load('node:sqlite') as { DatabaseSync: SqliteDriver }).DatabaseSync
  } catch {
    // Absent before Node 22.5 and behind a flag before 22.13: the peer is next, and it speaks up if it is missing too.
  }
  try {
    return load('libsql') as SqliteDriver
  } catch (cause) {
    throw new ModelManagementError(
      'missing_driver',
      `sqliteAdapter needs a SQLite driver, and Node ${process.version} has none built in: run "npm install libsql", use ` +
        'Node 22.13 or later, or pass an open handle of better-sqlite3 or libsql as the option database.',
      { cause },
    )
  }
}

/** The event loop stands still while a driver waits for a lock; longer waits are the adapter's work. */
const busyMs = 5

/**
 * Runs work with a short busy timeout and gives the handle back the one that it had, which is for the host's own calls.
 */
export function withShortTimeout(database: SqliteLike): <T>(work: () => T) => T {
  const pragma = database.prepare('PRAGMA busy_timeout')
  return (work) => {
    const [timeout] = Object.values(pragma.all()[0] as Readonly<Record<string, number | bigint>>)
    if (timeout === undefined || timeout <= busyMs) return work()
    database.exec(`PRAGMA busy_timeout = ${busyMs}`)
    try {
      return work()
    } finally {
      database.exec(`PRAGMA busy_timeout = ${timeout}`)
    }
  }
}

/** Opens the file and makes it durable: after a commit has returned, a power cut does not undo it. */
export function openFile(file: string, Driver: SqliteDriver): SqliteConnection {
  createPrivately(file)
  const connection = new Driver(file)
  try {
    connection.exec(`PRAGMA busy_timeout = ${busyMs}`)
    connection.exec('PRAGMA journal_mode = WAL')
    connection.exec('PRAGMA synchronous = FULL')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The path of an open handle's file; empty for a database in memory. */
export function fileOf(database: SqliteLike): string {
  const rows = database.prepare('PRAGMA database_list').all() as { name: string; file: string | null }[]
  return rows.find(({ name }) => name === 'main')?.file ?? ''
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, 5, 'SQLITE_BUSY')
}

/** True when there is no space for a change. What is there can still be read. */
export function isFull(error: unknown): boolean {
  return hasCode(error, 13, 'SQLITE_FULL')
}

/** True when it is for what one write wants that it cannot be done: another one might be. */
export function isOfOneWrite(error: unknown): boolean {
  return (
    isFull(error) ||
    hasCode(error, 18, 'SQLITE_TOOBIG') ||
    hasCode(error, 19, 'SQLITE_CONSTRAINT') ||
    hasCode(error, 20, 'SQLITE_MISMATCH')
  )
}

const remedies: readonly (readonly [number: number, name: string, remedy: string])[] = [
  [
    5,
    'SQLITE_BUSY',
    'another process or connection holds its lock: end the transaction, backup or shell that does',
  ],
  [8, 'SQLITE_READONLY', 'let the user this process runs as write to it and to its folder'],
  [10, 'SQLITE_IOERR', 'look after its disk'],
  [11, 'SQLITE_CORRUPT', 'restore it from a copy'],
  [13, 'SQLITE_FULL', 'make space on its disk'],
  [26, 'SQLITE_NOTADB', 'restore it from a copy'],
]

/** What a person can do about it, where the reason alone does not say. */
export function remedyOf(error: unknown): string | undefined {
  return remedies.find(([number, name]) => hasCode(error, number, name))?.[2]
}

function hasCode(error: unknown, number: number, name: string): boolean {
  // libsql and better-sqlite3 name the code, node:sqlite numbers it; the low byte is the primary code.
  const { code, errcode } = Object(error) as { code?: unknown; errcode?: unknown }
  return typeof errcode === 'number' ? (errcode & 0xff) === number : String(code).startsWith(name)
}

/** SQLite gives its -wal and -shm files the mode of the database file, so one mode is enough for all three. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    const remedy =
      code === 'ENOENT'
        ? `the folder ${dirname(file)} does not exist; create it, or mount the volume that holds it`
        : `${code}; let the user this process runs as write to the folder ${dirname(file)}`
    throw new ModelManagementError(
      'storage_unavailable',
      `SQLite database ${file} cannot be created: ${remedy}.`,
      { cause: error },
    )
  }
}

function loadModule(name: string): unknown {
  return require(name) as unknown
}
