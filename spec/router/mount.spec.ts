import express from 'express'
import supertest from 'supertest'
import { memoryAdapter } from '../../lib/adapters/memory'
import { modelManagementRouter } from '../../lib/router'
import { makeApp, masterKey, startApp } from '../support/app'

const model = { model_name: 'm', litellm_params: { model: 'x' } }

describe('where it is mounted', () => {
  it('under a prefix', async () => {
    const { get, post } = await makeApp({}, { prefix: '/llm' })
    expect((await post('/llm/model/new', model)).status).toBe(200)
    expect((await get('/llm/v1/model/info')).body.data).toHaveLength(1)
    expect((await get('/model/info')).status).toBe(404)
  })

  it.each([
    ['json', express.json()],
    ['raw', express.raw({ type: () => true })],
    ['text', express.text({ type: () => true })],
  ])('behind a host that parses bodies itself, as %s', async (_, parser) => {
    const { get, post } = await makeApp({}, { before: [parser] })
    expect((await post('/model/new', model)).status).toBe(200)
    expect((await post('/model/new', { model_name: 5 })).status).toBe(422)
    expect((await get('/model/info')).body.data).toHaveLength(1)
  })

  it('behind a host’s parser a missing body is still told as missing', async () => {
    const { app } = await makeApp({}, { before: [express.json()] })
    const { status, body } = await supertest(app).post('/model/new').set('x-api-key', masterKey)
    expect([status, body]).toEqual([
      422,
      { detail: [{ type: 'missing', loc: ['body'], msg: 'Field required' }] },
    ])
  })

  it('twice in one app, sharing nothing', async () => {
    const options = { auth: { masterKey }, env: {} }
    const one = modelManagementRouter({ ...options, adapter: memoryAdapter() })
    const other = modelManagementRouter({ ...options, adapter: memoryAdapter() })
    const app = express().use('/one', one).use('/other', other)
    await Promise.all([one.ready(), other.ready()])
    await supertest(app).post('/one/model/new').set('x-api-key', masterKey).send(model)
    const count = async (path: string): Promise<number> =>
      (await supertest(app).get(`${path}/model/info`).set('x-api-key', masterKey)).body.data.length
    expect([await count('/one'), await count('/other')]).toEqual([1, 0])
    await Promise.all([one.close(), other.close()])
  })

  it('leaves other routes to the host', async () => {
    const { app } = await makeApp()
    app.get('/model/other', (_request, response) => void response.json('host'))
    expect((await supertest(app).get('/model/other')).body).toBe('host')
  })

  it('before the first load reads are 503, and never an empty list', async () => {
    const storage = memoryAdapter()
    let open = (): void => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const { get, router } = startApp({
      adapter: { ...storage, list: () => opened.then(() => storage.list()) },
    })
    const early = await get('/model/info')
    expect([early.status, early.headers['retry-after'], early.body]).toEqual([
      503,
      '1',
      {
        error: {
          message: 'The models are still being loaded. Try again in a moment.',
          type: 'service_unavailable',
          param: null,
          code: '503',
        },
      },
    ])
    open()
    await router.ready()
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  it('I1 storage that is down at the start is tried again until it is there', async () => {
    const storage = memoryAdapter()
    let failures = 2
    const init = (): Promise<void> => (failures-- > 0 ? Promise.reject(new Error('down')) : Promise.resolve())
    const { get, router } = startApp({ adapter: { ...storage, init } })
    await router.ready()
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })
})
