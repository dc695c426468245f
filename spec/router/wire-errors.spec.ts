import supertest from 'supertest'
import { memoryAdapter } from '../../lib/adapters/memory'
import { ModelManagementError } from '../../lib/errors'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configWith } from '../support/config'
import { holding } from '../support/held'

const readOnlyConfig = configWith('file-1', 'general_settings: {store_model_in_db: false}\n')
const requestId = '[0-9a-f-]{36}'
const error = (status: number, type: string, message: string, param: string | null = null): object => ({
  error: { message, type, param, code: String(status) },
})

type Send = (app: TestApp, key?: string | null) => supertest.Test

const create: Send = ({ post }, key) => post('/model/new', { model_name: 'm', litellm_params: {} }, key)
const update: Send = ({ post }, key) => post('/model/update', { id: 'one', litellm_params: { rpm: 1 } }, key)
const patch: Send = ({ send }, key) => send('patch', '/model/one/update', { litellm_params: { rpm: 1 } }, key)
const remove: Send = ({ post }, key) => post('/model/delete', { id: 'one' }, key)
const block: Send = ({ post }, key) => post('/model/block', { model_id: 'one' }, key)
const unblock: Send = ({ post }, key) => post('/model/unblock', { model_id: 'one' }, key)

const writeRoutes: readonly (readonly [string, Send])[] = [
  ['POST /model/new', create],
  ['POST /model/update', update],
  ['PATCH /model/{id}/update', patch],
  ['POST /model/delete', remove],
  ['POST /model/block', block],
  ['POST /model/unblock', unblock],
]

describe.each(writeRoutes)('%s', (_route, send) => {
  /** A row that is blocked already would have nothing to write. */
  const over = async (options: RouterOptions = {}): Promise<TestApp> => {
    const { adapter } = await holding({ one: {} }, { blocked: send === unblock })
    return makeApp({ adapter, ...options })
  }

  it('without a key is 401', async () => {
    const { status, body } = await send(await over(), null)
    const message = 'Authentication Error, No api key passed in.'
    expect([status, body]).toEqual([401, error(401, 'auth_error', message)])
  })

  it('is 400 where general_settings.store_model_in_db is false', async () => {
    const { status, body } = await send(await over({ config: readOnlyConfig }))
    const message =
      'Models cannot be changed here: general_settings.store_model_in_db is false in the config file.'
    expect([status, body]).toEqual([400, error(400, 'validation_error', message)])
  })

  it('is 400 where the adapter is read-only', async () => {
    const { name, durable, list, get } = memoryAdapter()
    const { status, body } = await send(await over({ adapter: { name, durable, list, get } as never }))
    const message = "Models are kept in 'memory', which is read-only."
    expect([status, body]).toEqual([400, error(400, 'validation_error', message)])
  })

  it('is 503 when storage does not take it', async () => {
    const { adapter } = await holding({ one: {} }, { blocked: send === unblock })
    const fail = (): Promise<never> => Promise.reject(new Error('postgres://user:hunter22@db'))
    const app = await over({ adapter: { ...adapter, create: fail, update: fail, delete: fail } })
    const { status, body, headers } = await send(app)
    const message = 'The model store did not take the change.'
    expect([status, headers['retry-after'], body]).toEqual([
      503,
      '1',
      error(503, 'service_unavailable', message),
    ])
    expect(JSON.stringify(app.log)).not.toContain('hunter22')
  })

  it('is 409 when storage cannot take it as it is: trying again does not help, and where it is kept is not told', async () => {
    const { adapter } = await holding({ one: {} }, { blocked: send === unblock })
    const reason = '/srv/models.yaml:3:3: this model cannot be changed; edit the file by hand.'
    const fail = (): Promise<never> => Promise.reject(new ModelManagementError('storage_refused', reason))
    const app = await over({ adapter: { ...adapter, create: fail, update: fail, delete: fail } })
    const { status, body, headers } = await send(app)
    const message =
      'The model store cannot take this change, and trying again does not help: the log and the status of this instance say why.'
    expect([status, headers['retry-after'], body]).toEqual([
      409,
      undefined,
      error(409, 'conflict_error', message),
    ])
    const at = expect.any(String) as string
    const fault = { at, code: 'storage_refused', message: reason }
    expect(app.log).toEqual([
      { level: 'warn', details: { source: 'memory', ...fault }, message: 'storage refused a change' },
    ])
    expect(app.router.registry.status().sources[0]?.last_write_error).toEqual(fault)
  })

  it('is 500 for what nobody foresaw, and tells only under which id the log has more', async () => {
    const app = await over({
      auth: () => {
        throw new Error('the table "keys" is gone: sk-secret')
      },
    })
    const { status, body, headers } = await send(app)
    const id = headers['x-request-id']
    expect(id).toMatch(new RegExp(`^${requestId}$`))
    const message = `Internal server error. The log tells more under request id ${id}.`
    expect([status, body]).toEqual([500, error(500, 'internal_server_error', message)])
    expect(app.log.map(({ details }) => details)).toContainEqual(expect.objectContaining({ requestId: id }))
  })
})

describe('a body', () => {
  const raw = (app: TestApp, body: string, type = 'application/json'): supertest.Test =>
    supertest(app.app)
      .post('/model/new')
      .set('Authorization', `Bearer ${masterKey}`)
      .set('Content-Type', type)
      .send(body)
  const problem = (type: string, loc: readonly (string | number)[], msg: string): object => ({
    detail: [{ type, loc: ['body', ...loc], msg }],
  })
  const notAnObject = problem(
    'model_attributes_type',
    [],
    'Input should be a valid dictionary or object to extract fields from',
  )

  it.each<[string, string, string, number, object]>([
    ['that is not JSON', '{"a', 'application/json', 422, problem('json_invalid', [3], 'JSON decode error')],
    ['that is a list', '[]', 'application/json', 422, notAnObject],
    ['that is not sent as JSON', '{}', 'text/plain', 422, notAnObject],
    ['that is not there', '', 'application/json', 422, problem('missing', [], 'Field required')],
    [
      'that is too large',
      JSON.stringify({ model_name: 'x'.repeat(2000) }),
      'application/json',
      413,
      error(413, 'validation_error', 'The body is larger than this server reads.'),
    ],
  ])('%s is refused', async (_what, body, type, status, answer) => {
    const response = await raw(await makeApp({ bodyLimit: 1000 }), body, type)
    expect([response.status, response.body]).toEqual([status, answer])
  })
})

describe('a path of this API', () => {
  it.each([
    ['get', '/model/new', 'POST'],
    ['get', '/model/update', 'POST'],
    ['put', '/model/one/update', 'PATCH'],
    ['get', '/model/delete', 'POST'],
    ['delete', '/model/block', 'POST'],
    ['post', '/model/info', 'GET'],
    ['post', '/schedule/model_cost_map_reload/status', 'GET'],
    ['get', '/schedule/model_cost_map_reload', 'POST, DELETE'],
  ] as const)('%s %s is 405 and says what is allowed', async (method, path, allow) => {
    const { app } = await makeApp()
    const { status, body, headers } = await supertest(app)[method](path).set('x-api-key', masterKey)
    expect([status, body, headers['allow']]).toEqual([405, { detail: 'Method Not Allowed' }, allow])
  })

  it.each(['/model', '/model/new%2F', '/MODEL/new', '/model/one/two/update', '/v3/model/info'])(
    '%s is none: it is the host’s',
    async (path) => {
      const { app } = await makeApp()
      app.use((_request, response) => void response.status(404).json('the host'))
      const { status, body } = await supertest(app).post(path)
      expect([status, body]).toEqual([404, 'the host'])
    },
  )
})

it('the cost map’s routes are refused with a plain sentence, as LiteLLM does', async () => {
  const keys = [{ key: 'sk-user', userId: 'u', role: 'internal_user' as const }]
  const { post } = await makeApp({ auth: { masterKey, keys } })
  const { status, body } = await post('/reload/model_cost_map', {}, 'sk-user')
  const detail = 'Access denied. Admin role required. Current role: internal_user'
  expect([status, body]).toEqual([403, { detail }])
})
