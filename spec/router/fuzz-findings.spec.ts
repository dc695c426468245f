import { canary, findCanaries } from '../support/canary'
import { MASK } from '../../lib/model-info/redact'
import { makeApp } from '../support/app'
import { configFiles } from '../support/config'

const secret = canary(1)

it.each([
  ['/models/%zz', 'get', 'model'],
  [`/v1/models/${secret}%`, 'get', 'model'],
  ['/model/%ff/update', 'patch', 'model_id'],
  ['/access_group/%E0%A4%A/info', 'get', 'access_group'],
] as const)('%s, which decodes to nothing, is refused without a repeat of it', async (path, method, name) => {
  const { get, send } = await makeApp()
  const { status, body, headers } = await (method === 'get' ? get(path) : send(method, path, {}))
  const detail = `The path's ${name} cannot be decoded: a % in it is not followed by the code of a character.`
  expect([status, headers['content-type'], body]).toEqual([400, 'application/json', { detail }])
})

it('an unknown scope is not repeated, whatever was pasted there', async () => {
  const { get } = await makeApp()
  const { status, text } = await get(`/v1/models?scope=${secret}`)
  expect([status, findCanaries(text)]).toEqual([400, []])
})

describe('a model of the config file', () => {
  const files = configFiles()
  const path = files.write({
    model_list: [
      {
        model_name: 'm',
        litellm_params: { model: 'openai/x', api_key: secret },
        model_info: { id: 'file' },
      },
    ],
  })

  it('is shown without its secrets, in the headers too', async () => {
    const { get } = await makeApp({ config: path })
    for (const way of ['/model/info?litellm_model_id=file', '/v2/model/info?modelId=file', '/model/info']) {
      const { status, text, headers } = await get(way)
      expect([way, status, findCanaries(text + JSON.stringify(headers))]).toEqual([way, 200, []])
    }
  })

  it('has an ETag by which no guess at its secrets can be tried out', async () => {
    const etags = await Promise.all(
      [await makeApp({ config: path }), await makeApp({ config: path })].map(async ({ get, router }) => {
        const first = await get('/model/info?litellm_model_id=file')
        await router.registry.reload()
        const again = await get('/model/info?litellm_model_id=file')
        return [first.headers['etag'], again.headers['etag']]
      }),
    )
    expect(etags.flat()).toEqual(Array(4).fill(expect.stringMatching(/^"[\w-]{43}"$/)))
    expect(etags.map((own) => new Set(own).size)).toEqual([1, 1])
    expect(new Set(etags.flat()).size).toBe(2)
  })
})

it.each([
  ['search_context_cost_per_query', { api_key: secret, low: 0.1 }, { api_key: MASK, low: 0.1 }],
  [
    'tiered_pricing',
    [{ range: [0, 1], headers: { authorization: `Bearer ${secret}` } }],
    [{ range: [0, 1], headers: { authorization: MASK } }],
  ],
])('a secret inside of the price %s is a mask wherever the price is shown', async (field, price, shown) => {
  const { get, post } = await makeApp()
  const params = { model: 'x', [field]: price }
  const made = await post('/model/new', { model_name: 'm', litellm_params: params, model_info: { id: 'a' } })
  expect([made.status, findCanaries(made.text)]).toEqual([200, []])
  for (const path of ['/model/info', '/model/info?litellm_model_id=a', '/v2/model/info']) {
    const { body } = await get(path)
    const [row] = body.data
    expect([path, row.litellm_params[field], row.model_info[field]]).toEqual([path, shown, shown])
  }
})

it('a form that is saved as it was read keeps a price with a secret inside', async () => {
  const { get, post, send, router } = await makeApp()
  const price = { api_key: secret, low: 0.1 }
  const params = { model: 'x', search_context_cost_per_query: price }
  await post('/model/new', { model_name: 'm', litellm_params: params, model_info: { id: 'a' } })
  const { body } = await get('/model/info?litellm_model_id=a')
  const { litellm_params, model_info } = body.data[0]
  const saved = await send('patch', '/model/a/update', { litellm_params, model_info })
  const [deployment] = router.registry.resolve('m')
  expect([saved.status, deployment]).toEqual([
    200,
    expect.objectContaining({ litellm_params: params, model_info: { id: 'a' } }),
  ])
})
