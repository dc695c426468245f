import { makeApp } from '../support/app'
import { configFiles } from '../support/config'
import { holding } from '../support/held'

const files = configFiles()
const deployment = {
  model_name: 'm',
  litellm_params: {
    model: 'gpt-4',
    api_base: null,
    rpm: null,
    tpm: '',
    api_key: null,
    my_param: null,
    extra_body: { a: null },
  },
  model_info: { id: 'one', mode: null, input_cost_per_token: null, base_model: '', my_key: null },
  rpm: null,
  my_extra: null,
}

it.each<[string, boolean]>([
  ['of the config file', true],
  ['of storage', false],
])(
  'what is null in a row %s is left out of answers and of resolve(), or known from the cost map',
  async (_, isFile) => {
    const held = await holding(isFile ? {} : { one: deployment })
    const options = isFile ? { config: files.write({ model_list: [deployment] }) } : {}
    const { get, router } = await makeApp({ adapter: held.adapter, ...options })
    for (const path of [
      '/model/info',
      '/v1/model/info',
      '/v2/model/info',
      '/model/info?litellm_model_id=one',
    ]) {
      const [row] = (await get(path)).body.data
      expect(row).toEqual({
        model_name: 'm',
        litellm_params: { model: 'gpt-4', extra_body: { a: null } },
        model_info: expect.objectContaining({
          id: 'one',
          mode: 'chat',
          input_cost_per_token: 3e-5,
          base_model: null,
          my_key: null,
        }),
      })
    }
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({
      model: 'gpt-4',
      extra_body: { a: null },
    })
    const { body } = await get('/model_group/info')
    expect(body.data[0]).toMatchObject({ mode: 'chat', input_cost_per_token: 3e-5, rpm: null })
  },
)

it('an update answers without what is null, and does not touch it', async () => {
  const held = await holding({ one: deployment })
  const { send } = await makeApp({ adapter: held.adapter })
  const { body } = await send('patch', '/model/one/update', { litellm_params: { user: 'a' } })
  expect([body.litellm_params, Object.keys(body)]).toEqual([
    { model: 'gpt-4', extra_body: { a: null }, user: 'a' },
    expect.not.arrayContaining(['rpm', 'my_extra']),
  ])
})
