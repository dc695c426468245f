import supertest from 'supertest'
import type { Caller } from '../../lib/caller'
import { makeApp, masterKey, startApp } from '../support/app'

const refusal = (message: string, type = 'auth_error', param: string | null = null): object => ({
  error: { message: `Authentication Error, ${message}`, type, param, code: '401' },
})
const unknown = refusal('Invalid proxy server token passed.', 'token_not_found_in_db', 'key')
const none = refusal('No api key passed in.')

describe('who is calling', () => {
  it.each(['x-litellm-api-key', 'API-Key', 'x-api-key', 'x-goog-api-key', 'Ocp-Apim-Subscription-Key'])(
    'takes the key from %s, with or without Bearer',
    async (header) => {
      const { app } = await makeApp()
      for (const value of [masterKey, `Bearer ${masterKey}`])
        expect((await supertest(app).get('/model/info').set(header, value)).status).toBe(200)
    },
  )

  it('x-litellm-api-key beats Authorization, which beats the others', async () => {
    const { app } = await makeApp()
    const ask = () => supertest(app).get('/model/info')
    const wrong = 'sk-wrong'
    expect(
      (await ask().set('x-litellm-api-key', masterKey).set('Authorization', `Bearer ${wrong}`)).status,
    ).toBe(200)
    expect(
      (await ask().set('x-litellm-api-key', wrong).set('Authorization', `Bearer ${masterKey}`)).status,
    ).toBe(401)
    expect((await ask().set('Authorization', `Bearer ${wrong}`).set('API-Key', masterKey)).status).toBe(401)
    expect((await ask().set('API-Key', masterKey).set('x-api-key', wrong)).status).toBe(200)
  })

  it.each([
    ['no key', {}, none],
    [
      'an empty key',
      { Authorization: 'Bearer ' },
      refusal('Malformed API Key passed in. Ensure Key has `Bearer ` prefix.'),
    ],
    [
      'no Bearer',
      { Authorization: masterKey },
      refusal('Malformed API Key passed in. Ensure Key has `Bearer ` prefix.'),
    ],
    [
      'Basic',
      { Authorization: `Basic ${masterKey}` },
      refusal('Malformed API Key passed in. Ensure Key has `Bearer ` prefix.'),
    ],
    ['an unknown key', { Authorization: 'Bearer sk-unknown-0001' }, unknown],
    ['a key of another kind', { 'x-api-key': 'no-prefix-at-all' }, unknown],
    ['the master key and more', { 'x-api-key': `${masterKey}x` }, unknown],
  ])('%s is 401 without an echo of it', async (_, headers, answer) => {
    const { app } = await makeApp()
    const response = await supertest(app).get('/model/info').set(headers)
    expect([response.status, response.body]).toEqual([401, answer])
  })

  it('a static key acts as its caller, and its audit fields say so', async () => {
    const keys = [{ key: 'sk-ops', userId: 'ops@example.org', role: 'proxy_admin' as const }]
    const { post } = await makeApp({ auth: { masterKey, keys } })
    const { body } = await post('/model/new', { model_name: 'm', litellm_params: {} }, 'sk-ops')
    expect([body.created_by, body.updated_by]).toEqual(['ops@example.org', 'ops@example.org'])
  })

  it('a function says who is calling; null is 401', async () => {
    const auth = (request: { headers: object }): Caller | null =>
      'x-user' in request.headers ? { userId: 'u', role: 'proxy_admin' } : null
    const { app } = await makeApp({ auth })
    expect((await supertest(app).get('/model/info').set('x-user', 'u')).status).toBe(200)
    const refused = await supertest(app).get('/model/info')
    expect([refused.status, refused.body]).toEqual([401, unknown])
  })

  it('a function that fails is 500 and tells nothing of the failure', async () => {
    const auth = () => Promise.reject(new Error('ldap://admin:hunter22@host'))
    const { app, log } = await makeApp({ auth })
    const { status, body, headers } = await supertest(app).get('/model/info')
    const id = headers['x-request-id']
    expect([status, body]).toEqual([
      500,
      {
        error: {
          message: `Internal server error. The log tells more under request id ${id}.`,
          type: 'internal_server_error',
          param: null,
          code: '500',
        },
      },
    ])
    expect(JSON.stringify(log)).toContain(id)
    expect(JSON.stringify([log, body])).not.toContain('hunter22')
  })

  it('B7 without a key, a function or leave to go without, it does not start', () => {
    expect(() => startApp({ auth: undefined })).toThrow(/give option 'auth'.*allowUnauthenticated: true/)
  })

  it('B7 LITELLM_MASTER_KEY is enough', async () => {
    const { get } = await makeApp({ auth: undefined, env: { LITELLM_MASTER_KEY: 'sk-env' } })
    expect((await get('/model/info', 'sk-env')).status).toBe(200)
    expect((await get('/model/info', null)).body).toEqual(none)
  })

  it('allowUnauthenticated makes everyone an administrator', async () => {
    const { get, post } = await makeApp({ auth: undefined, allowUnauthenticated: true })
    expect((await post('/model/new', { model_name: 'm', litellm_params: {} }, null)).status).toBe(200)
    expect((await get('/model/info', null)).body.data).toHaveLength(1)
  })

  it.each([
    [
      'internal_user',
      'User does not have permission to make this model call. Your role=internal_user. You can only make model calls if you are a PROXY_ADMIN or if you are a team admin, by specifying a team_id in the model_info.',
    ],
    ['proxy_admin_viewer', 'View-only users cannot manage models.'],
    ['internal_user_viewer', 'View-only users cannot manage models.'],
  ] as const)('%s may not add a model', async (role, message) => {
    const { get, post } = await makeApp({ auth: { masterKey, keys: [{ key: 'sk-u', userId: 'u', role }] } })
    const { status, body } = await post('/model/new', { model_name: 'm', litellm_params: {} }, 'sk-u')
    expect([status, body]).toEqual([
      403,
      { error: { message, type: 'permission_error', param: null, code: '403' } },
    ])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })
})
