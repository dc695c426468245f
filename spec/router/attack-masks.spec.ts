import { makeApp, masterKey } from '../support/app'
import { canary } from '../support/canary'
import { holding } from '../support/held'

const secret = canary(1)
const MASK = '********'
const keys = [
  { key: 'sk-team', userId: 'ann', role: 'internal_user', teams: [{ id: 'a', admin: true }] },
] as const
const pair = { name: 'api_key', value: secret }
const mask = { name: 'colour', value: MASK }

/** [what, the model before, the patch, the mask that is refused] */
const reveals: readonly (readonly [string, object, object, string])[] = [
  [
    'the name beside it in a parameter',
    { litellm_params: { model: 'x', pair } },
    { litellm_params: { pair: mask } },
    'litellm_params.pair.value',
  ],
  [
    'the name beside it in a list',
    { litellm_params: { model: 'x', pairs: [{ name: 'size', value: 'l' }, pair] } },
    { litellm_params: { pairs: [{ name: 'size', value: 'l' }, mask] } },
    'litellm_params.pairs.1.value',
  ],
  [
    'the name beside it in model_info',
    { model_info: { pair } },
    { model_info: { pair: mask } },
    'model_info.pair.value',
  ],
  ['the name beside it in an extra', { pair }, { pair: mask }, 'pair.value'],
  [
    'what made a tag of it',
    { litellm_params: { model: 'x', session_tags: [{ Key: secret }] } },
    { litellm_params: { session_tags: [{ Key: MASK, Value: 'v' }] } },
    'litellm_params.session_tags.0.Key',
  ],
]

describe.each(['sk-team', masterKey])('a mask that comes back reveals nothing, to %s', (key) => {
  it.each(reveals)('when a patch changes %s', async (_what, parts, patch, param) => {
    const { model_info: info } = parts as { readonly model_info?: object }
    const held = await holding({ one: { ...parts, model_info: { ...info, team_id: 'a' } } })
    const { get, send } = await makeApp({ adapter: held.adapter, auth: { masterKey, keys } })
    const before = await held.model()
    const { status, body } = await send('patch', '/model/one/update', patch, key)
    const message = `${param} is a mask, as readers are shown it in place of a secret. Send the secret itself or leave the key out.`
    expect([status, body]).toEqual([
      400,
      { error: { message, type: 'validation_error', param, code: '400' } },
    ])
    expect(await held.model()).toEqual(before)
    expect((await get('/model/info', key)).text).not.toContain(secret)
  })
})

it('a mask beside another name that hides it keeps the secret, and what is sent in clear is shown', async () => {
  const held = await holding({ one: { model_info: { pair, other: pair } } })
  const { send } = await makeApp({ adapter: held.adapter })
  const pairs = { pair: { name: 'hub_token', value: MASK }, other: { name: 'colour', value: 'red' } }
  const { status, body } = await send('patch', '/model/one/update', { model_info: pairs })
  expect([status, body.model_info]).toMatchObject([200, pairs])
  expect((await held.deployment())?.model_info).toEqual({
    pair: { name: 'hub_token', value: secret },
    other: pairs.other,
  })
})
