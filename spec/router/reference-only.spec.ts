import { memoryAdapter } from '../../lib/adapters/memory'
import { canary, findCanaries } from '../support/canary'
import { makeApp } from '../support/app'
import { draft } from '../support/draft'

const reference = 'os.environ/PROVIDER_KEY'
const secret = canary(1)
const asParams = (params: object): object => ({ model_name: 'm', litellm_params: { model: 'x', ...params } })
const asInfo = (info: object): object => ({ ...asParams({}), model_info: info })

describe("I10 with secrets: 'reference-only'", () => {
  it.each<[string, object, string]>([
    ['a key', asParams({ api_key: secret }), 'litellm_params.api_key'],
    ['a number', asParams({ password: 12345678 }), 'litellm_params.password'],
    ['a session token', asParams({ aws_session_token: secret }), 'litellm_params.aws_session_token'],
    [
      'an object of credentials',
      asParams({ vertex_credentials: { type: reference, private_key: secret } }),
      'litellm_params.vertex_credentials.private_key',
    ],
    [
      'a header',
      asParams({ extra_headers: { Authorization: `Bearer ${secret}` } }),
      'litellm_params.extra_headers.Authorization',
    ],
    [
      'a value inside of a list',
      asParams({ extra_body: [{ a: 1 }, { api_key: secret }] }),
      'litellm_params.extra_body.1.api_key',
    ],
    ['a URL', asParams({ api_base: `https://u:${secret}@host.example/` }), 'litellm_params.api_base'],
    ['JSON in a text', asParams({ note: JSON.stringify({ api_key: secret }) }), 'litellm_params.note'],
    ['a credential where none is expected', asParams({ note: `sk-${secret}` }), 'litellm_params.note'],
    ['a name that is the secret', asParams({ [`sk-${secret}`]: reference }), 'litellm_params'],
    ['an inner name', asParams({ a: { [`sk-${secret}`]: reference } }), 'litellm_params.a'],
    ['model_info', asInfo({ api_key: secret }), 'model_info.api_key'],
    ['a top-level key', { ...asParams({}), api_key: secret }, 'api_key'],
    ['a top-level name that is the secret', { ...asParams({}), [`sk-${secret}`]: 1 }, 'the deployment'],
  ])('refuses %s, names the place and keeps nothing', async (_what, body, param) => {
    const { get, post, log } = await makeApp({ secrets: 'reference-only' })
    const response = await post('/model/new', body)
    expect([response.status, response.body]).toEqual([
      400,
      {
        error: {
          message: `${param} holds a secret, and this gateway keeps none. Send a reference to an environment variable of the gateway instead, as os.environ/MY_PROVIDER_KEY.`,
          type: 'validation_error',
          param,
          code: '400',
        },
      },
    ])
    expect(findCanaries(response.text + JSON.stringify(log))).toEqual([])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  it('takes references, at any depth, and what is no secret', async () => {
    const { post, router } = await makeApp({
      secrets: 'reference-only',
      env: { PROVIDER_KEY: 'sk-from-the-environment' },
    })
    const { status } = await post('/model/new', {
      model_name: 'm',
      litellm_params: {
        model: 'azure/gpt-4o',
        api_key: reference,
        api_base: 'https://host.example/?api-version=2024-02-01',
        vertex_credentials: { private_key: reference },
        extra_headers: { 'content-type': 'application/json', 'X-Team': reference },
        azure_ad_token: 'oidc/azure/',
        max_tokens: 5,
        organization: '',
        drop_params: false,
      },
      model_info: { access_groups: ['a'], note: 'plain' },
      rpm: 7,
    })
    expect(status).toBe(200)
    expect(router.registry.resolve('m')[0]?.litellm_params['api_key']).toBe('sk-from-the-environment')
  })

  it("holds the host's own code to it", async () => {
    const { router } = await makeApp({ secrets: 'reference-only' })
    const body = { model_name: 'm', litellm_params: { model: 'x', api_key: secret } }
    await expect(router.registry.create(body)).rejects.toMatchObject({
      code: 'invalid_value',
      param: 'litellm_params.api_key',
    })
  })

  it('is off unless asked for', async () => {
    const { post } = await makeApp()
    expect((await post('/model/new', asParams({ api_key: secret }))).status).toBe(200)
  })

  it('is one of two words', async () => {
    await expect(makeApp({ secrets: 'references' as 'stored' })).rejects.toMatchObject({
      code: 'invalid_option',
      message: "Option 'secrets' must be 'stored' or 'reference-only'.",
    })
  })

  it('lets a secret from before stay where it is, and takes no new one by an update', async () => {
    const adapter = memoryAdapter()
    const deployment = { model_name: 'm', litellm_params: { model: 'x', api_key: secret }, model_info: {} }
    await adapter.create(draft('one', { deployment }))
    const { send, router } = await makeApp({ adapter, secrets: 'reference-only' })
    const patch = (params: object) => send('patch', '/model/one/update', { litellm_params: params })
    expect((await patch({ rpm: 5 })).status).toBe(200)
    const refused = await patch({ api_key: canary(2) })
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining('litellm_params.api_key holds a secret'),
    ])
    expect((await patch({ password: secret })).status).toBe(400)
    // Not even the one that is there: whoever may send it would be told that it is right.
    expect((await patch({ api_key: secret })).text).toBe(refused.text)
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({ model: 'x', api_key: secret, rpm: 5 })
    expect((await patch({ api_key: reference })).status).toBe(200)
  })
})
