import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import supertest from 'supertest'
import { ModelManagementError } from '../../lib/errors'
import type { GuardedRequest, GuardOptions } from '../../lib/http/guard'
import { makeApp, masterKey } from '../support/app'
import { guarded, isAdmin, noModel, openAiError, passed, show } from '../support/guarded'
import { holding } from '../support/held'

describe('a body that the host has read', () => {
  it.each([
    ['json', express.json(), { model: 'm' }],
    ['urlencoded', express.urlencoded({ extended: false }), { model: 'm' }],
    ['raw', express.raw({ type: () => true }), expect.objectContaining({ type: 'Buffer' })],
    ['text', express.text({ type: () => true }), '{"model":"m"}'],
  ] as const)('with express.%s() is taken, and left as it is', async (kind, parser, left) => {
    const { app } = await guarded({ before: [parser] })
    const request = supertest(app).post('/call').set('x-api-key', masterKey)
    const { status, body } = await (kind === 'urlencoded'
      ? request.type('form').send('model=m')
      : request.type('json').send('{"model":"m"}'))
    expect([status, body]).toEqual(passed(left))
  })

  it('and that names no model is 400 all the same', async () => {
    const { app } = await guarded({ before: [express.json()] })
    const { status, body } = await supertest(app).post('/call').set('x-api-key', masterKey)
    expect([status, body]).toEqual([400, noModel])
  })
})

describe('guard({ model })', () => {
  it('takes the model from wherever the host says', async () => {
    const { app, router, get, post } = await guarded()
    app.all(
      '/deployments/:name/call',
      router.guard({ model: ({ params }: Request) => String(params['name']) }),
      show,
    )
    expect((await get('/deployments/m/call')).body).toMatchObject({ ids: ['one'], requestedModel: 'm' })
    // Parsed for the function too.
    expect((await post('/deployments/m/call', { n: 1 })).body).toMatchObject({ ids: ['one'], body: { n: 1 } })
    expect((await get('/deployments/no/call')).status).toBe(404)
  })

  it('shows the function the parsed body', async () => {
    const model: GuardOptions['model'] = ({ body }) => (body as { deployment?: string }).deployment
    const { call } = await guarded({ guard: { model } })
    expect((await call({ deployment: 'm' })).body).toMatchObject({ ids: ['one'] })
    expect((await call({ model: 'm' })).body).toEqual(noModel)
  })

  it('leaves a body of another type to the host', async () => {
    const text = express.text({ type: 'text/plain' })
    const { app, router } = await guarded()
    app.post('/text', router.guard({ model: () => 'm' }), text, show)
    const response = await supertest(app).post('/text').set('x-api-key', masterKey).type('text').send('hello')
    expect(response.body).toMatchObject({ ids: ['one'], body: 'hello' })
  })

  it('false asks for a key only, and leaves the body unread', async () => {
    const { app, router } = await guarded()
    app.all('/key', router.guard({ model: false }), express.json(), show)
    const request = supertest(app).post('/key').set('x-api-key', masterKey)
    const { status, body } = await request.send({ a: 1 })
    expect([status, body]).toEqual([200, { caller: isAdmin, ids: [], body: { a: 1 } }])
    expect((await supertest(app).get('/key')).status).toBe(401)
  })

  it.each([
    [{ model: true }, "Option 'guard.model' must be a function, or false."],
    [{ bodyLimit: '1mb' }, "Option 'guard.bodyLimit' must be a whole number above 0."],
    [{ modell: false }, "There is no option 'guard.modell'. Did you mean 'guard.model'?"],
  ])('%j is refused at once', async (options, message) => {
    const { router } = await makeApp()
    expect(() => router.guard(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message }),
    )
  })
})

describe('what goes wrong behind the guard', () => {
  /** The host's handler, which shows what it is given. */
  const caught: ErrorRequestHandler = (thrown: unknown, _request, response, _next) => {
    const { message, cause } = Object(thrown) as Error
    response.status(500).json({ message, cause: String(cause) })
  }

  it.each([
    ['an error', new Error('ldap is down'), { message: 'ldap is down', cause: 'undefined' }],
    ['nothing', undefined, { message: 'The guard of a route failed.', cause: 'undefined' }],
    ['a falsy value', 0, { message: 'The guard of a route failed.', cause: '0' }],
    ['a word of Express', 'route', { message: 'The guard of a route failed.', cause: 'route' }],
  ])('%s goes to the error handler of the host, and nobody is let through', async (_, reason, answer) => {
    const fail = (): never => {
      throw reason
    }
    const failLater = (() => Promise.reject(reason)) as () => never
    for (const model of [fail, failLater]) {
      const { call } = await guarded({ guard: { model }, after: [caught] })
      const { status, body } = await call({ model: 'm' })
      expect([status, body]).toEqual([500, answer])
    }
    for (const auth of [fail, failLater]) {
      const { call } = await guarded({ options: { auth }, after: [caught] })
      const { status, body } = await call({ model: 'm' })
      expect([status, body]).toEqual([500, { message: expect.any(String), cause: expect.any(String) }])
    }
  })

  it('is the answer of Express itself where the host has no handler', async () => {
    const { app, router } = await guarded()
    const failing: RequestHandler = (_request, _response, next) =>
      next(new ModelManagementError('busy', 'Too much is waiting.'))
    app.get('/busy', router.guard({ model: false }), failing)
    const { status, headers } = await supertest(app).get('/busy').set('x-api-key', masterKey)
    expect([status, headers['retry-after']]).toEqual([503, '1'])
  })
})

it('guards a server without Express', async () => {
  const { adapter } = await holding({ one: {} })
  const { router } = await makeApp({ adapter })
  const guard = router.guard()
  const server = createServer((request, response) =>
    guard(request, response, (thrown) => {
      const { requestedModel } = (request as typeof request & GuardedRequest).models
      response.end(JSON.stringify([thrown, requestedModel]))
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = async (headers: Record<string, string>): Promise<unknown[]> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"model":"m"}',
    })
    return [response.status, await response.json()]
  }
  expect(await ask({ 'x-api-key': masterKey })).toEqual([200, [null, 'm']])
  expect(await ask({})).toEqual([
    401,
    openAiError('Authentication Error, No api key passed in.', 'auth_error', 'invalid_api_key'),
  ])
  server.closeAllConnections()
  await once(server.close(), 'close')
})
