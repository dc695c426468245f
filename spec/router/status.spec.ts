import { memoryAdapter } from '../../lib/adapters/memory'
import { canary, findCanaries } from '../support/canary'
import { makeApp, masterKey, startApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
const path = '/model_management/status'
const keys = (
  ['proxy_admin_viewer', 'internal_user', 'internal_user_viewer', 'org_admin', 'team', 'customer'] as const
).map((role) => ({ key: `sk-${role}`, userId: role, role, teams: [{ id: 't', admin: true }] }))

/** Storage that can be cut off. */
function brittle(): { readonly adapter: ReturnType<typeof memoryAdapter>; down: boolean } {
  const storage = memoryAdapter()
  const state = {
    down: false,
    adapter: {
      ...storage,
      list: () => (state.down ? Promise.reject(new Error(`no route to ${canary(1)}`)) : storage.list()),
    },
  }
  return state
}

describe('GET /model_management/status', () => {
  it('L6 tells what is loaded, from where, and what is in effect', async () => {
    const config = files.write({
      model_list: [
        {
          model_name: 'mine',
          litellm_params: { model: 'nobody/knows', api_key: 'os.environ/NOT_SET' },
          model_info: { id: 'f1' },
        },
        { model_name: 5, litellm_params: {} },
      ],
      general_settings: { store_model_in_db: true },
    })
    const costMap = { 'acme/m': { litellm_provider: 'acme' } }
    const { get, post } = await makeApp({ config, costMap, wildcards: 'expand', auth: { masterKey, keys } })
    await post('/model/new', {
      model_name: 'm',
      litellm_params: { model: 'acme/m' },
      model_info: { id: 's1' },
    })
    const admin = await get(path)
    expect([admin.status, admin.body]).toEqual([
      200,
      {
        ready: true,
        degraded: false,
        revision: expect.any(Number) as number,
        rows: 2,
        sources: [
          {
            name: config.split('/').at(-1),
            kind: 'config',
            durable: true,
            writable: false,
            rows: 1,
            loaded_at: null,
            last_error: null,
            last_write_error: null,
          },
          {
            name: 'memory',
            kind: 'adapter',
            durable: false,
            writable: true,
            rows: 1,
            loaded_at: iso,
            last_error: null,
            last_write_error: null,
          },
        ],
        set_aside: [
          {
            id: null,
            name: null,
            where: expect.stringContaining('.yaml:') as string,
            problems: [expect.objectContaining({ loc: ['model_name'], type: 'string_type' })],
          },
        ],
        conflicts: [],
        unset_references: ['NOT_SET'],
        ignored_settings: [],
        warnings: [
          expect.stringContaining(
            "litellm_params.model: 'nobody' is no provider that LiteLLM knows;",
          ) as string,
          "Models added at run time are kept in 'memory': a restart loses them.",
        ],
        last_error: null,
        cost_map: expect.objectContaining({ source: 'local', url: null }) as object,
        rows_without_prices: 1,
        options: {
          config: { value: config, origin: 'option' },
          allowUnauthenticated: { value: false, origin: 'default' },
          trustedOrigins: { value: [], origin: 'default' },
          refreshMs: { value: 30_000, origin: 'default' },
          configWatchMs: { value: 500, origin: 'default' },
          allowOutsideIncludes: { value: false, origin: 'default' },
          bodyLimit: { value: 1_048_576, origin: 'default' },
          publicParams: { value: null, origin: 'default' },
          publicInfo: { value: [], origin: 'default' },
          wildcards: { value: 'expand', origin: 'option' },
          expandWildcard: { value: null, origin: 'default' },
          secrets: { value: 'stored', origin: 'default' },
          references: { value: null, origin: 'default' },
          urlPolicy: { value: null, origin: 'default' },
          adapter: { value: 'memory', origin: 'option' },
          auth: { value: 'keys', origin: 'option' },
          limits: {
            value: {
              maxModels: 100_000,
              maxModelsPerTeam: 1000,
              maxBytes: 268_435_456,
              maxBytesPerTeam: 16_777_216,
              maxConcurrentWrites: 64,
              maxTextLength: 100_000,
              maxNameLength: 256,
              maxValues: 25_000,
              maxAddresses: 5_000,
              maxKeyLength: 8192,
              maxPathLength: 2048,
              maxPageSize: 1000,
              maxExpandedNames: 10_000,
            },
            origin: 'default',
          },
          costMap: { value: 'given', origin: 'option' },
          storeModelInDb: { value: true, origin: 'file' },
        },
      },
    ])
    const viewer = await get(path, 'sk-proxy_admin_viewer')
    expect([viewer.status, viewer.body]).toEqual([200, admin.body])
  })

  it.each([
    ['auth', { auth: { masterKey: 'sk-a' } }, 'sk-a', { value: 'keys', origin: 'option' }],
    [
      'auth',
      { auth: undefined, env: { LITELLM_MASTER_KEY: 'sk-a' } },
      'sk-a',
      { value: 'keys', origin: 'environment' },
    ],
    [
      'auth',
      { auth: undefined, config: files.write({ general_settings: { master_key: 'sk-a' } }) },
      'sk-a',
      { value: 'keys', origin: 'file' },
    ],
    [
      'auth',
      { auth: () => ({ userId: 'u', role: 'proxy_admin' as const }) },
      'any',
      { value: 'function', origin: 'option' },
    ],
    ['auth', { auth: undefined, allowUnauthenticated: true }, null, { value: 'none', origin: 'default' }],
    ['costMap', {}, masterKey, { value: 'bundled', origin: 'default' }],
    [
      'costMap',
      { env: { LITELLM_MODEL_COST_MAP_URL: 'http://user:hunter22@127.0.0.1:9/map.json?sig=hunter22' } },
      masterKey,
      { value: 'http://127.0.0.1:9/map.json', origin: 'environment' },
    ],
    ['expandWildcard', { expandWildcard: () => [] }, masterKey, { value: 'given', origin: 'option' }],
    ['publicParams', { publicParams: ['model'] }, masterKey, { value: ['model'], origin: 'option' }],
    ['refreshMs', { refreshMs: undefined }, masterKey, { value: 30_000, origin: 'default' }],
    ['storeModelInDb', {}, masterKey, { value: true, origin: 'default' }],
    [
      'storeModelInDb',
      { config: files.write({ general_settings: { store_model_in_db: false } }) },
      masterKey,
      { value: false, origin: 'file' },
    ],
  ])('C8 tells of %s where it is from: %j', async (name, options, key, expected) => {
    const { get } = await makeApp(options)
    const { body, text } = await get(path, key)
    expect(body.options[name]).toEqual(expected)
    expect(text).not.toContain('hunter22')
  })

  it.each(keys.map(({ role }) => role).filter((role) => role !== 'proxy_admin_viewer'))(
    'is not for %s',
    async (role) => {
      const { get } = await makeApp({ auth: { masterKey, keys } })
      const { status, body } = await get(path, `sk-${role}`)
      expect([status, body]).toEqual([
        403,
        { detail: { error: `Access denied. Admin role required. Current role: ${role}` } },
      ])
    },
  )

  it('is 401 without a key', async () => {
    const { get } = await makeApp()
    expect((await get(path, null)).status).toBe(401)
  })

  it('B1 holds no secret, whatever is wrong', async () => {
    const storage = brittle()
    const config = files.write({
      model_list: [
        { model_name: 'odd', litellm_params: { api_key: canary(3), model: 5 } },
        { model_name: 'm', litellm_params: { api_key: canary(4) } },
      ],
      general_settings: { master_key: canary(5) },
      environment_variables: { SECRET: canary(6) },
    })
    const { get, router } = await makeApp({
      config,
      adapter: storage.adapter,
      auth: { masterKey, keys: [{ key: canary(7), userId: 'u', role: 'customer' }] },
      env: { OPENAI_API_KEY: canary(8) },
    })
    storage.down = true
    await expect(router.registry.reload()).rejects.toThrow('no route')
    const { status, text } = await get(path)
    expect([status, findCanaries(text)]).toEqual([200, []])
  })

  it('I1 is degraded while storage cannot be read, and well again after', async () => {
    const storage = brittle()
    const { get, router } = await makeApp({ adapter: storage.adapter })
    const seen = async (): Promise<unknown> => {
      const { degraded, last_error: error } = (await get(path)).body
      return [degraded, error]
    }
    storage.down = true
    await expect(router.registry.reload()).rejects.toThrow('no route')
    expect(await seen()).toEqual([true, { at: iso, code: 'Error', message: 'storage failed with Error' }])
    storage.down = false
    await router.registry.reload()
    expect(await seen()).toEqual([false, null])
  })
})

describe('health', () => {
  const ask = async ({ get }: TestApp, route: string): Promise<unknown> => {
    const { status, body, headers } = await get(route, null)
    return [status, body, headers['retry-after']]
  }

  it.each(['/health/liveliness', '/health/liveness'])('%s needs no key and nothing loaded', async (route) => {
    const storage = brittle()
    storage.down = true
    const app = startApp({ adapter: storage.adapter })
    expect(await ask(app, route)).toEqual([200, "I'm alive!", undefined])
  })

  it('/health/readiness is 503 until everything was loaded once', async () => {
    const storage = brittle()
    storage.down = true
    const app = startApp({ adapter: storage.adapter })
    expect(await ask(app, '/health/readiness')).toEqual([
      503,
      { status: 'not ready', db: 'not connected' },
      '1',
    ])
    storage.down = false
    await app.router.ready()
    expect(await ask(app, '/health/readiness')).toEqual([
      200,
      { status: 'healthy', db: 'connected' },
      undefined,
    ])
  })

  it('/health/readiness stays 200 while the last good models are served', async () => {
    const storage = brittle()
    const app = await makeApp({ adapter: storage.adapter })
    storage.down = true
    await expect(app.router.registry.reload()).rejects.toThrow('no route')
    expect(await ask(app, '/health/readiness')).toEqual([
      200,
      { status: 'degraded', db: 'not connected' },
      undefined,
    ])
    expect((await app.get('/model/info')).status).toBe(200)
  })
})
