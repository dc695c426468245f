import { join } from 'node:path'
import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { costMapBench } from '../support/cost-map'
import { priced, priceList, schedulePath, until } from '../support/price-list'
import { temporaryFolder } from '../support/temporary'

const files = configFiles()
const folder = temporaryFolder()
const bench = costMapBench()
afterEach(bench.closeAll)

const config = files.write({ model_list: [{ model_name: 'mine', litellm_params: { model: 'acme/m' } }] })
const keys = [
  { key: 'sk-viewer', userId: 'v', role: 'proxy_admin_viewer' as const },
  { key: 'sk-user', userId: 'u', role: 'internal_user' as const },
]
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
async function appFor(options: RouterOptions = {}): Promise<TestApp> {
  return makeApp({ config, auth: { masterKey, keys }, costMap: priced(1), ...options })
}

async function priceIn({ get }: TestApp): Promise<unknown> {
  return (await get('/model/info')).body.data[0].model_info.input_cost_per_token
}

describe('the cost map itself', () => {
  it('E8 is readable without a key, beside the rows that it enriches, and 304 while it is the same', async () => {
    const { get } = await appFor()
    const open = await get('/public/litellm_model_cost_map', null)
    expect([open.status, open.body['acme/m']]).toEqual([200, priced(1)['acme/m']])
    expect(Object.keys(open.body).length).toBeGreaterThan(1000)
    const again = await get('/public/litellm_model_cost_map', null).set(
      'If-None-Match',
      open.headers['etag'] as string,
    )
    expect([again.status, again.text]).toEqual([304, ''])
    expect((await get('/get/litellm_model_cost_map', 'sk-user')).text).toBe(open.text)
    expect((await get('/get/litellm_model_cost_map', null)).status).toBe(401)
  })

  it("E8 holds no price of a row's own", async () => {
    const own = files.write({
      model_list: [{ model_name: 'mine', litellm_params: { model: 'acme/m', input_cost_per_token: 42 } }],
    })
    const app = await appFor({ config: own })
    expect(await priceIn(app)).toBe(42)
    expect((await app.get('/public/litellm_model_cost_map')).body['acme/m'].input_cost_per_token).toBe(1)
  })

  it('says where it is from', async () => {
    const { get } = await appFor()
    const source = {
      source: 'local',
      url: null,
      is_env_forced: false,
      fallback_reason: null,
      loaded_at: iso,
      source_revision: null,
      model_count: expect.any(Number) as number,
      bundled_at: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    }
    for (const key of [masterKey, 'sk-viewer']) {
      const { status, body } = await get('/model/cost_map/source', key)
      expect([status, body]).toEqual([200, source])
    }
  })
})

const paths = [
  ['get', '/model/cost_map/source', 'viewer'],
  ['get', `${schedulePath}/status`, 'viewer'],
  ['post', '/reload/model_cost_map', 'admin'],
  ['post', `${schedulePath}?hours=6`, 'admin'],
  ['delete', schedulePath, 'admin'],
] as const

describe.each(paths)('%s %s', (method, path, least) => {
  const ask = ({ get, post, send }: TestApp, key: string | null) =>
    method === 'get' ? get(path, key) : method === 'post' ? post(path, {}, key) : send(method, path, {}, key)

  it(`is for ${least}s`, async () => {
    const app = await appFor()
    expect((await ask(app, null)).status).toBe(401)
    expect((await ask(app, masterKey)).status).toBe(200)
    const refused = [
      ['sk-user', 'internal_user'],
      ...(least === 'viewer' ? [] : [['sk-viewer', 'proxy_admin_viewer']]),
    ]
    for (const [key = '', role] of refused) {
      const { status, body } = await ask(app, key)
      expect([status, body]).toEqual([
        403,
        { detail: `Access denied. Admin role required. Current role: ${role}` },
      ])
    }
    if (least === 'viewer') expect((await ask(app, 'sk-viewer')).status).toBe(200)
  })
})

describe('POST /reload/model_cost_map', () => {
  it('reads the source again', async () => {
    const list = priceList()
    const app = await appFor({ costMap: list.load })
    list.price = 2
    const { status, body } = await app.post('/reload/model_cost_map', undefined)
    const count = (await app.get('/model/cost_map/source')).body.model_count
    expect([status, body]).toEqual([
      200,
      {
        message: `Price data reloaded successfully! ${count} models updated.`,
        status: 'success',
        models_count: count,
        timestamp: iso,
      },
    ])
    expect(await priceIn(app)).toBe(2)
  })

  it('E5 keeps the old map where the source fails, and says so without the reason of a host', async () => {
    const list = priceList()
    const app = await appFor({ costMap: list.load })
    await app.post('/reload/model_cost_map', {})
    list.broken = true
    const { status, body } = await app.post('/reload/model_cost_map', {})
    expect([status, body]).toEqual([
      502,
      {
        detail:
          'Failed to reload model cost map: The function costMap failed. Current pricing data was kept.',
      },
    ])
    expect(await priceIn(app)).toBe(1)
    expect((await app.get('/model/cost_map/source')).body.fallback_reason).toBe(
      'The function costMap failed.',
    )
  })

  it('E5 keeps the old map where a server sends something else', async () => {
    const url = await bench.serve((_, response) => response.end('[]'))
    const { post } = await appFor({ costMap: url })
    const { status, body } = await post('/reload/model_cost_map', {})
    expect([status, body]).toEqual([
      502,
      {
        detail:
          'Failed to reload model cost map: The cost map that was fetched must be an object of models by name. Current pricing data was kept.',
      },
    ])
  })

  it('503 where other instances cannot be told of it', async () => {
    const writeSettings = (): Promise<never> => Promise.reject(new Error('db://user:hunter22@host'))
    const { post, log } = await appFor({ adapter: { ...memoryAdapter(), writeSettings } })
    const { status, body } = await post('/reload/model_cost_map', {})
    expect([status, body]).toEqual([
      503,
      {
        error: {
          message: 'The model store did not take the change, so that other instances do not know of it.',
          type: 'service_unavailable',
          param: null,
          code: '503',
        },
      },
    ])
    expect(JSON.stringify(log)).not.toContain('hunter22')
  })

  it.each([
    [
      'memory adapters of one store',
      () => {
        const store = memoryStore()
        return (): ModelAdapter => memoryAdapter({ store })
      },
    ],
    [
      'one SQLite file',
      () => (): ModelAdapter => sqliteAdapter({ file: join(folder, 'shared.sqlite'), pollMs: 20 }),
    ],
  ])('E7 is followed by another instance on %s', async (_, storage) => {
    const open = storage()
    const list = priceList()
    const options = { costMap: list.load, refreshMs: 50 }
    const one = await appFor({ ...options, adapter: open() })
    const other = await appFor({ ...options, adapter: open() })
    list.price = 2
    await one.post('/reload/model_cost_map', {})
    await until(other, async () => (await priceIn(other)) === 2)
    const last = async ({ get }: TestApp): Promise<unknown> =>
      (await get(`${schedulePath}/status`)).body.last_run
    await until(other, async () => (await last(other)) === (await last(one)))
    await one.post(`${schedulePath}?hours=6`, {})
    const told = async ({ get }: TestApp): Promise<string> => (await get(`${schedulePath}/status`)).text
    await until(other, async () => (await told(other)) === (await told(one)))
    expect(JSON.parse(await told(other))).toMatchObject({ scheduled: true, interval_hours: 6 })
  })

  it('E7 an instance that could not follow tries again after the next read', async () => {
    const store = memoryStore()
    const list = priceList()
    const one = await appFor({ adapter: memoryAdapter({ store }), costMap: priced(1) })
    const other = await appFor({ adapter: memoryAdapter({ store }), costMap: list.load })
    list.price = 2
    list.broken = true
    const before = list.asked
    await one.post('/reload/model_cost_map', {})
    await until(other, async () => list.asked > before)
    list.broken = false
    await other.router.registry.reload()
    await until(other, async () => (await priceIn(other)) === 2)
    expect(await priceIn(other)).toBe(2)
  })
})

describe('E6 without any price', () => {
  it.each([
    '/model/info',
    '/v2/model/info?sortBy=costs',
    '/model_group/info',
    '/v1/models?include_pricing=true&include_metadata=true',
    '/v1/models/mine',
    '/model/cost_map/source',
    '/public/litellm_model_cost_map',
    '/model_management/status',
  ])('%s answers', async (path) => {
    // A model that no map knows stands for a map that knows nothing.
    const unknown = files.write({
      model_list: [{ model_name: 'mine', litellm_params: { model: 'nobody/knows' } }],
    })
    const { get } = await appFor({ config: unknown, costMap: {} })
    expect((await get(path)).status).toBe(200)
  })
})
