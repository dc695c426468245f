import { masterKey, makeApp } from '../support/app'
import { canary } from '../support/canary'
import { configWith } from '../support/config'
import { holding } from '../support/held'
import type { Held } from '../support/held'
import { updateRoutes } from '../support/update-routes'
import type { TestApp } from '../support/app'

const teams = [{ id: 'a', admin: true }]
const keys = [{ key: 'sk-team', userId: 'ann', role: 'internal_user' as const, teams }]
const auth = { masterKey, keys }
const config = configWith('file-1')
const secret = canary(1)
const stored = { api_key: secret, api_base: 'https://good.example' }

const onlyAdmins = (deed: string, param: string): object => ({
  error: {
    message: `Only a proxy admin can ${deed}. Your role=internal_user`,
    type: 'permission_error',
    param,
    code: '403',
  },
})
const invalid = (message: string, param: string): object => ({
  error: { message, type: 'validation_error', param, code: '400' },
})
const servers = (param: string, what: string): object =>
  invalid(
    `${param} refers to ${what} of the server. Only a proxy admin can do that: send the value itself.`,
    param,
  )
const reference = (param: string): object =>
  invalid(
    `${param} refers to a variable of the server (os.environ/…). Only a proxy admin can do that: send the value itself.`,
    param,
  )
const token = (param: string): object =>
  invalid(
    `${param} refers to a token of the server (oidc/…). Only a proxy admin can do that: send the value itself.`,
    param,
  )

async function appOver(params: object, more: object = {}): Promise<TestApp & Held> {
  const info = { team_id: 'a', team_public_model_name: 'ours' }
  const parts = { litellm_params: { model: 'x', ...params }, model_info: info, ...more }
  const held = await holding({ one: parts })
  return { ...(await makeApp({ adapter: held.adapter, auth })), ...held }
}

/** [what, in a new model or in a patch, answer]: what a team's administrator may write nowhere. */
const refusals: readonly (readonly [string, object, object])[] = [
  [
    'B12 a stored credential',
    { litellm_params: { litellm_credential_name: 'shared' } },
    onlyAdmins('attach a stored credential (litellm_credential_name)', 'litellm_credential_name'),
  ],
  [
    'B12 a price',
    { litellm_params: { input_cost_per_token: 0 } },
    onlyAdmins('set a price', 'litellm_params.input_cost_per_token'),
  ],
  [
    'B12 a price in model_info',
    { model_info: { cache_read_input_token_cost: 0 } },
    onlyAdmins('set a price', 'model_info.cache_read_input_token_cost'),
  ],
  [
    'B12 a price deep inside',
    { litellm_params: { model_info: { input_cost_per_token: 0 } } },
    onlyAdmins('set a price', 'litellm_params.model_info.input_cost_per_token'),
  ],
  [
    'B12 a stored credential deep inside',
    { litellm_params: { fallbacks: [{ model: 'y', litellm_credential_name: 'shared' }] } },
    onlyAdmins('attach a stored credential (litellm_credential_name)', 'litellm_credential_name'),
  ],
  ['B10 a reference', { litellm_params: { api_key: 'os.environ/A' } }, reference('litellm_params.api_key')],
  [
    'B10 a reference deep inside',
    { litellm_params: { extra_body: [{ a: { b: 'os.environ/A' } }] } },
    reference('litellm_params.extra_body'),
  ],
  [
    'B10 a reference among other values',
    { litellm_params: { stop: ['a', 'os.environ/A', 'b'] } },
    reference('litellm_params.stop'),
  ],
  ['B10 a reference in model_info', { model_info: { note: 'os.environ/A' } }, reference('model_info.note')],
  ...['oidc/env/A', 'oidc/env_path/A', 'oidc/file//run/token', 'oidc/google/https://a.example'].map(
    (value): readonly [string, object, object] => [
      `B10 the token ${value}`,
      { litellm_params: { azure_ad_token: value } },
      token('litellm_params.azure_ad_token'),
    ],
  ),
  ['B10 a token deep inside', { litellm_params: { a: [{ b: 'oidc/env/A' }] } }, token('litellm_params.a')],
  ['B10 a token after a blank', { litellm_params: { a: ' OIDC/env/A' } }, token('litellm_params.a')],
  [
    'B10 a reference after a blank',
    { litellm_params: { a: ' os.environ/A' } },
    reference('litellm_params.a'),
  ],
  [
    'B10 a file of the server',
    { litellm_params: { vertex_credentials: 'account.json' } },
    servers('litellm_params.vertex_credentials', 'a file'),
  ],
  [
    'B10 a profile of the server',
    { litellm_params: { aws_profile_name: 'default' } },
    servers('litellm_params.aws_profile_name', 'a profile'),
  ],
  ...['base_model', 'Base_Model'].map((name): readonly [string, object, object] => [
    `B12 a price by ${name}`,
    { litellm_params: { [name]: 'ollama/llama2' } },
    onlyAdmins('set a price', `litellm_params.${name}`),
  ]),
  [
    'B12 a price by the base model in model_info',
    { model_info: { base_model: 'ollama/llama2' } },
    onlyAdmins('set a price', 'model_info.base_model'),
  ],
  ['B12 a price by the base model beside them', { base_model: 'a' }, onlyAdmins('set a price', 'base_model')],
  [
    'B12 a price by the base model deep inside',
    { litellm_params: { model_info: { base_model: 'a' } } },
    onlyAdmins('set a price', 'litellm_params.model_info.base_model'),
  ],
  [
    'B12 a table of prices',
    { model_info: { tiered_pricing: [] } },
    onlyAdmins('set a price', 'model_info.tiered_pricing'),
  ],
  ['B10 a reference beside them', { note: 'os.environ/A' }, reference('note')],
]

describe('a team’s administrator may not write', () => {
  it.each(refusals)('%s in a new model', async (_what, parts, answer) => {
    const { get, post } = await makeApp({ auth })
    const { model_info: info } = parts as { readonly model_info?: object }
    const model = { model_name: 'm', litellm_params: {}, ...parts, model_info: { ...info, team_id: 'a' } }
    const { status, body } = await post('/model/new', model, 'sk-team')
    expect([String(status), body]).toEqual([expect.stringMatching(/^40[03]$/), answer])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  describe.each(updateRoutes)('with %s', (_route, update) => {
    it.each(refusals)('%s', async (_what, patch, answer) => {
      // Beside the parts, an update changes only what the row has.
      const beside = Object.keys(patch).filter((key) => key !== 'litellm_params' && key !== 'model_info')
      const app = await appOver(stored, Object.fromEntries(beside.map((key) => [key, 'old'])))
      const before = await app.model()
      const { body } = await update(app, 'one', patch, 'sk-team')
      expect(body).toEqual(answer)
      expect(await app.model()).toEqual(before)
    })

    it('B12 another team', async () => {
      const app = await appOver(stored)
      const { body } = await update(app, 'one', { model_info: { team_id: 'b' } }, 'sk-team')
      const deed = 'move a model to another team'
      expect(body).toEqual(onlyAdmins(deed, 'model_info.team_id'))
    })

    it('L1 the blocked flag', async () => {
      const app = await appOver(stored)
      const { body } = await update(app, 'one', { blocked: true }, 'sk-team')
      expect(body).toEqual({
        error: {
          message: "Only proxy admins can change a model's blocked flag.",
          type: 'permission_error',
          param: 'blocked',
          code: '403',
        },
      })
    })
  })

  it('B12 a base model that an administrator has set, nor take it away', async () => {
    const app = await appOver({ ...stored, base_model: 'gpt-4o' })
    const kept = await app.model()
    const patch = (change: object) => app.send('patch', '/model/one/update', change, 'sk-team')
    const { body } = await patch({ litellm_params: { base_model: null } })
    expect([body, await app.model()]).toEqual([onlyAdmins('set a price', 'litellm_params.base_model'), kept])
    expect((await patch({ litellm_params: { base_model: 'gpt-4o', rpm: 1 } })).status).toBe(200)
  })

  it('L1 a new model that is blocked, which he could not unblock', async () => {
    const { post } = await makeApp({ auth })
    const model = { model_name: 'm', litellm_params: {}, model_info: { team_id: 'a' }, blocked: true }
    const { status, body } = await post('/model/new', model, 'sk-team')
    expect([status, body.error.param]).toEqual([403, 'blocked'])
  })
})

describe('the id of a new model that a team’s administrator chooses', () => {
  const model = (ids: object): object => ({ model_name: 'm', litellm_params: {}, ...ids })

  it.each([
    ['model_info.id', { model_info: { id: 'mine', team_id: 'a' } }],
    ['a top-level id', { id: 'mine', model_info: { team_id: 'a' } }],
  ])('is taken as %s', async (_where, ids) => {
    const { post } = await makeApp({ auth })
    const { status, body } = await post('/model/new', model(ids), 'sk-team')
    expect([status, body.model_id, body.model_info.id]).toEqual([200, 'mine', 'mine'])
  })

  it.each([
    ['a stored model, of whatever team', 'one'],
    ['a model of the config file', 'file-1'],
  ])('is 409 where %s has it, which stays as it is', async (_whose, id) => {
    const held = await holding({ one: { model_info: { team_id: 'b' } } })
    const app = await makeApp({ auth, adapter: held.adapter, config })
    const before = await held.model()
    const { status, body } = await app.post(
      '/model/new',
      model({ model_info: { id, team_id: 'a' } }),
      'sk-team',
    )
    const message = `A model with id=${id} already exists. Choose another id, or update it.`
    const error = { message, type: 'conflict_error', param: 'model_info.id', code: '409' }
    expect([status, body]).toEqual([409, { error }])
    expect(await held.model()).toEqual(before)
  })
})
