import { makeApp } from '../support/app'
import { canary, findCanaries } from '../support/canary'
import { holding } from '../support/held'
import { updateRoutes } from '../support/update-routes'

const secret = canary(1)
const newSecret = canary(2)
const gpt4 = { litellm_params: { model: 'gpt-4' } }

/** [what, the deployment before, the patch, the deployment after] */
const patches: readonly (readonly [string, object, object, object])[] = [
  ['D1 an empty patch changes nothing', gpt4, {}, gpt4],
  [
    'D1 null removes, absent keeps',
    { litellm_params: { model: 'x', api_base: 'https://h', rpm: 5 }, model_info: { a: 1, b: 2 }, c: 3 },
    { litellm_params: { api_base: null }, model_info: { a: null }, c: null },
    { litellm_params: { model: 'x', rpm: 5 }, model_info: { b: 2 } },
  ],
  ['D1 null for what is not there is no change', gpt4, { litellm_params: { rpm: null } }, gpt4],
  [
    'D1 null for a whole part keeps it',
    { ...gpt4, model_info: { a: 1 } },
    { model_name: null, litellm_params: null, blocked: null },
    { ...gpt4, model_info: { a: 1 } },
  ],
  [
    'D1 the model itself may be removed, as it may be absent on create',
    gpt4,
    { litellm_params: { model: null } },
    { litellm_params: {} },
  ],
  [
    'D1 ownership is not given up by null or by an empty text',
    { model_info: { team_id: 'a', team_public_model_name: 'ours' } },
    { model_info: { team_id: null, team_public_model_name: '' } },
    { model_info: { team_id: 'a', team_public_model_name: 'ours' } },
  ],
  [
    'D2 keys that nobody declared survive',
    { litellm_params: { model: 'x', temperature: 0.5, extra_headers: { a: 'b' } }, extra: { deep: [1] } },
    { litellm_params: { rpm: 1 } },
    {
      litellm_params: { model: 'x', temperature: 0.5, extra_headers: { a: 'b' }, rpm: 1 },
      extra: { deep: [1] },
    },
  ],
  [
    'D3 false, 0, "" and [] are values',
    { litellm_params: { model: 'x', drop_params: true, rpm: 5 }, x: 1 },
    {
      litellm_params: { drop_params: false, rpm: 0, my_text: '', tags: [] },
      model_info: { n: 0 },
      x: 0,
    },
    {
      litellm_params: { model: 'x', drop_params: false, rpm: 0, my_text: '', tags: [] },
      model_info: { n: 0 },
      x: 0,
    },
  ],
  [
    'an empty text in a typed field removes what is set, as null does',
    {
      litellm_params: {
        model: 'x',
        api_base: 'https://h',
        rpm: 5,
        max_retries: 2,
        tags: ['a'],
        my_text: 'a',
      },
      model_info: { base_model: 'gpt-4', ptu_count: 2 },
      rpm: 7,
    },
    {
      litellm_params: { api_base: '', rpm: ' ', max_retries: '', tags: '', my_text: '', tpm: '' },
      model_info: { base_model: '', ptu_count: '' },
      rpm: '',
    },
    { litellm_params: { model: 'x', my_text: '' } },
  ],
  [
    'keys beside the parts are changed where the row has them, and rate limits',
    { known: 1, other: { a: 1 } },
    { known: 2, other: null, unknown: 3, rpm: 5, tpm: '6', litellm_param: { rpm: 5 } },
    { known: 2, rpm: 5, tpm: 6 },
  ],
  [
    'litellm_params_to_remove removes parameters, absent and repeated ones among them',
    {
      litellm_params: {
        model: 'x',
        api_key: secret,
        input_cost_per_token: 2,
        litellm_image_enabled: true,
        extra_headers: { Authorization: secret },
        api_base: null,
      },
      model_info: { input_cost_per_token: 3 },
    },
    {
      litellm_params: { rpm: 3 },
      litellm_params_to_remove: [
        'litellm_image_enabled',
        'extra_headers',
        'input_cost_per_token',
        'api_base',
        'gone',
        'gone',
      ],
    },
    { litellm_params: { model: 'x', api_key: secret, rpm: 3 } },
  ],
  [
    'litellm_params_to_remove of nothing changes nothing',
    gpt4,
    { litellm_params_to_remove: [], litellm_params: null },
    gpt4,
  ],
  [
    'D4 model_info is merged too, whatever is in it',
    { model_info: { my_custom_key: 'a', access_groups: ['one'] } },
    { model_info: { my_custom_key: 'b', access_groups: ['one', 'two'], nested: { null: null } } },
    { model_info: { my_custom_key: 'b', access_groups: ['one', 'two'], nested: { null: null } } },
  ],
  ['an object is replaced whole', { extra: { a: 1, b: 2 } }, { extra: { a: 3 } }, { extra: { a: 3 } }],
  [
    'texts of numbers and booleans are read as the field means them',
    {},
    { litellm_params: { rpm: '6', use_litellm_proxy: 'yes' }, rpm: '7' },
    { litellm_params: { model: 'x', rpm: 6, use_litellm_proxy: true }, rpm: 7 },
  ],
  ['D9 a new name', {}, { model_name: 'renamed' }, { model_name: 'renamed' }],
  [
    'D9 a new name of a team’s model is its public one',
    { model_name: 'internal', model_info: { team_id: 'a', team_public_model_name: 'ours' } },
    { model_name: 'renamed' },
    { model_name: 'internal', model_info: { team_id: 'a', team_public_model_name: 'renamed' } },
  ],
  [
    'the core’s own keys are not stored, nor LiteLLM’s reserved ones',
    {},
    {
      litellm_params: { self: 1, params: 2, __class__: 3 },
      model_info: { db_model: false, direct_access: true, access_via_team_ids: ['a'] },
      model_id: 'z',
      created_at: 'never',
    },
    {},
  ],
  [
    'B8 a mask keeps the secret it stands for, at any depth',
    {
      litellm_params: {
        model: 'x',
        api_key: secret,
        aws_session_token: secret,
        extra_headers: { Authorization: `Bearer ${secret}`, 'X-Team': 'a' },
        list: [{ name: 'n', api_key: secret }],
      },
      model_info: { password: secret },
      extra: { api_key: secret },
    },
    {
      litellm_params: {
        api_key: '********',
        aws_session_token: '********',
        extra_headers: { Authorization: '********', 'X-Team': 'a', 'X-New': 'n' },
        list: [{ name: 'n', api_key: '********', more: 1 }],
      },
      model_info: { password: '********' },
      extra: { api_key: '********' },
    },
    {
      litellm_params: {
        model: 'x',
        api_key: secret,
        aws_session_token: secret,
        extra_headers: { Authorization: `Bearer ${secret}`, 'X-Team': 'a', 'X-New': 'n' },
        list: [{ name: 'n', api_key: secret, more: 1 }],
      },
      model_info: { password: secret },
      extra: { api_key: secret },
    },
  ],
  [
    'B8 a mask as LiteLLM writes it keeps the secret as well',
    { litellm_params: { model: 'x', aws_session_token: secret } },
    { litellm_params: { aws_session_token: `${secret.slice(0, 4)}****************${secret.slice(-4)}` } },
    { litellm_params: { model: 'x', aws_session_token: secret } },
  ],
  [
    'B8 a URL that comes back without its credentials keeps them',
    { litellm_params: { model: 'x', api_base: `https://u:${secret}@host.example/v1?key=${secret}` } },
    { litellm_params: { api_base: 'https://host.example/v1', rpm: 1 } },
    { litellm_params: { model: 'x', api_base: `https://u:${secret}@host.example/v1?key=${secret}`, rpm: 1 } },
  ],
  [
    'B8 a new secret replaces the old one',
    { litellm_params: { model: 'x', api_key: secret } },
    { litellm_params: { api_key: newSecret } },
    { litellm_params: { model: 'x', api_key: newSecret } },
  ],
  [
    'B9 a reference is kept as a reference',
    { litellm_params: { model: 'x', extra_headers: { Authorization: 'os.environ/A' } } },
    { litellm_params: { extra_headers: { Authorization: 'os.environ/B' } } },
    { litellm_params: { model: 'x', extra_headers: { Authorization: 'os.environ/B' } } },
  ],
  [
    'D5 derived facts that come back are not stored',
    gpt4,
    { model_info: { key: 'gpt-4', max_tokens: 4096, input_cost_per_token: 3e-5, mode: 'chat', tpm: null } },
    gpt4,
  ],
  [
    'D5 a fact that differs from the derived one is stored',
    gpt4,
    { model_info: { max_tokens: 1, input_cost_per_token: 0 } },
    { ...gpt4, model_info: { max_tokens: 1, input_cost_per_token: 0 } },
  ],
  [
    'D5 a price in litellm_params that comes back in model_info is not stored twice',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { model_info: { input_cost_per_token: 2 } },
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
  ],
  [
    'a price changed where it is shown is changed where it is kept',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { litellm_params: { input_cost_per_token: 2 }, model_info: { input_cost_per_token: 3 } },
    { litellm_params: { model: 'x', input_cost_per_token: 3 } },
  ],
  [
    'a price changed where it is kept is changed, though the old one comes back where it is shown',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { litellm_params: { input_cost_per_token: 3 }, model_info: { input_cost_per_token: 2 } },
    { litellm_params: { model: 'x', input_cost_per_token: 3 } },
  ],
  [
    'a price cleared where it is shown is cleared in both places',
    { litellm_params: { model: 'x', input_cost_per_token: 2 }, model_info: { input_cost_per_token: 1 } },
    { litellm_params: { input_cost_per_token: 2 }, model_info: { input_cost_per_token: null } },
    {},
  ],
  [
    'a price cleared where it is kept is cleared in both places',
    { litellm_params: { model: 'x', input_cost_per_token: 2 }, model_info: { input_cost_per_token: 1 } },
    { litellm_params: { input_cost_per_token: null }, model_info: { input_cost_per_token: 2 } },
    {},
  ],
  [
    'a price is moved to model_info by clearing the one and setting the other',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { litellm_params: { input_cost_per_token: null }, model_info: { input_cost_per_token: 3 } },
    { model_info: { input_cost_per_token: 3 } },
  ],
  [
    'D6 a key that only looks like a price stays in the object it was sent in',
    { litellm_params: { model: 'x', my_cost_center: 'a' }, model_info: { my_cost_center: 'b' } },
    { litellm_params: { my_cost_center: null }, model_info: { my_cost_center: 'c' } },
    { model_info: { my_cost_center: 'c' } },
  ],
]

describe.each(updateRoutes)('%s', (_route, update) => {
  it.each(patches)('%s', async (_what, before, patch, after) => {
    const held = await holding({ one: before })
    const app = await makeApp({ adapter: held.adapter })
    const { status, text } = await update(app, 'one', patch)
    expect([status, findCanaries(text)]).toEqual([200, []])
    expect(await held.deployment()).toEqual({
      model_name: 'm',
      litellm_params: { model: 'x' },
      model_info: {},
      ...after,
    })
  })
})
