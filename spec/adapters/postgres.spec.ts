import { Pool } from 'pg'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { postgresAdapter, type PostgresAdapterOptions } from '../../lib/adapters/postgres'
import { registerConformance } from '../../lib/testing'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'
import { silentProxy, type SilentProxy } from '../support/silent-proxy'

const database = testDatabase()
let proxy: SilentProxy
beforeAll(async () => {
  proxy = await silentProxy(database.url)
})
afterAll(() => proxy.close())

let schemas = 0
const freshSchema = () => `s${(schemas += 1)}`

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

function open(options: PostgresAdapterOptions & { readonly listenUrl?: string }) {
  const adapter = postgresAdapter({ url: database.url, ...options })
  ends.push(() => adapter.close())
  return adapter
}

async function tablesOf(schema: string) {
  const sql = 'select tablename from pg_tables where schemaname = $1 order by 1'
  return (await database.query(sql, [schema])).map(({ tablename }) => tablename)
}

async function outage() {
  proxy.stop()
  return async () => proxy.start()
}

describe('over a URL', () => {
  const places = new WeakMap<ModelAdapter, string>()
  function over(schema: string) {
    const adapter = postgresAdapter({ url: proxy.url(database.url), schema })
    places.set(adapter, schema)
    return adapter
  }
  const again = (adapter: ModelAdapter) => over(places.get(adapter)!)

  registerConformance(test, {
    create: () => over(freshSchema()),
    peer: again,
    reopen: again,
    outage,
    absent: ['version'],
  })
})

describe('over a pool of the host', () => {
  const pools: Pool[] = []
  const places = new WeakMap<ModelAdapter, string>()
  beforeAll(() => {
    for (const _ of ['first', 'peer']) {
      const pool = new Pool({ connectionString: proxy.url(database.url) })
      pool.on('error', () => {})
      pools.push(pool)
    }
  })
  afterAll(() => Promise.all(pools.map((pool) => pool.end())))

  function over(schema: string, pool = pools[0]) {
    const adapter = postgresAdapter({ pool, schema })
    places.set(adapter, schema)
    return adapter
  }
  const peer = (adapter: ModelAdapter) => over(places.get(adapter)!, pools[1])
  const reopen = (adapter: ModelAdapter) => over(places.get(adapter)!)

  registerConformance(test, { create: () => over(freshSchema()), peer, reopen, outage, absent: ['version'] })
})

describe('the tables', () => {
  test('eight gateways that start at the same moment all succeed', async () => {
    const schema = freshSchema()
    const adapters = Array.from({ length: 8 }, () => open({ schema }))
    await Promise.all(adapters.map((adapter) => adapter.init()))
    const results = await Promise.all(adapters.map((adapter, index) => adapter.create(draft(`of ${index}`))))
    expect(results.map(({ ok }) => ok)).toEqual(Array.from({ length: 8 }, () => true))
  })

  test('are in the schema that was named, and other tables are left alone', async () => {
    const schema = 'Ours "and" mine'
    await database.query('create schema "Ours ""and"" mine"; create table "Ours ""and"" mine".mine (a int)')
    await open({ schema }).create(draft('one'))
    expect(await tablesOf(schema)).toEqual([
      'express_model_management_migrations',
      'express_model_management_models',
      'express_model_management_settings',
      'mine',
    ])
  })

  test('are in the schema public by default', async () => {
    await open({}).init()
    expect(await tablesOf('public')).toEqual([
      'express_model_management_migrations',
      'express_model_management_models',
      'express_model_management_settings',
    ])
  })

  test('that are there are used by a user who may not create anything', async () => {
    const schema = freshSchema()
    await open({ schema }).create(draft('one'))
    const user = `u_${schema}_${process.pid}`
    await database.query(`create role ${user} login;
      grant usage on schema ${schema} to ${user};
      grant select on all tables in schema ${schema} to ${user}`)
    const url = new URL(database.url)
    url.username = user
    const reader = open({ url: url.href, schema })
    expect(await reader.list()).toHaveLength(1)
    await expect(reader.create(draft('two'))).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('the user lacks a right'),
    })
    await reader.close()
    await database.query(`drop owned by ${user}; drop role ${user}`)
  })
})

describe('models', () => {
  test('keep the order of their keys and the exact text of their times', async () => {
    const adapter = open({ schema: freshSchema() })
    const deployment = {
      model_name: 'm',
      litellm_params: { model: 'b', a: { z: 1, b: 2 } },
      model_info: {},
      a: 1,
    }
    const createdAt = '2026-08-17T04:02:54.123001Z'
    await adapter.create(draft('one', { deployment, createdAt, updatedAt: createdAt }))
    const model = await adapter.get('one')
    expect(JSON.stringify(model?.deployment)).toBe(JSON.stringify(deployment))
    expect(model).toMatchObject({ createdAt, updatedAt: createdAt })
  })

  test('are listed by the time they were created at, those of one moment in the order they came', async () => {
    const adapter = open({ schema: freshSchema() })
    const years = { c: 2030, b: 2001, a: 2030, d: 2015 }
    for (const [id, year] of Object.entries(years)) {
      await adapter.create(draft(id, { createdAt: `${year}-01-01T00:00:00.000000Z` }))
    }
    expect((await adapter.list()).map(({ id }) => id)).toEqual(['b', 'd', 'c', 'a'])
  })

  test('edited by hand get a new revision', async () => {
    const schema = freshSchema()
    const adapter = open({ schema })
    const created = await adapter.create(draft('one'))
    const before = created.ok ? created.model.revision : ''
    await database.query(`update ${schema}.express_model_management_models set blocked = true`)
    expect(await adapter.get('one')).toMatchObject({
      blocked: true,
      revision: expect.not.stringMatching(before),
    })
    expect(await adapter.update(draft('one'), { ifRevision: before })).toEqual({ ok: false, reason: 'stale' })
  })

  test('written by batches in opposite order do not make them wait for each other', async () => {
    const adapter = open({ schema: freshSchema() })
    const ids = Array.from({ length: 20 }, (_, index) => `m${index}`)
    await adapter.batch(ids.map((id) => ({ kind: 'create', draft: draft(id) })))
    const updates = ids.map((id) => ({ kind: 'update' as const, draft: draft(id) }))
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) => adapter.batch(index % 2 ? updates : updates.toReversed())),
    )
    expect(results.every(({ ok }) => ok)).toBe(true)
  })
})

test('settings are null until they are written, and then the same for all', async () => {
  const schema = freshSchema()
  const [one, other] = [open({ schema }), open({ schema })]
  expect(await one.readSettings()).toBeNull()
  await one.writeSettings({ z: 1, a: [null, 1.5e-7] })
  expect(JSON.stringify(await other.readSettings())).toBe('{"z":1,"a":[null,1.5e-7]}')
  await other.writeSettings({})
  expect(await one.readSettings()).toEqual({})
})

test('a pool that was passed in stays open', async () => {
  const pool = new Pool({ connectionString: database.url })
  ends.push(() => pool.end())
  const adapter = postgresAdapter({ pool, schema: freshSchema() })
  await (
    await adapter.watch(() => {})
  )()
  await adapter.watch(() => {})
  await adapter.close()
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  // The connection that listened did not go back to the pool.
  expect((await pool.query('select from pg_listening_channels()')).rows).toEqual([])
})

test('use after close rejects as closed, whatever is called', async () => {
  const adapter = open({ schema: freshSchema() })
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
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'closed' })
})
