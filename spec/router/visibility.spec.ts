import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'

const models = [
  { model_name: 'gpt-4', litellm_params: { model: 'gpt-4', api_base: 'https://internal.example' } },
  { model_name: 'claude', litellm_params: {}, model_info: { access_groups: ['beta'] } },
  { model_name: 'openai/gpt-4o', litellm_params: {} },
  {
    model_name: 'team-model',
    litellm_params: {},
    model_info: { team_id: 'a', team_public_model_name: 'ours' },
  },
]

/** [what the caller has, names in its list] */
const callers: readonly (readonly [string, object, readonly string[]])[] = [
  ['nothing special', {}, ['gpt-4', 'claude', 'openai/gpt-4o']],
  ['one name', { models: ['gpt-4'] }, ['gpt-4']],
  ['a name that is not there', { models: ['gone'] }, []],
  ['an access group', { models: ['beta'] }, ['claude']],
  ['a wildcard', { models: ['openai/*'] }, ['openai/gpt-4o']],
  ['all-proxy-models', { models: ['all-proxy-models'] }, ['gpt-4', 'claude', 'openai/gpt-4o']],
  ['no-default-models', { models: ['no-default-models'] }, []],
  ['a team', { teams: [{ id: 'a' }] }, ['gpt-4', 'claude', 'openai/gpt-4o', 'ours']],
  ['a team with models', { teams: [{ id: 'a', models: ['claude'] }] }, ['claude', 'ours']],
  ['another team', { teams: [{ id: 'b', models: ['claude', 'ours', 'team-model'] }] }, ['claude']],
  ['a key that is narrower than its team', { models: ['gpt-4'], teams: [{ id: 'a' }] }, ['gpt-4']],
  [
    'all-team-models',
    { models: ['all-team-models'], teams: [{ id: 'a', models: ['beta'] }] },
    ['claude', 'ours'],
  ],
]

async function appFor(caller: object): Promise<TestApp> {
  const keys = [{ key: 'sk-caller', userId: 'u', role: 'internal_user' as const, ...caller }]
  const app = await makeApp({ auth: { masterKey, keys } })
  for (const model of models) await app.post('/model/new', model)
  return app
}

describe('what a caller sees', () => {
  it.each(callers)('F1 with %s', async (_, caller, names) => {
    const { get, router } = await appFor(caller)
    const { body } = await get('/model/info', 'sk-caller')
    expect(body.data.map((row: { model_name: string }) => row.model_name)).toEqual(names)
    const as = { userId: 'u', role: 'internal_user' as const, ...caller }
    const usable = ['gpt-4', 'claude', 'openai/gpt-4o', 'ours', 'team-model'].filter(
      (name) => router.registry.resolve(name, as).length > 0,
    )
    expect(usable).toEqual(names)
  })

  it('an administrator sees everything, by its public name', async () => {
    const { get } = await appFor({})
    const { body } = await get('/model/info')
    expect(body.data.map((row: { model_name: string }) => row.model_name)).toEqual([
      'gpt-4',
      'claude',
      'openai/gpt-4o',
      'ours',
    ])
    expect(body.data[3].model_info).toMatchObject({ team_id: 'a', team_public_model_name: 'ours' })
  })

  it('a row that is not visible is by id as if it were not there', async () => {
    const { get } = await appFor({ models: ['gpt-4'] })
    const all = await get('/model/info')
    const id = all.body.data[1].model_info.id as string
    const { status, body } = await get(`/model/info?litellm_model_id=${id}`, 'sk-caller')
    expect([status, body]).toEqual([
      400,
      { detail: { error: `Model id = ${id} not found on litellm proxy` } },
    ])
  })

  it('B6 hosts are for administrators only', async () => {
    const { get } = await appFor({})
    const { body } = await get('/model/info', 'sk-caller')
    expect(body.data[0].litellm_params).toEqual({ model: 'gpt-4' })
  })

  it('B6 nor is a model that is an address, unless the host opens the models', async () => {
    const keys = [{ key: 'sk-caller', userId: 'u', role: 'internal_user' as const }]
    const params = { model: 'huggingface/https://internal.example/m', rpm: 5 }
    for (const [publicParams, shown] of [
      [undefined, { rpm: 5 }],
      [['model'], { model: params.model }],
    ] as const) {
      const { get, post } = await makeApp({ auth: { masterKey, keys }, publicParams })
      await post('/model/new', { model_name: 'm', litellm_params: params })
      expect((await get('/model/info', 'sk-caller')).body.data[0].litellm_params).toEqual(shown)
      expect((await get('/model/info')).body.data[0].litellm_params).toEqual(params)
    }
  })

  it('a name outside the grant is forbidden to call, whether or not it exists', async () => {
    const { router } = await appFor({})
    const caller = { userId: 'u', role: 'internal_user' as const, models: ['gpt-4'] }
    expect(router.registry.resolution('claude', caller).outcome).toBe('forbidden')
    expect(router.registry.resolution('gone', caller).outcome).toBe('forbidden')
    expect(router.registry.resolution('gone').outcome).toBe('unknown')
  })
})
