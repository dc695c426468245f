import { postgresAdapter } from '../../lib/adapters/postgres'
import { makeApp } from '../support/app'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'
import { transactionPool, type TransactionPool } from '../support/transaction-pool'

const database = testDatabase()
let pool: TransactionPool
beforeEach(async () => {
  pool = await transactionPool(database.url)
})
afterEach(() => pool.end())

const unheard =
  /^Changes by other instances are not heard at once: PostgreSQL database of the pool: changes are not heard, it does not answer in time\. Behind a pooler, give a direct connection as listenUrl, or listenUrl: false to do without\. They are found by reading storage every 30000 ms \(option 'refreshMs'\)\.$/

describe('28 behind a pooler that shares sessions', () => {
  test('status warns that changes are not heard, and no session goes on listening', async () => {
    const adapter = postgresAdapter({ pool, schema: 'pooled', heartbeatMs: 50 })
    const { router, post, get, send } = await makeApp({ adapter })
    expect(router.registry.status()).toMatchObject({
      ready: true,
      degraded: false,
      warnings: [expect.stringMatching(unheard)],
    })
    expect(await pool.channels()).toEqual([])
    const body = { model_name: 'm', litellm_params: { model: 'x' }, model_info: { id: 'one' } }
    expect((await post('/model/new', body)).status).toBe(200)
    expect((await send('patch', '/model/one/update', { litellm_params: { rpm: 1 } })).status).toBe(200)
    expect((await get('/model/info')).body.data).toHaveLength(1)
    await router.close()
    expect(await pool.channels()).toEqual([])
  })

  test('listenUrl: false does without listening and without a warning', async () => {
    const adapter = postgresAdapter({ pool, schema: 'pooled', listenUrl: false })
    expect('watch' in adapter).toBe(false)
    const { router, log } = await makeApp({ adapter })
    expect([router.registry.status().warnings, log]).toEqual([[], []])
    const other = postgresAdapter({ url: database.url, schema: 'pooled', listenUrl: false })
    await other.create(draft('by another'))
    await router.registry.reload()
    expect(router.registry.list().map(({ model_info: { id } }) => id)).toContain('by another')
    await Promise.all([router.close(), other.close()])
    expect(await pool.channels()).toEqual([])
  })

  test('row level security is switched off for the transaction only', async () => {
    const adapter = postgresAdapter({ pool, schema: 'pooled', listenUrl: false })
    await adapter.list()
    for (let session = 0; session < 3; session += 1)
      expect((await pool.query('show row_security')).rows).toEqual([{ row_security: 'on' }])
  })
})
