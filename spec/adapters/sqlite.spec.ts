import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { sqliteDriver, type SqliteConnection } from '../../lib/adapters/sqlite-driver'
import { registerConformance } from '../../lib/testing'
import { brittleSqlite, type BrittleSqlite } from '../support/brittle-sqlite'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let files = 0
const freshFile = () => join(folder, `${(files += 1)}.db`)

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function open(file = freshFile()) {
  const adapter = sqliteAdapter({ file, pollMs: 10 })
  ends.push(() => adapter.close())
  return { adapter, file }
}

function handle(file: string): SqliteConnection {
  const Driver = sqliteDriver()
  const connection = new Driver(file)
  ends.push(() => connection.close())
  return connection
}

describe('over a file', () => {
  const places = new WeakMap<ModelAdapter, string>()
  function over(file: string) {
    const adapter = sqliteAdapter({ file, pollMs: 10 })
    places.set(adapter, file)
    return adapter
  }
  const again = (adapter: ModelAdapter) => over(places.get(adapter)!)

  registerConformance(test, { create: () => over(freshFile()), peer: again, reopen: again })
})

describe('over a handle that the host opened', () => {
  const handles = new WeakMap<ModelAdapter, BrittleSqlite>()
  function over(database: BrittleSqlite) {
    const adapter = sqliteAdapter({ database, pollMs: 10 })
    handles.set(adapter, database)
    return adapter
  }
  function create() {
    const database = brittleSqlite(freshFile())
    ends.push(() => database.close())
    return over(database)
  }
  const again = (adapter: ModelAdapter) => over(handles.get(adapter)!)
  async function outage(adapter: ModelAdapter) {
    handles.get(adapter)!.broken = true
    return async () => {
      handles.get(adapter)!.broken = false
    }
  }

  registerConformance(test, { create, peer: again, reopen: again, outage })

  test('the handle stays open after close', async () => {
    const database = handle(freshFile())
    const adapter = sqliteAdapter({ database })
    await adapter.create(draft('one'))
    await adapter.close()
    expect(database.prepare('SELECT id FROM express_model_management_models').all()).toEqual([
      expect.objectContaining({ id: 'one' }),
    ])
  })

  test('the handle keeps its settings', async () => {
    const database = handle(freshFile())
    await sqliteAdapter({ database }).init()
    expect(database.prepare('PRAGMA journal_mode').all()).toEqual([
      expect.objectContaining({ journal_mode: 'delete' }),
    ])
  })

  test('a handle in memory is not durable', async () => {
    expect(sqliteAdapter({ database: handle(':memory:') }).durable).toBe(false)
    expect(sqliteAdapter({ database: handle(freshFile()) }).durable).toBe(true)
  })

  test('a lock held while the adapter starts is waited for', async () => {
    const file = freshFile()
    const lock = handle(file)
    lock.exec('BEGIN IMMEDIATE')
    // This handle has no busy timeout, so that the first try fails at once.
    const started = sqliteAdapter({ database: handle(file) }).init()
    lock.exec('COMMIT')
    await started
  })

  test("a listener that may have missed something in an outage is told 'all' after", async () => {
    const database = brittleSqlite(freshFile())
    ends.push(() => database.close())
    const adapter = sqliteAdapter({ database, pollMs: 1 })
    ends.push(() => adapter.close())
    const hints: unknown[] = []
    let heard = (): void => {}
    await adapter.watch((ids) => {
      hints.push(ids)
      heard()
    })
    database.broken = true
    await new Promise<void>((resolve) => {
      database.onFailure = resolve
    })
    const told = new Promise<void>((resolve) => (heard = resolve))
    database.broken = false
    await told
    expect(hints).toEqual(['all', 'all'])
  })

  test("a write within the host's own transaction is rejected, not left to its fate", async () => {
    const database = handle(freshFile())
    const adapter = sqliteAdapter({ database })
    await adapter.init()
    database.exec('BEGIN')
    await expect(adapter.create(draft('one'))).rejects.toMatchObject({ code: 'storage_unavailable' })
    database.exec('COMMIT')
    expect(await adapter.create(draft('one'))).toMatchObject({ ok: true })
  })
})

describe('the file', () => {
  test('is readable for its owner only, with its -wal and -shm', async () => {
    const { adapter, file } = open(join(folder, 'private.db'))
    await adapter.create(draft('one'))
    const modes = readdirSync(folder)
      .filter((name) => name.startsWith('private.db'))
      .map((name) => [name, statSync(join(folder, name)).mode & 0o777])
    expect(modes).toEqual([
      ['private.db', 0o600],
      ['private.db-shm', 0o600],
      ['private.db-wal', 0o600],
    ])
    expect(file).toBe(join(folder, 'private.db'))
  })

  test('keeps the mode it has when it is there already', async () => {
    const file = freshFile()
    writeFileSync(file, '')
    chmodSync(file, 0o640)
    await open(file).adapter.init()
    expect(statSync(file).mode & 0o777).toBe(0o640)
  })

  test('is in WAL mode', async () => {
    const { adapter, file } = open()
    await adapter.init()
    expect(handle(file).prepare('PRAGMA journal_mode').all()).toEqual([
      expect.objectContaining({ journal_mode: 'wal' }),
    ])
  })

  test('gets tables of this package only, and other tables are left alone', async () => {
    const file = freshFile()
    const host = handle(file)
    host.exec('CREATE TABLE mine (a); INSERT INTO mine VALUES (1)')
    await open(file).adapter.create(draft('one'))
    const tables = host.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
    expect((tables as { name: string }[]).map(({ name }) => name)).toEqual([
      'express_model_management_changes',
      'express_model_management_migrations',
      'express_model_management_models',
      'express_model_management_settings',
      'mine',
      'sqlite_sequence',
    ])
    expect(host.prepare('SELECT a FROM mine').all()).toEqual([expect.objectContaining({ a: 1 })])
  })

  test('in a folder that is not there: the message says what to do, and the next try works', async () => {
    const later = join(folder, 'later')
    const { adapter } = open(join(later, 'models.db'))
    await expect(adapter.init()).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: `SQLite database ${later}/models.db cannot be created: the folder ${later} does not exist; create it, or mount the volume that holds it.`,
    })
    mkdirSync(later)
    await adapter.init()
    expect(await adapter.create(draft('one'))).toMatchObject({ ok: true })
  })

  test('that is no database: the message names the file, the reason and what to do', async () => {
    const file = freshFile()
    writeFileSync(file, 'no database '.repeat(100))
    const { adapter } = open(file)
    await expect(adapter.list()).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: `SQLite database ${file}: file is not a database; restore it from a copy`,
      cause: expect.anything(),
    })
  })
})

test('models are listed by the time they were created at, those of one moment in the order they came', async () => {
  const { adapter } = open()
  const years = { c: 2030, b: 2001, a: 2030, d: 2015 }
  for (const [id, year] of Object.entries(years)) {
    await adapter.create(draft(id, { createdAt: `${year}-01-01T00:00:00.000000Z` }))
  }
  expect((await adapter.list()).map(({ id }) => id)).toEqual(['b', 'd', 'c', 'a'])
})

describe('other hands', () => {
  test('a row whose text is no JSON is handed over as it is, among the others', async () => {
    const { adapter, file } = open()
    for (const id of ['one', 'two', 'three']) await adapter.create(draft(id))
    handle(file).exec(
      "UPDATE express_model_management_models SET deployment = '{\"model_name' WHERE id = 'two'",
    )
    const list = await adapter.list()
    expect(list.map(({ id, deployment }) => [id, deployment])).toEqual([
      ['one', draft('one').deployment],
      ['two', '{"model_name'],
      ['three', draft('three').deployment],
    ])
    expect(await adapter.get('two')).toEqual(list[1])
    expect(await adapter.update(draft('two'))).toMatchObject({ ok: true })
  })

  test('a row edited by hand gets a new revision, and the listener hears of it', async () => {
    const { adapter, file } = open()
    const created = await adapter.create(draft('one'))
    const before = created.ok ? created.model.revision : ''
    const edited = new Promise<void>((resolve) => {
      void adapter.watch(() => {
        void adapter.get('one').then((model) => model?.blocked && resolve())
      })
    })
    handle(file).exec('UPDATE express_model_management_models SET blocked = 1')
    await edited
    expect((await adapter.get('one'))?.revision).not.toBe(before)
    expect(await adapter.update(draft('one'), { ifRevision: before })).toEqual({ ok: false, reason: 'stale' })
  })

  test("other tables of the same file are none of the listener's business", async () => {
    const { adapter, file } = open()
    const hints: unknown[] = []
    let heard = (): void => {}
    await adapter.watch((ids) => {
      hints.push(ids)
      heard()
    })
    const host = handle(file)
    host.exec('CREATE TABLE mine (a); INSERT INTO mine VALUES (1)')
    const told = new Promise<void>((resolve) => (heard = resolve))
    await open(file).adapter.create(draft('one'))
    await told
    expect(hints).toEqual(['all', 'all'])
  })
})

describe('use after close', () => {
  test('rejects as closed, whatever is called', async () => {
    const { adapter, file } = open()
    await adapter.create(draft('one'))
    await adapter.close()
    const calls = [
      () => adapter.init(),
      () => adapter.ping(),
      () => adapter.list(),
      () => adapter.get('one'),
      () => adapter.watch(() => {}),
      () => adapter.create(draft('one')),
      () => adapter.update(draft('one')),
      () => adapter.delete('one'),
      () => adapter.batch([]),
      () => adapter.readSettings(),
      () => adapter.writeSettings({}),
    ]
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: 'closed',
        message: `The adapter of the SQLite database ${file} is closed.`,
      })
    }
  })

  test('a call under way when close comes is done or rejected as closed', async () => {
    const { adapter } = open()
    const listing = adapter.list()
    await adapter.close()
    await expect(listing).rejects.toMatchObject({ code: 'closed' })
  })
})
