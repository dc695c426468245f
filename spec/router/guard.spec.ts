import supertest from 'supertest'
import type { Request } from 'express'
import { inspect } from 'node:util'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { GuardedRequest } from '../../lib/http/guard'
import { masterKey, startApp } from '../support/app'
import { draft } from '../support/draft'
import { gate } from '../support/gate'
import { guarded, noModel, openAiError, passed, show } from '../support/guarded'
import { holding } from '../support/held'

const error = openAiError
const invalid = (message: string, code: string | null = null, param: string | null = null): object =>
  openAiError(message, 'invalid_request_error', code, param)
const notJson = invalid(
  "Send a JSON object with the member 'model', and the header Content-Type: application/json.",
)

describe('guard()', () => {
  it('lets a request through and shows who asks for what', async () => {
    const { call } = await guarded()
    const { status, body } = await call({ model: 'm', n: 1 })
    expect([status, body]).toEqual(passed({ model: 'm', n: 1 }))
  })

  it('gives the deployments with their secrets, which printing the request does not show', async () => {
    const { call } = await guarded({
      handler: (request, response) => {
        const { models } = request as Request & GuardedRequest
        response.json({ key: models.deployments[0]?.litellm_params['api_key'], text: inspect(request) })
      },
    })
    const { body } = await call({ model: 'm' })
    expect(body.key).toBe('sk-provider-0001')
    expect(body.text).not.toContain('sk-provider-0001')
  })

  it.each<[string, unknown, string | null, number, object]>([
    [
      'no key',
      { model: 'm' },
      null,
      401,
      error('Authentication Error, No api key passed in.', 'auth_error', 'invalid_api_key'),
    ],
    [
      'an unknown key',
      { model: 'm' },
      'sk-no',
      401,
      error('Authentication Error, Invalid proxy server token passed.', 'auth_error', 'invalid_api_key'),
    ],
    [
      'a model that the key may not use',
      { model: 'm' },
      'sk-narrow',
      403,
      error(
        "This key is not allowed to use the model 'm'.",
        'key_model_access_denied',
        'model_access_denied',
        'model',
      ),
    ],
    [
      'a model that is not there',
      { model: 'no' },
      masterKey,
      404,
      invalid("The model 'no' does not exist.", 'model_not_found', 'model'),
    ],
    ['no model', {}, masterKey, 400, noModel],
    ['an empty name', { model: '' }, masterKey, 400, noModel],
    ['a name that is no text', { model: ['m'] }, masterKey, 400, noModel],
    ['a body that is a list', ['m'], masterKey, 400, noModel],
    ['a body that is null', 'null', masterKey, 400, noModel],
  ])('answers %s', async (_, sent, key, status, answer) => {
    const { app } = await guarded()
    const request = supertest(app).post('/call').type('json')
    if (key !== null) void request.set('Authorization', `Bearer ${key}`)
    const response = await request.send(typeof sent === 'string' ? sent : JSON.stringify(sent))
    expect([response.status, response.body]).toEqual([status, answer])
    expect(response.headers['content-type']).toBe('application/json')
    expect(response.headers['x-content-type-options']).toBe('nosniff')
    expect(response.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined)
  })

  it.each([
    [
      'is not JSON',
      '{"model": "sk-canary',
      'application/json',
      400,
      'The body cannot be read as JSON.',
      'invalid_json',
    ],
    ['is no JSON by its type', '{"model":"m"}', 'text/plain', 400, undefined, null],
    ['is a form', 'model=m', 'application/x-www-form-urlencoded', 400, undefined, null],
    [
      'is too large',
      `{"model":"${'m'.repeat(200)}"}`,
      'application/json',
      413,
      'The body is larger than this server reads.',
      'body_too_large',
    ],
    [
      'is encoded',
      '{}',
      'application/json; charset=ebcdic',
      415,
      'The body is encoded in a way that is not supported.',
      'unsupported_encoding',
    ],
  ])('answers a body that %s', async (_, sent, type, status, message, code) => {
    const { app } = await guarded({ guard: { bodyLimit: 100 } })
    const request = supertest(app).post('/call').set('x-api-key', masterKey).set('Content-Type', type)
    const response = await request.send(sent)
    expect([response.status, response.body]).toEqual([
      status,
      message === undefined ? notJson : invalid(message, code),
    ])
  })

  it('reads as much as the router does, unless told otherwise', async () => {
    const { call } = await guarded({ options: { bodyLimit: 100 } })
    expect((await call({ model: 'm', text: 'x'.repeat(50) })).status).toBe(200)
    expect((await call({ model: 'm', text: 'x'.repeat(100) })).status).toBe(413)
  })

  it('finds no model of a name that is too long, and does not repeat it', async () => {
    const { call } = await guarded({ guard: { bodyLimit: 2_000_000 } })
    const longest = 'n'.repeat(256)
    expect((await call({ model: longest })).body.error.message).toBe(`The model '${longest}' does not exist.`)
    for (const model of [`${longest}n`, '*'.repeat(1_000_000)]) {
      const before = process.cpuUsage()
      const { status, body } = await call({ model })
      const { user, system } = process.cpuUsage(before)
      expect(user + system).toBeLessThan(250_000)
      const message = 'There is no model whose name has more than 256 characters.'
      expect([status, body]).toEqual([404, invalid(message, 'model_not_found', 'model')])
    }
  })

  it('tells a paused model from one that is not there', async () => {
    const { adapter } = await holding({ one: {} }, { blocked: true })
    const { call } = await guarded({ options: { adapter } })
    const { status, body } = await call({ model: 'm' })
    const message = "All deployments of the model 'm' are paused."
    expect([status, body]).toEqual([503, error(message, 'service_unavailable', 'model_blocked', 'model')])
  })

  it('answers 503 with Retry-After until everything was loaded, to those with a key', async () => {
    const storage = memoryAdapter()
    const door = gate()
    const list = async () => {
      await door.passed
      return storage.list()
    }
    const { app, router } = startApp({ adapter: { ...storage, list } })
    app.post('/call', router.guard(), show)
    const call = (key: string) => supertest(app).post('/call').set('x-api-key', key).send({ model: 'm' })
    const { status, headers, body } = await call(masterKey)
    const message = 'The models are still being loaded. Try again in a moment.'
    expect([status, headers['retry-after'], body]).toEqual([
      503,
      '1',
      error(message, 'service_unavailable', 'not_ready'),
    ])
    expect((await call('sk-no')).status).toBe(401)
    door.open()
    await router.ready()
    expect((await call(masterKey)).status).toBe(404)
  })

  it('finds what another instance stored a moment ago', async () => {
    const { adapter } = await holding({ one: {} })
    const { watch: _, ...unheard } = adapter
    const { call } = await guarded({ options: { adapter: unheard } })
    await adapter.create(
      draft('two', { deployment: { model_name: 'late', litellm_params: { model: 'x' }, model_info: {} } }),
    )
    expect((await call({ model: 'late' })).body.ids).toEqual(['two'])
  })

  it("calls a team's model by the name that its members know it by", async () => {
    const { call, post } = await guarded()
    const model = { model_name: 'ours', litellm_params: { model: 'x' }, model_info: { team_id: 'a' } }
    expect((await post('/model/new', model, 'sk-team')).status).toBe(200)
    expect((await call({ model: 'ours' }, 'sk-team')).body.requestedModel).toBe('ours')
  })
})
