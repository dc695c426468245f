import { Pool } from 'pg'
import { postgresAdapter } from '../../lib/adapters/postgres'
import type { PgPoolLike } from '../../lib/adapters/postgres-driver'
import { testDatabase } from '../support/postgres-database'

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

/** Of the driver. */
const query_timeout = 400

/** An adapter over a link of so many bytes a second, by a clock that moves with what the link passes and with nothing else. */
function overSlowLink(schema: string, bytesPerSecond: number) {
  let now = performance.now()
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now)
  ends.push(() => clock.mockRestore())
  const pages: number[] = []
  const adapter = postgresAdapter({
    pool: passing((bytes) => {
      const took = (bytes / bytesPerSecond) * 1000
      now += Math.min(took, query_timeout)
      pages.push(bytes)
      if (took > query_timeout) throw new Error('Query read timeout')
    }),
    schema,
    listenUrl: false,
  })
  return { adapter, pages }
}

/** A pool that tells how large each answer is. */
function passing(pass: (bytes: number) => void): PgPoolLike {
  const pool = new Pool({ connectionString: database.url })
  ends.push(() => pool.end())
  type Query = PgPoolLike['query']
  const told =
    (query: Query): Query =>
    async (text, values) => {
      const result = await query(text, values)
      pass(JSON.stringify(result.rows ?? []).length)
      return result
    }
  return {
    query: told((text, values) => pool.query(text, values)),
    async connect() {
      const client = await pool.connect()
      const query = told((text, values) => client.query(text, values))
      return Object.assign(Object.create(client) as typeof client, { query })
    },
  }
}

const sizes: readonly (readonly [string, string, number, number])[] = [
  ['5,000 models of 6 MB', 'select n, 1024 from generate_series(1, 5000) as n', 5000, 2e5],
  [
    'many small models between large ones',
    'select n, case when n between 3 and 1003 then 32 else 100000 end from generate_series(1, 1008) as n',
    1008,
    1e6,
  ],
]

test.each(sizes)('28 all is read over a slow link: %s', async (_, rows, count, bytesPerSecond) => {
  const schema = `slow_${count}_${bytesPerSecond}`
  await fill(schema, rows)
  const { adapter, pages } = overSlowLink(schema, bytesPerSecond)
  expect((await adapter.list()).map(({ id }) => id)).toEqual(
    Array.from({ length: count }, (_model, n) => `m${n + 1}`),
  )
  expect(Math.max(...pages)).toBeLessThan(bytesPerSecond * (query_timeout / 1000))
})

test('28 over a fast link, pages become as large as is useful', async () => {
  await fill('fast', 'select n, 1024 from generate_series(1, 2000) as n')
  const { adapter, pages } = overSlowLink('fast', 1e9)
  expect(await adapter.list()).toHaveLength(2000)
  expect(pages.length).toBeLessThan(10)
})

test('28 the revisions of many models are read over a slow link, in the order of the list', async () => {
  await fill('revised', 'select n, 32 from generate_series(1, 4000) as n')
  const { adapter } = overSlowLink('revised', 3e5)
  const revisions = await adapter.revisions()
  expect(revisions[0]).toEqual({ id: 'm1', revision: expect.any(String) as string })
  expect(revisions.map(({ id }) => id)).toEqual(Array.from({ length: 4000 }, (_, n) => `m${n + 1}`))
})

test('28 pages are of one point in time', async () => {
  await fill('still', 'select n, 32 from generate_series(1, 500) as n')
  const table = 'still.express_model_management_models'
  const pool = new Pool({ connectionString: database.url })
  ends.push(() => pool.end())
  let pages = 0
  // Another hand moves the last model to the front while the first page is under way, and deletes one.
  const disturbed: PgPoolLike = {
    query: (text, values) => pool.query(text, values),
    async connect() {
      const client = await pool.connect()
      return Object.assign(Object.create(client) as typeof client, {
        async query(text: string, values?: unknown[]) {
          const result = await client.query(text, values)
          if (text.includes('limit') && (pages += 1) === 1) {
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
})
