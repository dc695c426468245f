import { makeApp } from '../support/app'

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
const audit = {
  created_at: time,
  created_by: 'default_user_id',
  updated_at: time,
  updated_by: 'default_user_id',
}

it('a session as a client of LiteLLM holds it, from the first model to its end', async () => {
  const { get, post, send, router } = await makeApp()
  const info = { id: 'my-id-1', db_model: true, blocked: false, ...audit }
  const row = (params: object, more: object = {}, blocked = false): object => ({
    model_id: 'my-id-1',
    model_name: 'm1',
    litellm_params: { model: 'openai/gpt-4o', ...params },
    model_info: { ...info, ...more, blocked },
    blocked,
    ...audit,
  })
  const model = {
    model_name: 'm1',
    litellm_params: { model: 'openai/gpt-4o', api_key: 'sk-provider-000000001', rpm: '6' },
    model_info: { id: 'my-id-1' },
  }

  const created = await post('/model/new', model)
  expect([created.status, created.body]).toEqual([200, row({ rpm: 6 })])

  const read = await get('/model/info?litellm_model_id=my-id-1')
  const keys = Object.keys(read.body.data[0].model_info)
  const own = Object.keys(info)
  expect([read.status, keys.slice(0, own.length + 1)]).toEqual([200, [...own, 'key']])
  expect(keys.slice(-3)).toEqual(['supported_openai_params', 'direct_access', 'access_via_team_ids'])
  expect(read.body).toEqual({
    data: [
      {
        model_name: 'm1',
        litellm_params: { model: 'openai/gpt-4o', rpm: 6 },
        model_info: expect.objectContaining({
          ...info,
          direct_access: true,
          access_via_team_ids: [],
          litellm_provider: 'openai',
          mode: 'chat',
          max_input_tokens: 128000,
        }),
      },
    ],
  })

  const patch = { litellm_params: { rpm: 10 }, model_info: { mode: 'completion', note: null } }
  const patched = await send('patch', '/model/my-id-1/update', patch)
  expect([patched.status, patched.body]).toEqual([200, row({ rpm: 10 }, { mode: 'completion' })])

  const again = await post('/model/new', model)
  expect([again.status, again.body]).toEqual([
    409,
    {
      error: {
        message: 'A model with id=my-id-1 already exists. Choose another id, or update it.',
        type: 'conflict_error',
        param: 'model_info.id',
        code: '409',
      },
    },
  ])

  const page = await get('/v2/model/info?search=M1&size=1')
  const list = await get('/model/info')
  const paging = { total_count: 1, current_page: 1, total_pages: 1, size: 1 }
  expect([page.status, page.body]).toEqual([200, { data: list.body.data, ...paging }])

  const blocked = await post('/model/block', { model_id: 'my-id-1' })
  expect([blocked.status, blocked.body]).toEqual([200, row({ rpm: 10 }, { mode: 'completion' }, true)])
  expect((await get('/v1/models')).body).toEqual({ data: [], object: 'list' })
  expect((await get('/model/info')).body.data[0].model_info.blocked).toBe(true)
  expect(router.registry.resolution('m1').outcome).toBe('blocked')

  const gone = await post('/model/delete', { id: 'my-id-1' })
  expect([gone.status, gone.body]).toEqual([200, { message: 'Model: my-id-1 deleted successfully' }])
  const twice = await post('/model/delete', { id: 'my-id-1' })
  const message = 'Model with id=my-id-1 not found in db'
  expect([twice.status, twice.body]).toEqual([
    400,
    { error: { message, type: 'not_found_error', param: null, code: '400' } },
  ])

  const reread = await get('/model/info?litellm_model_id=my-id-1')
  const error = 'Model id = my-id-1 not found on litellm proxy'
  expect([reread.status, reread.body]).toEqual([400, { detail: { error } }])
})
