import { postgresAdapter } from '../../lib/adapters/postgres'
import { sealed } from '../../lib/adapters/sealed'
import { makeApp, type TestApp } from '../support/app'
import { testDatabase } from '../support/postgres-database'
import { silentProxy, type SilentProxy } from '../support/silent-proxy'

const database = testDatabase()
let proxy: SilentProxy
beforeEach(async () => {
  proxy = await silentProxy(database.url)
})
afterEach(() => proxy.close())

describe('28 while the listening connection cannot be made again', () => {
  const warnings = ({ router }: TestApp) => router.registry.status().warnings

  test('status warns, and no longer when it is back, also around a sealed store', async () => {
    const listenUrl = proxy.url(database.url)
    const plain = postgresAdapter({ url: database.url, listenUrl, schema: 'lost', heartbeatMs: 50 })
    const app = await makeApp({ adapter: sealed(plain, { keys: 'a secret that is long enough' }) })
    expect(warnings(app)).toEqual([])
    proxy.stop()
    while (warnings(app).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(warnings(app)).toEqual([
      expect.stringMatching(
        /^Changes by other instances are not heard at once: PostgreSQL database [\d.:]+\/t_\w+: changes are not heard, the connection broke.*\. They are found by reading storage every 30000 ms \(option 'refreshMs'\)\.$/,
      ),
    ])
    expect(app.router.registry.status()).toMatchObject({ ready: true, degraded: false, last_error: null })
    proxy.start()
    while (warnings(app).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(app.log.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'changes cannot be watched; reading by timer only',
        'changes are watched again',
      ]),
    )
    await app.router.close()
  })

  test('watch() says so where it was never heard, and the connection is closed', async () => {
    proxy.stop()
    const adapter = postgresAdapter({
      url: database.url,
      listenUrl: proxy.url(database.url),
      schema: 'never_heard',
      heartbeatMs: 50,
    })
    const app = await makeApp({ adapter })
    expect(warnings(app)).toHaveLength(1)
    expect(
      await database.query(
        "select from pg_stat_activity where datname = current_database() and query ilike '%listen%' and pid <> pg_backend_pid()",
      ),
    ).toEqual([])
    proxy.start()
    while (warnings(app).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await app.router.close()
  })
})
