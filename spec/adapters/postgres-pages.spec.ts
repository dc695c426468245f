import { Pool } from 'pg'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { makeApp } from '../support/app'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'
import { silentProxy } from '../support/silent-proxy'

const database = testDatabase()
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** Models by hand: so many, each with a text of so many characters. */
async function fill(schema: string, sizes: string): Promise<void> {
  const adapter = postgresAdapter({ url: database.url, schema })
  await adapter.init()
  await adapter.close()
  await database.query(
    `insert into ${schema}.express_model_management_models (id, deployment, blocked, created_at, updated_at)
     select 'm' || n, json_build_object('model_name', 'm' || n, 'litellm_params', json_build_object('model', 'x'),
       'model_info', json_build_object('text', repeat(md5(n::text), size / 32))), false, '2026', '2026'
     from (${sizes}) as rows (n, size)`,
  )
}

/** An adapter whose driver waits 400 ms for an answer, over a link of so many bytes a second. */
async function overSlowLink(schema: string, bytesPerSecond: number) {
  const proxy = await silentProxy(database.url)
  proxy.slow(bytesPerSecond)
  const pool = new Pool({ connectionString: proxy.url(database.url), query_timeout: 400 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  ends.push(async () => {
    await proxy.close()
    await pool.end()
  })
  return postgresAdapter({ pool, schema, listenUrl: false })
}

const sizes: readonly (readonly [string, string, number, number])[] = [
  ['thousands of models', 'select n, 160 from generate_series(1, 2000) as n', 2000, 8e5],
  [
    'many small models between large ones',
    'select n, case when n between 3 and 1003 then 32 else 100000 end from generate_series(1, 1008) as n',
    1008,
    1e6,
  ],
]

test.each(sizes)('28 %s become ready over a slow link', async (_, rows, count, bytesPerSecond) => {
  const schema = `slow_${count}`
  await fill(schema, rows)
  const adapter = await overSlowLink(schema, bytesPerSecond)
  const app = await makeApp({ adapter })
  expect(app.log).toEqual([])
  expect(app.router.registry.status()).toMatchObject({ rows: count, last_error: null, warnings: [] })
})

test('28 the revisions of many models are read over a slow link, in the order of the list', async () => {
  await fill('revised', 'select n, 32 from generate_series(1, 4000) as n')
  const adapter = await overSlowLink('revised', 3e5)
  const revisions = await adapter.revisions()
  expect(revisions.slice(0, 2)).toEqual([
    { id: 'm1', revision: expect.any(String) },
    { id: 'm2', revision: expect.any(String) },
  ])
  expect(revisions.map(({ id }) => id)).toEqual(Array.from({ length: 4000 }, (_, n) => `m${n + 1}`))
})

test('28 pages are of one point in time', async () => {
  await fill('still', 'select n, 32 from generate_series(1, 500) as n')
  const pool = new Pool({ connectionString: database.url })
  ends.push(() => pool.end())
  let pages = 0
  // Another hand moves the last model to the front while the first page is under way, and deletes one.
  const disturbed = {
    query: (text: string, values?: unknown[]) => pool.query(text, values),
    async connect() {
      const client = await pool.connect()
      const query = client.query.bind(client)
      return Object.assign(Object.create(client) as typeof client, {
        async query(text: string, values?: unknown[]) {
          const result = await query(text, values)
          if (/limit/.test(text) && (pages += 1) === 1) {
            const table = 'still.express_model_management_models'
            await database.query(`update ${table} set created_at = '2000' where id = 'm500'`)
            await database.query(`delete from ${table} where id = 'm400'`)
          }
          return result
        },
      })
    },
  }
  const adapter = postgresAdapter({ pool: disturbed, schema: 'still', listenUrl: false })
  const ids = (await adapter.list()).map(({ id }) => id)
  expect(pages).toBeGreaterThan(2)
  expect(ids).toEqual(Array.from({ length: 500 }, (_, n) => `m${n + 1}`))
  expect((await adapter.list()).map(({ id }) => id).slice(0, 2)).toEqual(['m500', 'm1'])
  await adapter.create(draft('after'))
})
