import supertest from 'supertest'
import type { Caller } from '../../lib/caller'
import { makeApp, masterKey, startApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
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

describe('keys that are set up wrongly keep the router from starting', () => {
  const good = { key: 'sk-secret-1', userId: 'u', role: 'team' } as const
  it.each<[string, object, string]>([
    ['an empty key', [{ ...good, key: '' }], 'auth.keys[0].key'],
    ['a blank key', [good, { ...good, key: ' ' }], 'auth.keys[1].key'],
    ['no key', [{ userId: 'u', role: 'team' }], 'auth.keys[0].key'],
    ['no user', [{ ...good, userId: undefined }], 'auth.keys[0].userId'],
    ['a role that is none', [good, { ...good, key: 'sk-secret-2', role: 'admin' }], 'auth.keys[1].role'],
    ['a misspelt member', [{ ...good, model: ['gpt-4'] }], 'auth.keys[0]'],
    ['a key as a member', [{ 'sk-secret-1': 'u' }], 'auth.keys[0]'],
    ['a list of numbers as models', [{ ...good, models: [5] }], 'auth.keys[0].models'],
    ['a team by its name', [{ ...good, teams: ['t'] }], 'auth.keys[0].teams[0]'],
    [
      'an admin who is only nearly one',
      [{ ...good, teams: [{ id: 't', admin: 1 }] }],
      'auth.keys[0].teams[0].admin',
    ],
    [
      'a misspelt member of a team',
      [{ ...good, teams: [{ id: 't', isAdmin: true }] }],
      'auth.keys[0].teams[0]',
    ],
    ['one key twice', [good, { ...good, userId: 'other' }], 'auth.keys[1]'],
    ['the master key again', [{ ...good, key: masterKey }], 'auth.keys[0]'],
    ['something that is no list', { key: 'sk-secret-1' }, 'auth.keys'],
    ['null', [null], 'auth.keys[0]'],
  ])('%s, named by its place and never by its value', (_what, keys, param) => {
    const start = (): unknown => startApp({ auth: { masterKey, keys: keys as [] } })
    expect(start).toThrow(expect.objectContaining({ code: 'invalid_option', param }))
    expect(start).not.toThrow(/sk-/)
  })

  it('an option that is misspelt', () => {
    expect(() => startApp({ auth: { masterkey: 'x' } as object })).toThrow(
      "There is no option 'auth.masterkey'. Did you mean 'auth.masterKey'?",
    )
  })

  it.each([
    ['LITELLM_MASTER_KEY', { auth: undefined, env: { LITELLM_MASTER_KEY: '' } }],
    ['the option', { auth: { masterKey: '' } }],
    ['a blank one', { auth: { masterKey: ' ' }, env: { LITELLM_MASTER_KEY: '\t' } }],
  ])('an empty master key is none: %s', (_what, options) => {
    expect(() => startApp(options)).toThrow(/give option 'auth'/)
  })

  it('an empty option leaves the word to the environment', async () => {
    const { get } = await makeApp({ auth: { masterKey: '' }, env: { LITELLM_MASTER_KEY: 'sk-env' } })
    expect((await get('/model/info', 'sk-env')).status).toBe(200)
    expect((await get('/model/info', '')).status).toBe(401)
  })

  it('B7 a master key that comes into the file later is asked for from then on', async () => {
    const config = files.write({ model_list: [] })
    const { get, router } = await makeApp({ auth: undefined, allowUnauthenticated: true, config })
    expect((await get('/model/info', null)).status).toBe(200)
    files.rewrite(config, { model_list: [], general_settings: { master_key: 'sk-later' } })
    await router.registry.reload()
    expect((await get('/model/info', null)).status).toBe(401)
    expect((await get('/model/info', 'sk-later')).status).toBe(200)
  })
})
