import supertest from 'supertest'
import type { Caller } from '../../lib/caller'
import { makeApp, masterKey } from '../support/app'
import { holding } from '../support/held'
import { rawRequest } from '../support/raw-request'
import { read } from '../support/sources'

const model = { model_name: 'm', litellm_params: { model: 'x' } }
const hostAnswer = 'the host'

describe('without a key nothing is told but that one is needed', () => {
  test.each([
    ['get', '/model/info?litellm_model_id=none', 'an id that is not there'],
    ['get', '/models/none', 'a name that is not there'],
    ['get', '/models/%zz', 'a path that cannot be decoded'],
    ['get', '/v2/model/info?page=x', 'a query that does not fit'],
    ['post', '/model/new', 'a body that is missing'],
    ['patch', '/model/%zz/update', 'a path that cannot be decoded'],
    ['get', '/model/new', 'another method'],
    ['put', '/model/none/update', 'another method'],
    ['head', '/model/info', 'HEAD'],
    ['head', '/model/new', 'HEAD of a route that only takes POST'],
  ] as const)('%s %s: %s is 401', async (method, path, _what) => {
    const { app } = await makeApp()
    expect((await supertest(app)[method](path)).status).toBe(401)
  })

  test.each(['{"model_name":', '[]', '"x"', '{"__proto__":{}}'])('a body %s is 401', async (body) => {
    const { app } = await makeApp()
    const asked = supertest(app).post('/model/new').set('Content-Type', 'application/json')
    expect((await asked.send(body)).status).toBe(401)
  })

  test('a path that cannot be decoded is 400 with a key', async () => {
    const { get } = await makeApp()
    const { status, body } = await get('/models/%zz')
    expect([status, body]).toEqual([
      400,
      {
        detail: "The path's model cannot be decoded: a % in it is not followed by the code of a character.",
      },
    ])
  })
})

describe('keys in headers', () => {
  const right = masterKey
  test.each<[string, readonly string[], number]>([
    ['one', ['x-api-key', right], 200],
    ['a name in capitals', ['X-API-KEY', right], 200],
    ['two, the right one first', ['x-api-key', right, 'x-api-key', 'sk-wrong'], 401],
    ['two, the right one last', ['x-api-key', 'sk-wrong', 'x-api-key', right], 401],
    ['two in two spellings', ['x-api-key', 'sk-wrong', 'X-Api-Key', right], 401],
    ['a list of them', ['x-api-key', `sk-wrong, ${right}`], 401],
    ['a right one behind a wrong one', ['x-litellm-api-key', 'sk-wrong', 'x-api-key', right], 401],
    [
      'Authorization twice, the wrong one first',
      ['Authorization', 'Bearer sk-w', 'Authorization', `Bearer ${right}`],
      401,
    ],
    ['a key in capitals', ['x-api-key', right.toUpperCase()], 401],
    ['the start of it', ['x-api-key', right.slice(0, -1)], 401],
    ['it twice in one', ['x-api-key', right + right], 401],
    ['it with a letter of another alphabet', ['x-api-key', `${right}\u00e9`], 401],
    ['Bearer and nothing', ['Authorization', 'Bearer '], 401],
    ['Bearer twice', ['Authorization', `Bearer Bearer ${right}`], 401],
    ['a key in a cookie', ['Cookie', `api_key=${right}; x-api-key=${right}`], 401],
    ['a name of Object.prototype', ['constructor', right, '__proto__', right], 401],
    ['very long', ['x-api-key', 'k'.repeat(9000)], 401],
  ])('%s', async (_what, headers, wanted) => {
    const { app } = await makeApp()
    const { status, text } = await rawRequest(app, 'GET', '/model/info', headers)
    expect(status).toBe(wanted)
    expect(text).not.toContain('sk-')
  })

  test('a key in the query is none', async () => {
    const { app } = await makeApp()
    expect((await supertest(app).get(`/model/info?api_key=${masterKey}&key=${masterKey}`)).status).toBe(401)
  })

  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
    '%s makes no other request of it',
    async (name) => {
      const { adapter } = await holding({ one: {} })
      const { app, get } = await makeApp({ adapter })
      const asked = supertest(app)
        .get('/model/info?_method=POST')
        .set({ 'x-api-key': masterKey, [name]: 'POST' })
      expect((await asked).status).toBe(200)
      const posted = supertest(app)
        .post('/model/new')
        .set({ 'x-api-key': masterKey, [name]: 'GET' })
        .send(model)
      expect((await posted).status).toBe(200)
      expect((await get('/model/info')).body.data).toHaveLength(2)
    },
  )

  test('keys are compared as digests, in constant time', () => {
    const source = read('lib/http/authenticate.ts')
    expect(source).toContain('timingSafeEqual(Buffer.from(presented), master.digest)')
    expect(source.match(/key ===|=== key|=== wanted|wanted ===/g)).toBeNull()
  })
})

describe('no other spelling of a path reaches a route', () => {
  test.each([
    '//model/new',
    '/model//new',
    '/./model/new',
    '/x/../model/new',
    '/model/new/.',
    '/model/new;x=1',
    '/model/new%20',
    '/model/new%00',
    '/model%2fnew',
    '/model%2Fnew',
    '/%6dodel/new',
    '/model/%6eew',
    '/%2e/model/new',
    '/model\\new',
    '/MODEL/NEW',
    '/model/new.json',
    '/model/new%3f',
  ])('%s is the host’s', async (path) => {
    const { app, get } = await makeApp()
    app.use((_request, response) => void response.status(404).json(hostAnswer))
    const { status, text } = await rawRequest(app, 'POST', path, ['x-api-key', masterKey])
    expect([status, JSON.parse(text)]).toEqual([404, hostAnswer])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  test('HEAD is GET without the body', async () => {
    const { app } = await makeApp()
    const { status, text } = await rawRequest(app, 'HEAD', '/model/info', ['x-api-key', masterKey])
    expect([status, text]).toEqual([200, ''])
  })

  test('OPTIONS is the host’s and tells of no model', async () => {
    const { adapter } = await holding({ one: {} })
    const { app } = await makeApp({ adapter })
    app.use((_request, response) => void response.status(404).json(hostAnswer))
    for (const path of ['/model/info', '/model/one/update'])
      expect((await rawRequest(app, 'OPTIONS', path)).text).not.toContain('one')
  })
})

describe('names of Object.prototype', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'prototype']

  test.each(names)('%s pollutes nothing, in a body, a query, a path and an id', async (name) => {
    const { get, post, send } = await makeApp()
    const value = { polluted: true }
    const text = `{"model_name":"m","litellm_params":{"model":"x","${name}":${JSON.stringify(value)}},"${name}":${JSON.stringify(value)}}`
    const created = await post('/model/new', JSON.parse(text))
    expect(created.status).toBe(name === '__proto__' ? 422 : 200)
    await post('/model/new', { ...model, model_info: { id: name } })
    await send('patch', `/model/${name}/update`, JSON.parse(text))
    await get(`/v2/model/info?${name}[polluted]=true&${name}=x&sortBy=${name}&search=${name}&teamId=${name}`)
    await get(`/models/${name}`)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test.each(names)('%s is neither a name nor an id that is there', async (name) => {
    const { get, post } = await makeApp()
    expect((await get(`/models/${name}`)).status).toBe(404)
    expect((await get(`/model/info?litellm_model_id=${name}`)).status).toBe(400)
    expect((await post('/model/delete', { id: name })).status).toBe(400)
  })

  test.each(names)('%s is no role', async (role) => {
    const auth = (): Caller => ({ userId: 'u', role: role as 'team' })
    const { post, log } = await makeApp({ auth })
    expect((await post('/model/new', model)).status).toBe(500)
    expect(JSON.stringify(log)).toContain('caller.role must be')
  })
})

describe('a function that says something else than a caller', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'caller must be an object'],
    ['true', true, 'caller must be an object'],
    ['a role', 'proxy_admin', 'caller must be an object'],
    ['an empty object', {}, 'caller.userId must be a non-empty string'],
    ['no role', { userId: 'u' }, "caller.role must be 'proxy_admin' or"],
    ['a list of roles', { userId: 'u', role: ['proxy_admin'] }, 'caller.role must be'],
    ['models that are no list', { userId: 'u', role: 'team', models: 'all' }, 'caller.models must be a list'],
    ['a team without an id', { userId: 'u', role: 'team', teams: [{}] }, 'caller.teams[0].id must be'],
    [
      'an admin who is only nearly one',
      { userId: 'u', role: 'team', teams: [{ id: 't', admin: 'true' }] },
      'caller.teams[0].admin must be true or false',
    ],
  ])('%s is 500, and no administrator', async (_what, said, reason) => {
    const { get, post, log } = await makeApp({ auth: (() => said) as unknown as () => Caller })
    expect((await get('/model/info')).status).toBe(500)
    expect((await post('/model/new', model)).status).toBe(500)
    expect(JSON.stringify(log)).toContain(reason)
  })

  test('a caller with more to say of itself is one', async () => {
    const { get } = await makeApp({ auth: () => ({ userId: 'u', role: 'team', email: 'u@example.org' }) })
    expect((await get('/model/info')).status).toBe(200)
  })
})

describe('ids and names are not to be probed', () => {
  const keys = [
    { key: 'sk-a', userId: 'a', role: 'internal_user', teams: [{ id: 'a', admin: true }] },
    { key: 'sk-user', userId: 'u', role: 'internal_user' },
  ] as const

  test.each(['sk-a', 'sk-user'])('%s is answered alike of a foreign id and of none', async (key) => {
    const { adapter } = await holding({ theirs: { model_info: { team_id: 'b' } } })
    const { get, post, send } = await makeApp({ adapter, auth: { masterKey, keys } })
    const ask = async (id: string): Promise<string> => {
      const answers = [
        await get(`/model/info?litellm_model_id=${id}`, key),
        await get(`/v2/model/info?modelId=${id}`, key),
        await get(`/models/${id}`, key),
        await post('/model/delete', { id }, key),
        await post('/model/update', { model_info: { id }, litellm_params: { rpm: 1 } }, key),
        await send('patch', `/model/${id}/update`, { litellm_params: { rpm: 1 } }, key),
        await post('/model/block', { model_id: id }, key),
      ]
      return JSON.stringify(answers.map(({ status, body }) => [status, body])).replaceAll(id, 'ID')
    }
    expect(await ask('theirs')).toBe(await ask('none'))
  })
})
