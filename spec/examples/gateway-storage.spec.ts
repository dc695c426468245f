import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGateway, stopGateways } from '../support/gateway'
import { testDatabase } from '../support/postgres-database'
import { silentProxy } from '../support/silent-proxy'
import { temporaryFolder } from '../support/temporary'

const database = testDatabase()
const folder = temporaryFolder()
const secret = 'sk-provider-abcdefghijklmnop'
const body = {
  model_name: 'shared',
  litellm_params: { model: 'openai/echo', api_base: 'os.environ/LOCAL_PROVIDER_URL', api_key: secret },
  model_info: { id: 'shared-id' },
}

afterAll(stopGateways)

describe('where the example gateway keeps models', () => {
  test('DATABASE_URL: what one gateway adds, the other calls and shows at once', async () => {
    const env = { DATABASE_URL: database.url }
    const [one, other] = await Promise.all([startGateway(env), startGateway(env)])
    expect((await one.ask('/model/new', { body })).status).toBe(200)
    expect((await other.ask('/model/info?litellm_model_id=shared-id')).status).toBe(200)
    const messages = [{ role: 'user' as const, content: 'Hello' }]
    const { choices } = await other.client().chat.completions.create({ model: 'shared', messages })
    expect(choices[0]?.message.content).toBe('You said: Hello')
    expect(one.output()).toMatch(/DATABASE_URL +PostgreSQL on 127\.0\.0\.1:\d+: 0 models/)
  })

  test('LITELLM_SALT_KEY: the store holds no secret, and a gateway with another key or none does not start', async () => {
    const env = { MODELS_DB: join(folder, 'sealed.db'), LITELLM_SALT_KEY: 'salt-0123456789abcdef' }
    const gateway = await startGateway(env)
    expect((await gateway.ask('/model/new', { body })).status).toBe(200)
    const stored = ['', '-wal'].map((end) => readFileSync(env.MODELS_DB + end, 'latin1')).join('')
    expect(stored).toContain('shared-id')
    expect(stored).not.toContain('provider-abc')
    await gateway.stop()
    await expect(startGateway({ ...env, LITELLM_SALT_KEY: 'another-0123456789abc' })).rejects.toThrow(/key/i)
    await expect(startGateway({ MODELS_DB: env.MODELS_DB })).rejects.toThrow(
      /are sealed, 'shared-id' for one, and nothing opens them.*Set LITELLM_SALT_KEY to the key/,
    )
    const again = await startGateway(env)
    expect((await again.ask('/model/info?litellm_model_id=shared-id')).status).toBe(200)
  })

  test('storage that is down at the start: it listens, says which variable is meant, answers 503, and heals', async () => {
    const proxy = await silentProxy(database.url)
    proxy.stop()
    const gateway = await startGateway({ DATABASE_URL: proxy.url(database.url) })
    const call = async (): Promise<Response> =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-1234', 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'local-echo', messages: [{ role: 'user', content: 'Hello' }] }),
      })
    const down = await call()
    expect([down.status, down.headers.get('retry-after'), await down.json()]).toEqual([
      503,
      '1',
      {
        error: {
          message: 'The models are still being loaded. Try again in a moment.',
          type: 'service_unavailable',
          param: null,
          code: 'not_ready',
        },
      },
    ])
    expect((await gateway.ask('/model/info')).status).toBe(503)
    expect((await fetch(`${gateway.url}/health/liveliness`)).status).toBe(200)
    expect((await fetch(`${gateway.url}/health/readiness`)).status).toBe(503)
    const output = gateway.output()
    expect(output).toMatch(/DATABASE_URL {8}PostgreSQL on 127\.0\.0\.1:\d+: not read yet/)
    expect(output).toMatch(
      /! PostgreSQL database .*\. See that PostgreSQL runs there, and that DATABASE_URL is right\./,
    )
    expect(output).toContain('every request for models is answered with 503')
    expect(output).not.toContain('MODELS_DB')
    proxy.start()
    await gateway.says(/The models are served now\. DATABASE_URL PostgreSQL on 127\.0\.0\.1:\d+: \d+ model/)
    expect((await call()).status).toBe(200)
    expect(await gateway.stop()).toBe(0)
    await proxy.close()
  })

  test('storage that stays down does not keep it from stopping', async () => {
    const proxy = await silentProxy(database.url)
    proxy.stop()
    const gateway = await startGateway({ DATABASE_URL: proxy.url(database.url) })
    expect(await gateway.stop()).toBe(0)
    expect(gateway.output()).toContain('The gateway has stopped.')
    expect(gateway.output()).not.toMatch(/cannot start|unhandled/i)
    await proxy.close()
  })

  test('another kind of DATABASE_URL is told, without the URL', async () => {
    const started = startGateway({ DATABASE_URL: 'mysql://me:hunter22@host/db' })
    await expect(started).rejects.toThrow(/DATABASE_URL is not a postgres:\/\/ URL/)
    await expect(started).rejects.not.toThrow(/hunter22/)
  })
})
