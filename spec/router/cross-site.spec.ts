import express from 'express'
import supertest from 'supertest'
import type { RouterOptions } from '../../lib/options'
import type { Authenticate } from '../../lib/options/auth'
import { makeApp, masterKey, startApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const model = { model_name: 'm', litellm_params: { model: 'x' } }
const json = JSON.stringify(model)
const notJson = {
  detail: [
    {
      type: 'model_attributes_type',
      loc: ['body'],
      msg: 'Input should be a valid dictionary or object to extract fields from',
    },
  ],
}
const refusal = {
  error: {
    message:
      "A page of another origin sent this write without a key in a header. Send a key in a header, or name the page's origin in option 'trustedOrigins'.",
    type: 'auth_error',
    param: null,
    code: '403',
  },
}

type Headers = Readonly<Record<string, string>>

/** The session of a host, in a cookie. */
const auth: Authenticate = ({ headers }) =>
  headers.cookie === 'session=ann' ? { userId: 'ann', role: 'proxy_admin' } : null
const cookie = { cookie: 'session=ann' }
const byCookie = (options: RouterOptions = {}): Promise<TestApp> => makeApp({ auth, ...options })

const write = ({ app }: Pick<TestApp, 'app'>, headers: Headers, host = 'gateway.example') =>
  supertest(app)
    .post('/model/new')
    .set({ host, ...cookie, ...headers })
    .send(model)

describe('a body is read as JSON only if it says that it is JSON', () => {
  const types: readonly (readonly [string, number])[] = [
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['APPLICATION/JSON', 200],
    ['application/merge-patch+json', 200],
    ['text/plain', 422],
    ['text/plain; application/json', 422],
    ['text/plain; x=application/json', 422],
    ['application/x-www-form-urlencoded', 422],
    ['multipart/form-data; boundary=application/json', 422],
    ['application/jsonp', 422],
    ['application/json-patch', 422],
    ['text/json', 422],
    ['application/json, text/plain', 422],
    [' ', 422],
  ]
  const parsers = {
    'by the router': [],
    'by a host that reads any type': [express.json({ type: () => true })],
    'by a host that reads forms': [express.urlencoded({ extended: false })],
  }

  describe.each(Object.entries(parsers))('%s', (_who, before) => {
    it.each(types)('%j', async (type, status) => {
      const { app, get } = await makeApp({}, { before })
      const answer = await supertest(app)
        .post('/model/new')
        .set({ 'x-api-key': masterKey, 'content-type': type })
        .serialize((body: unknown) => body as string)
        .send(json)
      expect([answer.status, answer.status === 200 ? {} : answer.body]).toEqual([
        status,
        status === 200 ? {} : notJson,
      ])
      expect((await get('/model/info')).body.data).toHaveLength(status === 200 ? 1 : 0)
    })

    it('no type at all', async () => {
      const { app, get } = await makeApp({}, { before })
      const asked = supertest(app).post('/model/new').set('x-api-key', masterKey)
      const answer = await asked.send(Buffer.from(json)).unset('Content-Type')
      expect([answer.status, answer.body]).toEqual([422, notJson])
      expect((await get('/model/info')).body.data).toEqual([])
    })
  })

  it('a body that is missing is told as missing, whatever type it has', async () => {
    const { app } = await makeApp()
    const { status, body } = await supertest(app).post('/model/new').set('x-api-key', masterKey)
    const detail = [{ type: 'missing', loc: ['body'], msg: 'Field required' }]
    expect([status, body]).toEqual([422, { detail }])
  })
})

describe('a write without a key in a header', () => {
  const foreign: readonly Headers[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://blog.gateway.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://gateway.example' },
    { 'sec-fetch-site': 'none, cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'gateway.example' },
    { origin: 'https://gateway.example.evil.example' },
    { origin: 'https://gateway.example:8443' },
    { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site', authorization: 'Basic YW5uOmFubg==' },
    { 'sec-fetch-site': 'cross-site', authorization: 'Bearer ', 'x-api-key': ' ' },
    { 'sec-fetch-site': 'cross-site', 'x-session': 'ann' },
  ]
  it.each(foreign)('is refused to a page of another origin: %j', async (headers) => {
    const app = await byCookie()
    const { status, body } = await write(app, headers)
    expect([status, body]).toEqual([403, refusal])
    expect(app.router.registry.list()).toEqual([])
  })

  const own: readonly Headers[] = [
    {},
    { 'sec-fetch-site': 'same-origin', origin: 'https://gateway.example' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://before-the-proxy.example' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://gateway.example' },
    { origin: 'http://Gateway.Example:80' },
  ]
  it.each(own)('is taken from the gateway’s own pages and from programs: %j', async (headers) => {
    expect((await write(await byCookie(), headers)).status).toBe(200)
  })

  it('is judged by the port too', async () => {
    const app = await byCookie()
    expect((await write(app, { origin: 'http://localhost:4000' }, 'localhost:4000')).status).toBe(200)
    expect((await write(app, { origin: 'http://localhost:3000' }, 'localhost:4000')).status).toBe(403)
  })

  it('is judged by the host that a trusted proxy names', async () => {
    const app = await byCookie()
    const headers = { origin: 'https://public.example', 'x-forwarded-host': 'public.example, inner.example' }
    expect((await write(app, headers)).status).toBe(403)
    app.app.set('trust proxy', true)
    expect((await write(app, headers)).status).toBe(200)
    expect((await write(app, { origin: 'https://gateway.example' })).status).toBe(200)
  })

  it.each<readonly [string, string, object | undefined]>([
    ['post', '/model/new', model],
    ['post', '/model/update', { id: 'a' }],
    ['patch', '/model/a/update', {}],
    ['post', '/model/delete', { id: 'a' }],
    ['post', '/model/block', { model_id: 'a' }],
    ['post', '/model/unblock', { model_id: 'a' }],
    ['post', '/access_group/new', { access_group: 'g', model_ids: ['a'] }],
    ['put', '/access_group/g/update', { model_ids: ['a'] }],
    ['delete', '/access_group/g/delete', undefined],
    ['post', '/reload/model_cost_map', undefined],
    ['post', '/schedule/model_cost_map_reload?hours=1', undefined],
    ['delete', '/schedule/model_cost_map_reload', undefined],
  ])('is refused on every route: %s %s', async (method, path, body) => {
    for (const options of [{ auth }, { auth: undefined, allowUnauthenticated: true }]) {
      const { app } = await makeApp(options)
      const request = supertest(app)
      const asked = request[method as 'post'](path).set({ ...cookie, 'sec-fetch-site': 'cross-site' })
      const answer = await (body === undefined ? asked : asked.send(body))
      expect([answer.status, answer.body]).toEqual([403, refusal])
    }
  })

  it('is told to strangers as to anybody without a key', async () => {
    const app = await byCookie()
    expect((await write(app, { cookie: 'session=eve', 'sec-fetch-site': 'cross-site' })).status).toBe(401)
  })

  it('is taken from an origin that the host trusts, and from no other', async () => {
    const app = await byCookie({ trustedOrigins: ['https://UI.example.com', 'http://localhost:3000'] })
    const statuses = [
      'https://ui.example.com',
      'http://localhost:3000',
      'http://ui.example.com',
      'https://ui.example.com:8443',
      'https://ui.example.com.evil.example',
      'null',
    ].map(async (origin) => (await write(app, { origin, 'sec-fetch-site': 'same-site' })).status)
    expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403, 403, 403])
  })
})

describe('what pages of other origins may send', () => {
  const page = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

  it('reads', async () => {
    const { app } = await byCookie()
    const request = supertest(app)
    const asked = (method: 'get' | 'head') => request[method]('/model/info').set({ ...cookie, ...page })
    expect([(await asked('get')).status, (await asked('head')).status]).toEqual([200, 200])
  })

  it.each<[string, RouterOptions, Headers]>([
    ['a key', {}, { authorization: `Bearer ${masterKey}` }],
    ['a key beside a cookie', {}, { 'x-api-key': masterKey, ...cookie }],
    [
      'a key that the host itself looks at',
      { auth: () => ({ userId: 'a', role: 'proxy_admin' }) },
      { 'api-key': 'k' },
    ],
  ])('writes with %s in a header', async (_what, options, headers) => {
    const app = await makeApp(options)
    expect((await write(app, { ...page, ...headers })).status).toBe(200)
  })

  it('writes with a key in the header that the config file names', async () => {
    const config = files.write({ model_list: [], general_settings: { litellm_key_header_name: 'X-Own-Key' } })
    const app = await byCookie({ config })
    expect((await write(app, { ...page, 'x-own-key': 'k' })).status).toBe(200)
    expect((await write(app, { ...page, 'x-other-key': 'k' })).status).toBe(403)
  })
})

it.each([
  ['https://ui.example.com'],
  [['ui.example.com']],
  [['https://ui.example.com/']],
  [['https://*.example.com']],
  [['https://me@ui.example.com']],
  [[5]],
])('trustedOrigins %j keeps the router from starting', (trustedOrigins) => {
  expect(() => startApp({ trustedOrigins: trustedOrigins as never })).toThrow(
    "Option 'trustedOrigins' must be a list of origins, each a scheme, a host and perhaps a port, as ['https://dashboard.example.com'].",
  )
})
