import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Pool } from 'pg'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { sqliteDriver, type SqliteConnection } from '../../lib/adapters/sqlite-driver'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { testDatabase } from './postgres-database'
import { temporaryFolder } from './temporary'

export const folder = temporaryFolder()
const database = testDatabase()
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** Storage that goes wrong and comes back when it is told to. */
export interface Fault {
  readonly adapter: ModelAdapter
  begin(): unknown
  end(): unknown
  /** What status says while it lasts. */
  readonly told: RegExp
}

let made = 0
export const fresh = (extension: string): string => join(folder, `${(made += 1)}.${extension}`)

export function handle(file: string): SqliteConnection {
  const Driver = sqliteDriver()
  const connection = new Driver(file)
  ends.push(() => connection.close())
  return connection
}

/** PostgreSQL while somebody else has locked the table of the models. */
export function locked(mode: 'share' | 'access exclusive'): Fault {
  const schema = `s${(made += 1)}`
  const pool = new Pool({ connectionString: database.url, query_timeout: 300 })
  ends.push(() => pool.end())
  const lock = (how: string) => `begin; lock table ${schema}.express_model_management_models in ${how} mode`
  return {
    adapter: postgresAdapter({ pool, listenUrl: database.url, schema }),
    begin: () => database.query(lock(mode)),
    async end() {
      await database.query('commit')
      // Whoever waited for the lock comes first: what was given up is over now, one way or the other.
      await database.query(`${lock('access exclusive')}; commit`)
    },
    told: /^PostgreSQL database .*: it does not answer in time\.$/,
  }
}

/** Faults in which storage can be read, but not written. */
export const unwritable: readonly [string, () => Fault][] = [
  [
    'SQLite that may not grow',
    () => {
      const shared = handle(fresh('db'))
      const [{ page_count: pages } = { page_count: 0 }] = shared.prepare('PRAGMA page_count').all() as {
        page_count: number
      }[]
      return {
        adapter: sqliteAdapter({ database: shared }),
        begin() {
          const now = shared.prepare('PRAGMA page_count').all() as { page_count: number }[]
          shared.exec(`PRAGMA max_page_count = ${now[0]?.page_count ?? pages}`)
        },
        end: () => shared.exec('PRAGMA max_page_count = 1000000'),
        told: /^SQLite database .*: .*database or disk is full; make space on its disk$/,
      }
    },
  ],
  [
    'SQLite that is read-only',
    () => {
      const shared = handle(fresh('db'))
      return {
        adapter: sqliteAdapter({ database: shared }),
        begin: () => shared.exec('PRAGMA query_only = 1'),
        end: () => shared.exec('PRAGMA query_only = 0'),
        told: /^SQLite database .*: .*readonly database; let the user this process runs as write to it and to its folder$/,
      }
    },
  ],
  ['PostgreSQL whose rows another one has locked', () => locked('share')],
]

/** Faults in which storage can be neither read nor written. */
export const unreadable: readonly [string, () => Fault][] = [
  [
    'a SQLite file that is no database any more',
    () => {
      const file = fresh('db')
      let good: Buffer
      return {
        adapter: sqliteAdapter({ file }),
        begin() {
          const other = handle(file)
          other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
          good = readFileSync(file)
          writeFileSync(file, Buffer.alloc(good.length, 'not a database '))
        },
        end: () => writeFileSync(file, good),
        told: /^SQLite database .*: .*(not a database|malformed); restore it from a copy$/,
      }
    },
  ],
  [
    'a SQLite file that is gone',
    () => {
      const file = fresh('db')
      const move = (from: string, to: string): void => {
        for (const part of ['', '-wal', '-shm'])
          if (existsSync(from + part)) renameSync(from + part, to + part)
      }
      return {
        adapter: sqliteAdapter({ file }),
        begin: () => move(file, `${file}.aside`),
        end: () => move(`${file}.aside`, file),
        told: /^SQLite database .*\.db is gone; put it back, or restart to begin with an empty one\.$/,
      }
    },
  ],
  [
    'a models file that is gone',
    () => spoiltModels(rmSync, /\.yaml is gone; put it back, or restart to begin with an empty one$/),
  ],
  [
    'a models file that was cut off',
    () =>
      spoiltModels(
        (file) => writeFileSync(file, 'model_list: [{model_name: m, litellm'),
        /\.yaml:1.* Until it is mended, models can be neither read nor changed\.$/,
      ),
  ],
  [
    'a models file that was emptied',
    () =>
      spoiltModels(
        (file) => writeFileSync(file, ''),
        /\.yaml has lost its model_list; to remove every model write model_list: \[\]\. Until it is mended, models can be neither read nor changed\.$/,
      ),
  ],
  ['PostgreSQL that does not answer', () => locked('access exclusive')],
]

/** A models file that others spoil, and mend later on. */
function spoiltModels(spoil: (file: string) => void, told: RegExp): Fault {
  const file = fresh('yaml')
  let good: Buffer
  return {
    adapter: yamlFileAdapter({ file }),
    begin() {
      good = readFileSync(file)
      spoil(file)
    },
    end: () => writeFileSync(file, good),
    told,
  }
}
