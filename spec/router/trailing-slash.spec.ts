import express from 'express'
import supertest from 'supertest'
import { makeApp, masterKey } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const config = files.write({
  model_list: [
    { model_name: 'org/m', litellm_params: { model: 'openai/x' }, model_info: { access_groups: ['g'] } },
  ],
})
const model = { model_name: 'new', litellm_params: { model: 'x' }, model_info: { id: 'i' } }

describe('a path with a slash at its end', () => {
  it.each([
    '/model/info',
    '/v1/model/info?litellm_model_id=none',
    '/v2/model/info?search=org',
    '/model_group/info',
    '/models',
    '/v1/models?include_pricing=true',
    '/v1/models/org/m',
    '/models/org%2Fm',
    '/access_group/list',
    '/access_group/g/info',
    '/model_management/status/none',
    '/health/readiness',
    '/openapi.json',
  ])('answers as %s', async (path) => {
    const { get } = await makeApp({ config })
    const [name = '', query] = path.split('?')
    const wanted = await get(path)
    for (const slashes of ['/', '//']) {
      const { status, body } = await get(`${name}${slashes}${query === undefined ? '' : `?${query}`}`)
      expect([status, body]).toEqual([wanted.status, wanted.body])
    }
  })

  it('is the same path for every method that writes', async () => {
    const { post, send } = await makeApp({ config })
    const sent = [
      await post('/model/new/', model),
      await post('/model/update/', { id: 'i', model_info: { note: 1 } }),
      await send('patch', '/model/i/update/', { model_info: { note: 2 } }),
      await post('/model/block/', { model_id: 'i' }),
      await post('/access_group/new/', { access_group: 'h', model_names: ['new'] }),
      await send('put', '/access_group/h/update/', { model_names: ['new'] }),
      await send('delete', '/access_group/h/delete/'),
      await post('/model/delete/', { id: 'i' }),
    ]
    expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200))
  })

  it('is refused alike: without a key, by another method, and without a body for HEAD', async () => {
    const { app, get, send } = await makeApp({ config })
    const refused = await send('delete', '/model/info/')
    expect([(await get('/models/', null)).status, refused.status, refused.headers['allow']]).toEqual([
      401,
      405,
      'GET',
    ])
    const head = await supertest(app).head('/v1/models/').set('x-api-key', masterKey)
    expect([head.status, head.text]).toEqual([200, undefined])
  })

  it('is the same path under a prefix and in a host with strict routing', async () => {
    const { router } = await makeApp({ config })
    const app = express().enable('strict routing').use('/llm', router)
    const { status, body } = await supertest(app).get('/llm/v1/models/org/m/').set('x-api-key', masterKey)
    expect([status, body.id]).toEqual([200, 'org/m'])
  })

  it('is left to the host where the path is the host’s: other paths, other verbs of OpenAI’s, preflights', async () => {
    const { app } = await makeApp({ config })
    app.use((request, response) => void response.json([request.method, request.url]))
    const asked = [
      await supertest(app).get('/'),
      await supertest(app).get('//'),
      await supertest(app).get('/model/other/'),
      await supertest(app).get('/model/info%2F'),
      await supertest(app).delete('/v1/models/m/'),
      await supertest(app).options('/model/info/'),
      await supertest(app).options('/v1/models/'),
    ]
    expect(asked.map(({ body }) => body)).toEqual([
      ['GET', '/'],
      ['GET', '//'],
      ['GET', '/model/other/'],
      ['GET', '/model/info%2F'],
      ['DELETE', '/v1/models/m/'],
      ['OPTIONS', '/model/info/'],
      ['OPTIONS', '/v1/models/'],
    ])
  })
})
