import { sqliteDriver, type SqliteConnection } from '../../lib/adapters/sqlite-driver'

export interface BrittleSqlite extends SqliteConnection {
  broken: boolean
  /** Called at each call that fails. */
  onFailure: () => void
}

/** A real handle whose every call fails while it is `broken`, as on a disk that is gone. */
export function brittleSqlite(file: string): BrittleSqlite {
  const Driver = sqliteDriver()
  const connection = new Driver(file)
  connection.exec('PRAGMA busy_timeout = 5000')
  connection.exec('PRAGMA journal_mode = WAL')
  const handle: BrittleSqlite = {
    broken: false,
    onFailure() {},
    exec(sql) {
      check()
      return connection.exec(sql)
    },
    prepare(sql) {
      check()
      const statement = connection.prepare(sql)
      return {
        all(...values) {
          check()
          return statement.all(...values)
        },
      }
    },
    close: () => connection.close(),
  }
  return handle

  function check(): void {
    if (!handle.broken) return
    handle.onFailure()
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' })
  }
}
