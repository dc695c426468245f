import { makeApp, masterKey } from '../support/app'
import { canary, findCanaries } from '../support/canary'

const MASK = '********'
const secret = canary(1)
const keys = [
  { key: 'sk-team', userId: 'ann', role: 'internal_user', teams: [{ id: 'a', admin: true }] },
] as const
const credential = `sk-proj-${secret}`
const url = `https://user:${secret}@host.example/`

describe('a credential where nobody expects one', () => {
  it.each([
    ['custom_llm_provider', credential, { litellm_params: { model: 'x', custom_llm_provider: credential } }],
    ['custom_llm_provider', url, { litellm_params: { model: 'x', custom_llm_provider: url } }],
    ['mode', credential, { model_info: { mode: credential } }],
    ['litellm_provider', credential, { model_info: { litellm_provider: credential } }],
  ])('as %s %s is in no list', async (_name, _value, parts) => {
    const { get, post } = await makeApp({
      auth: { masterKey, keys },
      publicInfo: ['mode', 'litellm_provider'],
    })
    expect((await post('/model/new', { model_name: 'm', litellm_params: {}, ...parts })).status).toBe(200)
    for (const key of [masterKey, 'sk-team'])
      for (const path of [
        '/model/info',
        '/v2/model/info?sortBy=costs',
        '/model_group/info',
        '/v1/models?include_metadata=true',
        '/v1/models/m?include_metadata=true',
      ]) {
        const { status, text } = await get(path, key)
        expect([path, status, findCanaries(text)]).toEqual([path, 200, []])
      }
  })

  it('as a provider is the same mask in the lists of names and groups', async () => {
    const { get, post } = await makeApp()
    await post('/model/new', { model_name: 'm', litellm_params: { custom_llm_provider: credential } })
    expect((await get('/v1/models')).body.data[0].owned_by).toBe(MASK)
    expect((await get('/model_group/info')).body.data[0].providers).toEqual([MASK])
  })

  const jwt = `eyJhbGciOiJIUzI1NiJ9.${secret}.abc`
  const maskMessage = (param: string): string =>
    `${param} is a mask, as readers are shown it in place of a secret. Send the secret itself or leave the key out.`
  const invalid = (message: string, param: string): object => ({
    error: { message, type: 'validation_error', param, code: '400' },
  })

  it.each<[string, number, object, object]>([
    [
      'a parameter that is a mask',
      400,
      { [credential]: MASK },
      invalid(maskMessage(`litellm_params.${MASK}`), `litellm_params.${MASK}`),
    ],
    [
      'one inside of it, with dots of its own',
      400,
      { [jwt]: { a: MASK } },
      invalid(maskMessage(`litellm_params.${MASK}`), `litellm_params.${MASK}`),
    ],
    [
      'an address',
      400,
      { [credential]: { api_base: 'http://169.254.169.254' } },
      invalid(
        `litellm_params.${MASK}.api_base is refused by the URL policy of this gateway: it is a link-local address or the metadata service of a cloud.`,
        `litellm_params.${MASK}.api_base`,
      ),
    ],
    [
      'a text that cannot be stored',
      422,
      { [credential]: '\u0000' },
      {
        detail: [
          {
            type: 'value_error',
            loc: ['body', 'litellm_params', MASK],
            msg: 'Value error, U+0000 cannot be stored',
          },
        ],
      },
    ],
  ])('as a key is not repeated by the refusal of %s', async (_what, status, params, answer) => {
    const { post } = await makeApp({ auth: { masterKey, keys } })
    const model = { model_name: 'm', litellm_params: params, model_info: { team_id: 'a' } }
    const refused = await post('/model/new', model, 'sk-team')
    expect([refused.status, refused.body]).toEqual([status, answer])
  })
})
