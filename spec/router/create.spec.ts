import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp } from '../support/app'
import { nothingKnown } from '../support/model-info'

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)

describe('POST /model/new', () => {
  it('answers the stored row, secrets removed, and shows the model in the very next read', async () => {
    const { get, post } = await makeApp()
    const created = await post('/model/new', {
      model_name: 'm1',
      litellm_params: { model: 'openai/gpt-4o', api_key: 'sk-provider-000000001', rpm: '6' },
      model_info: { id: 'my-id-1', my_custom_key: 'my_custom_value' },
    })
    expect(created.status).toBe(200)
    expect(created.body).toEqual({
      model_id: 'my-id-1',
      model_name: 'm1',
      litellm_params: { model: 'openai/gpt-4o', rpm: 6 },
      model_info: {
        id: 'my-id-1',
        db_model: true,
        my_custom_key: 'my_custom_value',
        blocked: false,
        created_at: timestamp,
        created_by: 'default_user_id',
        updated_at: timestamp,
        updated_by: 'default_user_id',
      },
      blocked: false,
      created_at: timestamp,
      created_by: 'default_user_id',
      updated_at: timestamp,
      updated_by: 'default_user_id',
    })
    expect(created.headers['etag']).toMatch(/^".+"$/)
    const list = await get('/model/info')
    expect(list.body.data).toHaveLength(1)
    expect(list.body.data[0].model_info.id).toBe('my-id-1')
  })

  it('keeps the azure-gpt-turbo call of the documentation', async () => {
    const { get, post } = await makeApp()
    const created = await post('/model/new', {
      model_name: 'azure-gpt-turbo',
      litellm_params: {
        model: 'azure/gpt-3.5-turbo',
        api_key: 'os.environ/AZURE_API_KEY',
        api_base: 'my-azure-api-base',
      },
    })
    expect(created.status).toBe(200)
    expect(created.body.litellm_params).toEqual({
      model: 'azure/gpt-3.5-turbo',
      api_base: 'my-azure-api-base',
    })
    const { body } = await get(`/model/info?litellm_model_id=${created.body.model_id}`)
    expect(body.data[0]).toMatchObject({
      model_name: 'azure-gpt-turbo',
      litellm_params: { model: 'azure/gpt-3.5-turbo', api_base: 'my-azure-api-base' },
      model_info: { id: created.body.model_id, db_model: true },
    })
  })

  it('keeps the my_awesome_model call of the documentation, which has no model in its params', async () => {
    const { get, post } = await makeApp()
    const model = {
      model_name: 'my_awesome_model',
      litellm_params: { some_parameter: 'some_value', another_parameter: 'another_value' },
      model_info: { author: 'Your Name', version: '1.0', description: 'A brief description of the model.' },
    }
    const created = await post('/model/new', model)
    expect(created.status).toBe(200)
    const { body } = await get('/model/info')
    const { id, ...info } = body.data[0].model_info
    expect(id).toBe(created.body.model_id)
    expect(body.data).toEqual([
      {
        ...model,
        model_info: {
          id,
          db_model: true,
          ...model.model_info,
          blocked: false,
          created_at: timestamp,
          created_by: 'default_user_id',
          updated_at: timestamp,
          updated_by: 'default_user_id',
          direct_access: true,
          access_via_team_ids: [],
          ...nothingKnown('my_awesome_model'),
        },
      },
    ])
    expect(Object.keys(info)[0]).toBe('db_model')
  })

  it('calls the model of my_awesome_model by its model_name', async () => {
    const { post, router } = await makeApp()
    await post('/model/new', {
      model_name: 'my_awesome_model',
      litellm_params: { some_parameter: 'some_value' },
    })
    expect(router.registry.resolve('my_awesome_model')[0]?.litellm_params).toEqual({
      some_parameter: 'some_value',
      model: 'my_awesome_model',
    })
  })

  it('keeps top-level extras, and counts top-level rpm and tpm as params', async () => {
    const { get, post, router } = await makeApp()
    const model = {
      model_name: 'm',
      litellm_params: { model: 'x', tpm: 1 },
      rpm: '7',
      tpm: 2,
      my_extra: { a: [0, false] },
    }
    const created = await post('/model/new', { ...model, model_info: { id: 'i' } })
    expect(created.body).toMatchObject({ rpm: 7, tpm: 2, my_extra: { a: [0, false] } })
    const { body } = await get('/model/info')
    expect(body.data[0]).toMatchObject({ rpm: 7, tpm: 2, my_extra: { a: [0, false] } })
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({ model: 'x', tpm: 1, rpm: 7 })
  })

  it('drops nulls, LiteLLM’s reserved keys and what only the core may say', async () => {
    const { post } = await makeApp()
    const { body } = await post('/model/new', {
      model_name: 'm',
      litellm_params: { model: 'x', api_base: null, self: 1, params: 2, __class__: 3 },
      model_info: { id: 5, db_model: false, created_by: null, note: null, direct_access: true },
      litellm_params_to_remove: ['rpm'],
    })
    expect([body.litellm_params, body.litellm_params_to_remove]).toEqual([{ model: 'x' }, undefined])
    expect(body.model_info).toEqual({
      id: '5',
      db_model: true,
      blocked: false,
      created_at: timestamp,
      created_by: 'default_user_id',
      updated_at: timestamp,
      updated_by: 'default_user_id',
    })
  })

  it('no key of the body passes for what the core knows of the row', async () => {
    const { post } = await makeApp()
    const claims = {
      model_id: 'x',
      created_at: 'x',
      created_by: 'x',
      updated_at: 'x',
      updated_by: 'x',
    }
    const { body } = await post('/model/new', { model_name: 'm', litellm_params: {}, id: 'a', ...claims })
    const audit = { created_at: timestamp, created_by: 'default_user_id' }
    const audits = { ...audit, updated_at: timestamp, updated_by: 'default_user_id' }
    expect(body).toEqual({
      model_id: 'a',
      model_name: 'm',
      litellm_params: {},
      model_info: { id: 'a', db_model: true, blocked: false, ...audits },
      blocked: false,
      ...audits,
    })
  })

  it.each<[string, object, unknown]>([
    ['model_info.id', { model_info: { id: 'a/b c' } }, 'a/b c'],
    ['a number as its text', { model_info: { id: 12 } }, '12'],
    ['a top-level id, as an update takes it', { id: 'top' }, 'top'],
    ['model_info.id before a top-level one', { id: 'top', model_info: { id: 'info' } }, 'info'],
    ['a fresh UUID for an empty id', { model_info: { id: '' } }, expect.stringMatching(/^[0-9a-f-]{36}$/)],
    ['a fresh UUID for null', { model_info: { id: null } }, expect.stringMatching(/^[0-9a-f-]{36}$/)],
  ])('its id is %s', async (_what, ids, id) => {
    const { get, post } = await makeApp()
    const { body } = await post('/model/new', { model_name: 'm', litellm_params: {}, ...ids })
    expect([body.model_id, body.model_info.id, body.id]).toEqual([id, id, undefined])
    const read = await get(`/model/info?litellm_model_id=${encodeURIComponent(body.model_id)}`)
    expect(read.body.data[0].model_info.id).toEqual(id)
  })

  it('D8 takes blocked at creation, as an update does', async () => {
    const { post, router } = await makeApp()
    const { body } = await post('/model/new', {
      model_name: 'm',
      litellm_params: { model: 'x' },
      blocked: true,
    })
    expect(body.blocked).toBe(true)
    expect(router.registry.resolution('m')).toEqual({ outcome: 'blocked', deployments: [] })
  })

  it('D3 false, 0, "" and [] come back as they were sent', async () => {
    const { get, post } = await makeApp()
    const falsy = {
      input_cost_per_token: 0,
      drop_params: false,
      my_text: '',
      tags: [],
      nested: { a: 0, b: null },
    }
    await post('/model/new', { model_name: 'm', litellm_params: { model: 'x', ...falsy } })
    const { body } = await get('/model/info')
    expect(body.data[0].litellm_params).toEqual({ model: 'x', ...falsy })
  })

  it('two deployments may share a name', async () => {
    const { get, post, router } = await makeApp()
    for (const model of ['a', 'b'])
      await post('/model/new', { model_name: 'group', litellm_params: { model } })
    const { body } = await get('/model/info')
    expect(body.data.map((row: { litellm_params: object }) => row.litellm_params)).toEqual([
      { model: 'a' },
      { model: 'b' },
    ])
    expect(router.registry.resolve('group')).toHaveLength(2)
  })

  it('G9 an id that is taken is 409 and changes nothing', async () => {
    const { get, post } = await makeApp()
    const first = { model_name: 'first', litellm_params: { model: 'x' }, model_info: { id: 'taken' } }
    await post('/model/new', first)
    const before = (await get('/model/info')).text
    const again = await post('/model/new', { ...first, model_name: 'second' })
    expect([again.status, again.body]).toEqual([
      409,
      {
        error: {
          message: 'A model with id=taken already exists. Choose another id, or update it.',
          type: 'conflict_error',
          param: 'model_info.id',
          code: '409',
        },
      },
    ])
    expect((await get('/model/info')).text).toBe(before)
  })

  it('B8 a mask is never stored', async () => {
    const { get, post } = await makeApp()
    const response = await post('/model/new', {
      model_name: 'm',
      litellm_params: { model: 'x', aws_session_token: '********' },
    })
    expect([response.status, response.body.error.type, response.body.error.param]).toEqual([
      400,
      'validation_error',
      'litellm_params.aws_session_token',
    ])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  it('a write whose connection breaks after the commit is answered as the success it is', async () => {
    const real = memoryAdapter()
    const adapter = {
      ...real,
      async create(...given: Parameters<typeof real.create>) {
        await real.create(...given)
        throw new Error('connection reset')
      },
    }
    const { get, post } = await makeApp({ adapter })
    const created = await post('/model/new', {
      model_name: 'm',
      litellm_params: { model: 'x' },
      model_info: { id: 'a' },
    })
    expect([created.status, created.body.model_id]).toEqual([200, 'a'])
    expect((await get('/model/info')).body.data).toHaveLength(1)
  })

  it('a write that storage did not take is 503 and says nothing of the cause', async () => {
    const adapter = {
      ...memoryAdapter(),
      create: () => Promise.reject(new Error('postgres://user:hunter22@db')),
    }
    const { get, log, post } = await makeApp({ adapter })
    const response = await post('/model/new', { model_name: 'm', litellm_params: { model: 'x' } })
    expect([response.status, response.headers['retry-after'], response.body]).toEqual([
      503,
      '1',
      {
        error: {
          message: 'The model store did not take the change.',
          type: 'service_unavailable',
          param: null,
          code: '503',
        },
      },
    ])
    expect((await get('/model/info')).body).toEqual({ data: [] })
    expect(JSON.stringify(log)).not.toContain('hunter22')
  })
})
