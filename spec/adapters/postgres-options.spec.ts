import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Pool } from 'pg'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { pgDriver } from '../../lib/adapters/postgres-driver'
import { testDatabase } from '../support/postgres-database'
import { silentProxy } from '../support/silent-proxy'

const database = testDatabase()
const pool = { query() {}, connect() {} }
const like = 'must be like postgres://user:password@host:port/database'
const encoded =
  'has a user or password with #, ?, / or @ in it, which must be written as %23, %3F, %2F and %40'

describe('options that cannot be', () => {
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['nothing', {}, 'pool or url must be given, and only one of them'],
    ['both', { pool, url: 'postgres://h/d' }, 'pool or url must be given, and only one of them'],
    ['something that is no pool', { pool: {} }, 'pool must be a pool of pg'],
    ['no pool at all', { pool: null }, 'pool must be a pool of pg'],
    ['an empty url', { url: '' }, `url ${like}`],
    ['a url of another type', { url: 7 }, `url ${like}`],
    ['a url of another server', { url: 'mysql://canary@h/d' }, `url ${like}`],
    ['a listenUrl of another server', { pool, listenUrl: 'canary' }, `listenUrl ${like}`],
    ['a password with #', { url: 'postgres://u:12#canary@h/d' }, `url ${encoded}`],
    ['a password with /', { url: 'postgres://u:p@1/canary@h/d' }, `url ${encoded}`],
    ['a password with ?', { url: 'postgres://u:12?canary@h/d' }, `url ${encoded}`],
    [
      'an unknown option',
      { table: 'models' },
      "there is no option 'table'. Known are: pool, url, listenUrl, schema, heartbeatMs",
    ],
    [
      'a heartbeat without time',
      { pool, heartbeatMs: 0 },
      'heartbeatMs must be a whole number of milliseconds from 1 to 2147483647',
    ],
    [
      'a heartbeat that no timer takes',
      { pool, heartbeatMs: 2 ** 31 },
      'heartbeatMs must be a whole number of milliseconds from 1 to 2147483647',
    ],
    ['no schema', { pool, schema: '' }, 'schema must be the name of a schema, of at most 63 bytes'],
    [
      'a long schema',
      { pool, schema: 'ä'.repeat(32) },
      'schema must be the name of a schema, of at most 63 bytes',
    ],
  ]
  test.each(wrong)('%s', (_, options, problem) => {
    expect(() => postgresAdapter(options as { url: string })).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: `postgresAdapter: ${problem}.` }),
    )
  })
})

test('a driver that is missing: the message says what to do', () => {
  const missing = (name: string): never => {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' })
  }
  expect(() => pgDriver(missing)).toThrow(
    expect.objectContaining({
      code: 'missing_driver',
      message:
        'postgresAdapter needs the package pg for url and listenUrl: run "npm install pg", or pass a pool of your own as the option pool, without listenUrl.',
      cause: expect.objectContaining({ message: "Cannot find module 'pg'" }),
    }),
  )
})

describe('a database that cannot be used is named with the reason, and with no secret:', () => {
  const secrets = 'canary-user:canary-password@'
  const query = '?application_name=canary-query'
  const at = new URL(database.url).host

  async function refusal(url: string, change: { pool?: Pool } = {}) {
    const adapter = postgresAdapter(change.pool ? { pool: change.pool } : { url })
    const error = await adapter.list().then(
      () => undefined,
      (reason: unknown) => reason as Error,
    )
    await adapter.close()
    expect(`${error?.message} ${JSON.stringify(error)}`).not.toContain('canary')
    return error
  }

  test('nothing listens', async () => {
    const proxy = await silentProxy(database.url)
    const { host } = new URL(proxy.url(database.url))
    await proxy.close()
    expect(await refusal(`postgres://${secrets}${host}/models${query}`)).toMatchObject({
      code: 'storage_unavailable',
      message: `PostgreSQL database ${host}/models: nothing listens there, so the server may not be running.`,
      cause: expect.anything(),
    })
  })

  test('the user is refused', async () => {
    expect(await refusal(`postgres://${secrets}${at}/postgres${query}`)).toMatchObject({
      message: `PostgreSQL database ${at}/postgres: it refused the user; see pg_hba.conf.`,
    })
  })

  test('the database does not exist', async () => {
    expect(await refusal(`postgres://postgres:canary-password@${at}/absent${query}`)).toMatchObject({
      message: `PostgreSQL database ${at}/absent: the database does not exist; create it first.`,
    })
  })

  test('the pool leads to a URL', async () => {
    const own = new Pool({ connectionString: `postgres://postgres:canary-password@${at}/absent${query}` })
    expect(await refusal('', { pool: own })).toMatchObject({
      message: `PostgreSQL database ${at}/absent: the database does not exist; create it first.`,
    })
    await own.end()
  })

  test('the pool leads to a host', async () => {
    const { hostname: host, port } = new URL(database.url)
    const own = new Pool({
      host,
      port: Number(port),
      user: 'postgres',
      password: 'canary',
      database: 'absent',
    })
    expect(await refusal('', { pool: own })).toMatchObject({
      message: `PostgreSQL database ${at}/absent: the database does not exist; create it first.`,
    })
    await own.end()
  })

  test('it takes connections and never answers, or stops answering: reported within about five seconds', async () => {
    const mute = createServer(() => {}).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const host = `127.0.0.1:${(mute.address() as AddressInfo).port}`
    const proxy = await silentProxy(database.url)
    const stopping = postgresAdapter({ url: proxy.url(database.url) })
    await stopping.list()
    proxy.silence()

    const began = Date.now()
    const [error] = await Promise.all([
      refusal(`postgres://${secrets}${host}/models${query}`),
      expect(stopping.list()).rejects.toMatchObject({
        code: 'storage_unavailable',
        message: expect.stringContaining('it does not answer in time'),
      }),
    ])
    expect(error?.message).toBe(`PostgreSQL database ${host}/models: it does not answer in time.`)
    expect(Date.now() - began).toBeLessThan(7000)
    await Promise.all([stopping.close(), proxy.close()])
    mute.close()
  })
})
