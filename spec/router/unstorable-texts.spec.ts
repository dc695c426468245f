import { join } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { testDatabase } from '../support/postgres-database'
import { temporaryFolder } from '../support/temporary'

// PostgreSQL keeps no U+0000 in a text and turns half a surrogate pair into another letter; what no storage may keep, none is asked for.
const database = testDatabase()
const folder = temporaryFolder()
const nul = '\u0000'
const half = '\ud800'

const storages: readonly [name: string, open: () => ModelAdapter][] = [
  ['memory', () => memoryAdapter()],
  ['SQLite', () => sqliteAdapter({ file: join(folder, 'models.db') })],
  ['PostgreSQL', () => postgresAdapter({ url: database.url })],
  ['YAML', () => yamlFileAdapter({ file: join(folder, 'models.yaml') })],
]

const cannotBeStored = (...loc: (string | number)[]): object => ({
  detail: [{ type: 'value_error', loc: ['body', ...loc], msg: 'Value error, U+0000 cannot be stored' }],
})
const notFound = (message: string, code: number): object => ({
  error: { message, type: 'not_found_error', param: null, code: String(code) },
})
const noRows = { data: [], total_count: 0, current_page: 1, total_pages: 0, size: 50 }
const params = { model: 'x' }

const requests: readonly [
  method: 'get' | 'post' | 'patch' | 'put' | 'delete',
  path: string,
  sent: object,
  status: number,
  body: object,
][] = [
  [
    'get',
    '/model/info?litellm_model_id=%00',
    {},
    400,
    { detail: { error: `Model id = ${nul} not found on litellm proxy` } },
  ],
  [
    'get',
    '/v1/model/info?litellm_model_id=a%00',
    {},
    400,
    { detail: { error: `Model id = a${nul} not found on litellm proxy` } },
  ],
  ['get', '/v2/model/info?modelId=%00', {}, 200, noRows],
  ['get', '/v2/model/info?model=%00&search=%00&access_group=%00', {}, 200, noRows],
  ['get', '/model_group/info?model_group=%00', {}, 200, { data: [] }],
  ['get', '/v1/models/%00', {}, 404, { detail: `Model '${nul}' not found in router configuration` }],
  ['patch', '/model/%00/update', { blocked: true }, 404, notFound(`Model ${nul} not found on proxy.`, 404)],
  ['post', '/model/update', { id: nul }, 422, cannotBeStored('id')],
  ['post', '/model/delete', { id: nul }, 422, cannotBeStored('id')],
  ['post', '/model/block', { model_id: nul }, 422, cannotBeStored('model_id')],
  ['post', '/model/unblock', { model_id: nul }, 422, cannotBeStored('model_id')],
  [
    'post',
    '/model/new',
    { model_name: 'm', litellm_params: params, model_info: { id: nul } },
    422,
    cannotBeStored('model_info', 'id'),
  ],
  [
    'post',
    '/model/new',
    { model_name: 'm', litellm_params: params, model_info: { team_id: nul } },
    422,
    cannotBeStored('model_info', 'team_id'),
  ],
  ['get', '/access_group/%00/info', {}, 404, { detail: { error: `Access group '${nul}' not found` } }],
  [
    'put',
    '/access_group/%00/update',
    { model_ids: ['a'] },
    404,
    { detail: { error: `Access group '${nul}' not found` } },
  ],
  ['put', '/access_group/g/update', { model_ids: [nul] }, 422, cannotBeStored('model_ids', 0)],
  ['delete', '/access_group/%00/delete', {}, 404, { detail: { error: `Access group '${nul}' not found` } }],
]

describe.each(storages)('over %s', (_, open) => {
  let app: TestApp

  beforeEach(async () => {
    app = await makeApp({ adapter: open() })
  })

  it('what holds U+0000 names nothing and is not stored, and storage is not taken for out of reach', async () => {
    const before = await app.get('/health/readiness')
    for (const [method, path, sent, status, body] of requests) {
      const answer = await (method === 'get'
        ? app.get(path)
        : method === 'post'
          ? app.post(path, sent)
          : app.send(method, path, sent))
      expect([path, answer.status, answer.body]).toEqual([path, status, body])
    }
    const after = await app.get('/health/readiness')
    expect([after.body, app.log.filter(({ level }) => level === 'error')]).toEqual([before.body, []])
  })

  it.each([nul, `a${nul}`, half])('the host finds no model by an id that none can have: %j', async (id) => {
    expect(await app.router.registry.get(id)).toBeUndefined()
  })

  it.each([
    [nul, 'model_info.id: Value error, U+0000 cannot be stored'],
    [half, 'model_info.id: Input should be a valid string, unable to parse raw data as a unicode string'],
  ])('the host cannot add a model under such an id: %j', async (id, told) => {
    const made = app.router.registry.create({ model_name: 'm', litellm_params: params, model_info: { id } })
    await expect(made).rejects.toMatchObject({
      code: 'invalid_body',
      message: `The deployment does not fit schemas/model-new.json. ${told}`,
    })
  })
})

it.each([nul, half])('a caller whose user id no storage keeps is none: %j', async (userId) => {
  const auth = (): { userId: string; role: 'proxy_admin' } => ({ userId, role: 'proxy_admin' })
  const { get, log } = await makeApp({ auth })
  expect((await get('/model/info')).status).toBe(500)
  expect(log).toEqual([
    {
      level: 'error',
      details: expect.objectContaining({
        code: 'invalid_option',
        message:
          "Option 'auth' gave something that is not a caller: caller.userId must be a text without U+0000 and without half a surrogate pair.",
      }),
      message: 'a request failed',
    },
  ])
})
