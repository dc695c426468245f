import type Libsql from 'libsql'
import type { SqliteConnection, SqliteDriver, SqliteLike } from '../../lib/adapters/sqlite-driver'

// Compiled only. The declarations of libsql are those of better-sqlite3.
export const libsql = (handle: Libsql.Database): SqliteConnection => handle
export const libsqlDriver = (driver: typeof Libsql): SqliteDriver => driver

/** node:sqlite as @types/node declares it from 22 on; the declarations of Node 20, used here, lack it. */
interface DatabaseSync {
  close(): void
  exec(sql: string): void
  prepare(sql: string): StatementSync
}
interface StatementSync {
  all(...values: SQLInputValue[]): Record<string, SQLOutputValue>[]
  all(named: Record<string, SQLInputValue>, ...values: SQLInputValue[]): Record<string, SQLOutputValue>[]
}
type SQLInputValue = null | number | bigint | string | NodeJS.ArrayBufferView
type SQLOutputValue = null | number | bigint | string | Uint8Array

export const nodeSqlite = (handle: DatabaseSync): SqliteConnection => handle
export const nodeSqliteDriver = (driver: new (path: string) => DatabaseSync): SqliteDriver => driver

// @ts-expect-error an asynchronous client is no handle
export const asynchronous = (client: { exec(sql: string): Promise<void> }): SqliteLike => client
