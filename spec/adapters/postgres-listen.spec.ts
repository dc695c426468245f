import { Pool } from 'pg'
import { postgresAdapter, type PostgresAdapterOptions } from '../../lib/adapters/postgres'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'
import { silentProxy, type SilentProxy } from '../support/silent-proxy'

const database = testDatabase()
let proxy: SilentProxy
beforeEach(async () => {
  proxy = await silentProxy(database.url)
})
afterEach(() => proxy.close())

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

let schemas = 0

/** An adapter in a schema of its own, and what it tells; `heard` waits for the next one that was not asked for yet. */
async function watched(options: PostgresAdapterOptions & { readonly listenUrl?: string } = {}) {
  const schema = `s${(schemas += 1)}`
  const adapter = postgresAdapter({ url: database.url, schema, heartbeatMs: 50, ...options })
  ends.push(() => adapter.close())
  const hints: (readonly string[] | 'all')[] = []
  let asked = 0
  let wake = (): void => {}
  const unwatch = await adapter.watch((ids) => {
    hints.push(ids)
    wake()
  })
  async function heard() {
    while (hints.length <= asked) await new Promise<void>((resolve) => (wake = resolve))
    return hints[asked++]
  }
  expect(await heard()).toBe('all')
  return { adapter, schema, unwatch, heard, hints }
}

async function killListeners() {
  // Nothing else of this database does a heartbeat.
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and (query like 'listen %' or query like '%pg_listening_channels%')
       and pid <> pg_backend_pid()`,
  )
}

describe('a hint', () => {
  test('names what was written, once for a batch, and not at all for a write that was refused', async () => {
    const { adapter, heard } = await watched()
    await adapter.create(draft('one'))
    expect(await heard()).toEqual(['one'])
    await adapter.create(draft('one'))
    await adapter.update(draft('one'), { ifRevision: 'never-was' })
    await adapter.delete('two')
    await adapter.batch([
      { kind: 'create', draft: draft('three') },
      { kind: 'delete', id: 'two' },
    ])
    await adapter.update(draft('one'))
    expect(await heard()).toEqual(['one'])
    await adapter.delete('one')
    expect(await heard()).toEqual(['one'])
  })

  test('comes for what is edited by hand, with all ids or none', async () => {
    const { adapter, schema, heard } = await watched()
    const table = `${schema}.express_model_management_models`
    const ids = ['ä', '"b"', 'c\n']
    for (const id of ids) {
      await adapter.create(draft(id))
      expect(await heard()).toEqual([id])
    }
    await database.query(`update ${table} set blocked = true`)
    expect((await heard()) as string[]).toEqual(expect.arrayContaining(ids))
    await database.query(`update ${table} set id = 'new' where id = 'ä'`)
    expect(new Set([await heard(), await heard()].flat())).toEqual(new Set(['new', 'ä']))
    await database.query(`truncate ${table}`)
    expect(await heard()).toBe('all')
  })

  test('with more ids than a note takes means everything', async () => {
    const { adapter, schema, heard } = await watched()
    await adapter.create(draft('i'.repeat(9000)))
    expect(await heard()).toBe('all')
    await database.query(
      `insert into ${schema}.express_model_management_models (id, deployment, blocked, created_at, updated_at)
       select 'model number ' || n, '{}', false, '', '' from generate_series(1, 1000) as n`,
    )
    expect(await heard()).toBe('all')
    await adapter.create(draft('short'))
    expect(await heard()).toEqual(['short'])
  })

  test('of new settings means everything', async () => {
    const { adapter, heard } = await watched()
    for (const first of [true, false]) {
      await adapter.writeSettings({ first })
      expect(await heard()).toBe('all')
    }
    await adapter.create(draft('one'))
    expect(await heard()).toEqual(['one'])
  })

  test('is for one schema only', async () => {
    const one = await watched()
    const other = await watched()
    await other.adapter.create(draft('theirs'))
    expect(await other.heard()).toEqual(['theirs'])
    await one.adapter.create(draft('ours'))
    expect(await one.heard()).toEqual(['ours'])
    expect(one.hints).toEqual(['all', ['ours']])
  })

  test('that is not understood means everything', async () => {
    const { heard } = await watched()
    await database.query(`notify express_model_management, 'what?'`)
    expect(await heard()).toBe('all')
    await database.query('notify express_model_management')
    expect(await heard()).toBe('all')
  })
})

describe("hints go on, and 'all' says that some may be missing,", () => {
  test('when the listening connection is killed', async () => {
    const { adapter, heard } = await watched()
    await killListeners()
    expect(await heard()).toBe('all')
    await adapter.create(draft('one'))
    expect(await heard()).toEqual(['one'])
  })

  test('when a listening connection of the pool is killed', async () => {
    const pool = new Pool({ connectionString: database.url })
    pool.on('error', () => {})
    ends.push(() => pool.end())
    const { adapter, heard } = await watched({ pool, url: undefined })
    await killListeners()
    expect(await heard()).toBe('all')
    await adapter.create(draft('one'))
    expect(await heard()).toEqual(['one'])
  })

  test('when the other side of the listening connection is gone without a word', async () => {
    const { adapter, heard, hints } = await watched({ listenUrl: proxy.url(database.url) })
    const began = Date.now()
    proxy.silence()
    await adapter.create(draft('unheard'))
    expect(await heard()).toBe('all')
    expect(hints).toEqual(['all', 'all'])
    // The heartbeat and the wait for its answer, the first wait before connecting, and some air.
    expect(Date.now() - began).toBeLessThan(50 + 500 + 100 + 1500)
    await adapter.create(draft('heard'))
    expect(await heard()).toEqual(['heard'])
  })

  test('when the server stops and starts again', async () => {
    const { adapter, heard } = await watched({ url: proxy.url(database.url) })
    proxy.stop()
    await expect(adapter.list()).rejects.toMatchObject({ code: 'storage_unavailable' })
    proxy.start()
    expect(await heard()).toBe('all')
    await adapter.create(draft('one'))
    expect(await heard()).toEqual(['one'])
  })
})

describe('watch', () => {
  test('that cannot hear anything rejects, says what to do, and does not keep the next read waiting', async () => {
    // Notes do not cross databases, as they do not cross a transaction pooler: LISTEN succeeds, nothing comes.
    const elsewhere = new URL(database.url)
    elsewhere.pathname = 'postgres'
    const adapter = postgresAdapter({
      url: database.url,
      listenUrl: elsewhere.href,
      schema: 'deaf',
      heartbeatMs: 50,
    })
    ends.push(() => adapter.close())
    const refusal = {
      code: 'storage_unavailable',
      message: expect.stringMatching(
        /^PostgreSQL database [\d.:]+\/t_\w+: changes are not heard, .+\. Behind a pooler, give a direct connection as listenUrl, or listenUrl: false to do without\.$/,
      ),
    }
    await expect(adapter.watch(() => {})).rejects.toMatchObject(refusal)
    const began = Date.now()
    await expect(adapter.watch(() => {})).rejects.toMatchObject(refusal)
    expect(Date.now() - began).toBeLessThan(400)
    expect(await adapter.create(draft('one'))).toMatchObject({ ok: true })
    expect(await listenersOf('postgres')).toBe(0)
  })

  test('is tried anew a second after it was refused, whatever the time of day is set to', async () => {
    const adapter = postgresAdapter({ url: database.url, listenUrl: 'postgres://127.0.0.1:1/none' })
    ends.push(() => adapter.close())
    const refused = () =>
      adapter
        .watch(() => {})
        .then(
          () => 'watched',
          (error: unknown) => error,
        )
    const first = await refused()
    expect([first, await refused()]).toEqual([
      expect.objectContaining({ code: 'storage_unavailable' }),
      first,
    ])
    const timeOfDay = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000)
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1001)
    ends.push(
      () => timeOfDay.mockRestore(),
      () => clock.mockRestore(),
    )
    const next = await refused()
    expect([next, next === first]).toEqual([expect.objectContaining({ code: 'storage_unavailable' }), false])
  })

  test('left by the last listener gives its connection back, and can begin again', async () => {
    const { adapter, unwatch } = await watched()
    const stay = await adapter.watch(() => {})
    await unwatch()
    expect(await listenersOf()).toBe(1)
    await stay()
    while ((await listenersOf()) > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    let tell = (_ids: readonly string[]): void => {}
    const told = new Promise((resolve) => (tell = resolve))
    await adapter.watch((ids) => ids !== 'all' && tell(ids))
    await adapter.create(draft('one'))
    expect(await told).toEqual(['one'])
  })
})

describe('close', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout')

  test('leaves neither a connection nor anything else that keeps the process alive', async () => {
    const before = timers()
    const { adapter } = await watched({ url: proxy.url(database.url) })
    await Promise.all([adapter.list(), adapter.list(), adapter.list()])
    expect(proxy.clients()).toBeGreaterThanOrEqual(3)
    await adapter.close()
    expect(timers().length).toBeLessThanOrEqual(before.length)
    while (proxy.clients() > 0) await new Promise(setImmediate)
  })

  test('does not wait for a server that is gone without a word', async () => {
    const { adapter } = await watched({ url: proxy.url(database.url), heartbeatMs: 60_000 })
    await adapter.list()
    proxy.silence()
    const began = Date.now()
    await adapter.close()
    expect(Date.now() - began).toBeLessThan(2500)
  })
})

/** How many listening connections a database has. */
async function listenersOf(name?: string) {
  const [row] = await database.query(
    `select count(*)::int as count from pg_stat_activity
     where datname = coalesce($1, current_database()) and application_name = 'express-model-management'
       and (query like 'listen %' or query like '%pg_listening_channels%')`,
    [name ?? null],
  )
  return row?.['count'] as number
}
