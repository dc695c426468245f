import { join } from 'node:path'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { sqliteDriver, type SqliteLike } from '../../lib/adapters/sqlite-driver'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let files = 0
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

function handle(file = join(folder, `${(files += 1)}.db`)) {
  const connection = new (sqliteDriver())(file)
  ends.push(() => connection.close())
  return { connection, file }
}

function over(database: SqliteLike) {
  const adapter = sqliteAdapter({ database })
  ends.push(() => adapter.close())
  return adapter
}

/** A handle that tells of every statement that is about to run. */
function watched(database: SqliteLike, before: (sql: string) => void): SqliteLike {
  return {
    exec(sql) {
      before(sql)
      return database.exec(sql)
    },
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        all(...values) {
          before(sql)
          return statement.all(...values)
        },
      }
    },
  }
}

const moment = (at: number): string => `2026-01-02T03:04:05.${String(at).padStart(6, '0')}Z`
const isPage = (sql: string): boolean => /WHERE sequence > .*LIMIT/s.test(sql)

describe('writes at once', () => {
  test('are one commit', async () => {
    const { connection } = handle()
    const run: string[] = []
    const adapter = over(watched(connection, (sql) => void run.push(sql)))
    await adapter.init()
    run.splice(0)
    const ids = Array.from({ length: 10 }, (_, at) => `m${at}`)
    const results = await Promise.all(ids.map((id) => adapter.create(draft(id))))
    expect(results.map((result) => result.ok && result.model.id)).toEqual(ids)
    expect(run.filter((sql) => sql === 'COMMIT')).toHaveLength(1)
  })

  test('of one id are done in their order, and each is told what became of it', async () => {
    const adapter = over(handle().connection)
    const results = await Promise.all([
      adapter.create(draft('one')),
      adapter.create(draft('one')),
      adapter.update(draft('one', { blocked: true })),
      adapter.update(draft('one'), { ifRevision: 'never-was' }),
      adapter.delete('two'),
      adapter.delete('one'),
    ])
    expect(results.map((result) => (result.ok ? result.model.blocked : result.reason))).toEqual([
      false,
      'exists',
      true,
      'stale',
      'missing',
      true,
    ])
    expect(await adapter.list()).toEqual([])
  })

  test('of which storage refuses one are done without it', async () => {
    const { connection } = handle()
    const adapter = over(connection)
    await adapter.init()
    connection.exec(`CREATE TRIGGER bad BEFORE INSERT ON express_model_management_models WHEN NEW.id = 'bad'
      BEGIN SELECT RAISE(ABORT, 'not this one'); END`)
    const ids = ['one', 'bad', 'two']
    const results = await Promise.allSettled(ids.map((id) => adapter.create(draft(id))))
    expect(results).toEqual([
      { status: 'fulfilled', value: expect.objectContaining({ ok: true }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'storage_unavailable' }) },
      { status: 'fulfilled', value: expect.objectContaining({ ok: true }) },
    ])
    expect((await adapter.list()).map(({ id }) => id)).toEqual(['one', 'two'])
  })
})

describe('a list of many pages', () => {
  /** Twelve hundred models, the newest first. */
  async function filled(adapter: ReturnType<typeof sqliteAdapter>): Promise<readonly string[]> {
    const drafts = Array.from({ length: 1200 }, (_, at) =>
      draft(`m${at}`, { createdAt: moment(9999 - (at >> 1)) }),
    )
    await adapter.batch(drafts.map((one) => ({ kind: 'create', draft: one })))
    // Of two of one moment the one that came first.
    return Array.from({ length: 600 }, (_, pair) => [1198 - pair * 2, 1199 - pair * 2])
      .flat()
      .map((at) => `m${at}`)
  }

  test('is in creation order, and so are the revisions', async () => {
    const adapter = over(handle().connection)
    const ids = await filled(adapter)
    expect((await adapter.list()).map(({ id }) => id)).toEqual(ids)
    expect((await adapter.revisions()).map(({ id }) => id)).toEqual(ids)
  })

  test.each([
    ['once', 1],
    ['all the time', Infinity],
  ])('that is written to meanwhile, %s, is as it was at one moment', async (_, times) => {
    const { connection, file } = handle()
    const other = over(handle(file).connection)
    let left = 0
    const writing: Promise<unknown>[] = []
    const adapter = over(
      watched(connection, (sql) => {
        if (!isPage(sql) || left <= 0) return
        left--
        // The first and the last of the list: a page of before with a page of after would show one of them alone.
        const changed = (id: string) => draft(id, { updatedAt: moment(writing.length) })
        writing.push(
          other.batch([
            { kind: 'update', draft: { ...changed('m0'), createdAt: moment(9999) } },
            { kind: 'update', draft: { ...changed('m1198'), createdAt: moment(9400) } },
          ]),
        )
      }),
    )
    const ids = await filled(adapter)
    left = times
    const list = await adapter.list()
    left = 0
    await Promise.all(writing)
    expect(list.map(({ id }) => id)).toEqual(ids)
    const updated = (id: string) => list.find((model) => model.id === id)?.updatedAt
    expect(updated('m0')).toBe(updated('m1198'))
  })
})
