import type { Caller } from '../../lib/caller'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { allNames, lists, namesIn } from '../support/lists'
import { nothingKnown } from '../support/model-info'

const files = configFiles()
const costMap = {
  'gpt-test': { litellm_provider: 'acme', mode: 'chat', max_input_tokens: 100, input_cost_per_token: 2 },
  'acme/gpt-large': { litellm_provider: 'acme', mode: 'chat', max_input_tokens: 900 },
  'acme/gpt-own': { litellm_provider: 'acme', mode: 'chat', max_input_tokens: 5 },
}
const model_list = [
  { model_name: 'acme/gpt-own', litellm_params: { model: 'acme/gpt-own' }, model_info: { id: 'own' } },
  {
    model_name: 'acme/*',
    litellm_params: { model: 'acme/*' },
    model_info: { id: 'pattern', access_groups: ['beta'] },
  },
  { model_name: 'plain', litellm_params: { model: 'plain' }, model_info: { id: 'plain' } },
]
const keyOf: Record<string, Omit<Caller, 'userId' | 'role'>> = {
  everything: {},
  group: { models: ['beta'] },
  one: { models: ['acme/gpt-test'] },
  member: { models: ['plain', 'all-team-models'], teams: [{ id: 'a', models: ['plain'] }] },
  narrow: { models: ['mine/gpt-test'], teams: [{ id: 'a' }] },
}
const callerOf = (name: string): Caller => ({ userId: name, role: 'internal_user', ...keyOf[name] })

async function appFor(options: RouterOptions, more: readonly object[] = []): Promise<TestApp> {
  const keys = Object.keys(keyOf).map((name) => ({ key: `sk-${name}`, ...callerOf(name) }))
  const config = files.write({ model_list: [...model_list, ...more] })
  return makeApp({ config, costMap, auth: { masterKey, keys }, ...options })
}

const teamPattern = {
  model_name: 'model_name_a_1',
  litellm_params: { model: 'openai/*' },
  model_info: { id: 'team-pattern', team_id: 'a', team_public_model_name: 'mine/*' },
}
const isPage = (path: string): boolean => path.startsWith('/v2/')
const expandMine = (pattern: string): string[] =>
  pattern === 'mine/*' ? ['mine/gpt-test'] : ['acme/gpt-test']

describe('models named by a pattern', () => {
  const rows = { everything: ['acme/gpt-own', 'acme/*', 'plain'], group: ['acme/*'], one: [] }

  it.each([
    ['hide', 'everything', ['acme/gpt-own', 'plain']],
    ['hide', 'group', []],
    ['hide', 'one', []],
    ['show', 'everything', ['acme/gpt-own', 'acme/*', 'plain']],
    ['show', 'group', ['acme/*']],
    ['show', 'one', ['acme/gpt-test']],
    ['expand', 'everything', ['acme/gpt-own', 'acme/gpt-test', 'acme/gpt-large', 'plain']],
    ['expand', 'group', ['acme/gpt-test', 'acme/gpt-large']],
    ['expand', 'one', ['acme/gpt-test']],
  ] as const)(
    "F4 '%s' is one policy for all lists, pages of rows apart: a caller with %s",
    async (wildcards, who, names) => {
      const shown = await allNames(await appFor({ wildcards }), `sk-${who}`)
      // Which of the cost map comes first is the map's own order.
      expect(shown.map((list) => [...list].sort())).toEqual(
        lists.map(([path]) => [...(isPage(path) && wildcards !== 'hide' ? rows[who] : names)].sort()),
      )
    },
  )

  it.each(['hide', 'show', 'expand'] as const)("F4 calling is the same under '%s'", async (wildcards) => {
    const { router } = await appFor({ wildcards })
    const called = (name: string, who: string): unknown =>
      router.registry
        .resolution(name, callerOf(who))
        .deployments.map(({ id, litellm_params: { model } }) => [id, model])
    expect(called('acme/gpt-test', 'everything')).toEqual([['pattern', 'acme/gpt-test']])
    expect(called('acme/new', 'group')).toEqual([['pattern', 'acme/new']])
    expect(called('acme/gpt-test', 'one')).toEqual([['pattern', 'acme/gpt-test']])
    expect(called('acme/gpt-own', 'everything')).toEqual([['own', 'acme/gpt-own']])
    expect(called('acme/gpt-own', 'group')).toEqual([])
    expect(called('acme/gpt-large', 'one')).toEqual([])
  })

  it('F4 expandWildcard says what a pattern stands for; what would not fit the pattern is left out', async () => {
    const asked: string[] = []
    const expandWildcard = (pattern: string): string[] => {
      asked.push(pattern)
      return ['acme/a', 'other/b', 'acme/a', 'acme/*', 'acme/gpt-own']
    }
    const app = await appFor({ wildcards: 'expand', expandWildcard })
    expect(await allNames(app)).toEqual(
      lists.map(([path]) => ['acme/gpt-own', isPage(path) ? 'acme/*' : 'acme/a', 'plain']),
    )
    expect((await app.get('/model/info')).body.data).toHaveLength(3)
    expect(asked).toEqual(['acme/*'])
  })

  it('F4 a pattern that stands for nothing known is shown as it is', async () => {
    const app = await appFor({ wildcards: 'expand', expandWildcard: () => [] })
    expect(await allNames(app)).toEqual(lists.map(() => ['acme/gpt-own', 'acme/*', 'plain']))
  })

  it.each(['hide', 'show', 'expand'] as const)(
    "by id it is the literal row under '%s'",
    async (wildcards) => {
      const { get } = await appFor({ wildcards })
      const literal = {
        data: [
          {
            model_name: 'acme/*',
            litellm_params: { model: 'acme/*' },
            model_info: {
              id: 'pattern',
              db_model: false,
              access_groups: ['beta'],
              ...nothingKnown('acme/*', { direct_access: true, access_via_team_ids: [] }),
            },
          },
        ],
      }
      expect((await get('/model/info?litellm_model_id=pattern')).body).toEqual(literal)
      expect((await get('/v2/model/info?modelId=pattern')).body).toMatchObject({ ...literal, total_count: 1 })
    },
  )

  it('E1 what it stands for has its own prices and limits, by the name that is called', async () => {
    const { get } = await appFor({ wildcards: 'expand' }, [
      { model_name: 'my/*', litellm_params: { model: 'acme/*' }, model_info: { id: 'my' } },
    ])
    const { body } = await get('/model_group/info?model_group=acme/gpt-test')
    expect(body.data).toMatchObject([{ max_input_tokens: 100, input_cost_per_token: 2, providers: ['acme'] }])
    const mine = await get('/model_group/info?model_group=my/gpt-test')
    expect(mine.body.data).toMatchObject([{ max_input_tokens: 100, input_cost_per_token: 2 }])
  })

  it.each([
    ['my/*', 'openai/*', 'my/gpt-4o', 'openai/gpt-4o'],
    ['gpt-*', 'azure/gpt-*-eu', 'gpt-4o', 'azure/gpt-4o-eu'],
    ['*', 'openai/*', 'gpt-4o', 'openai/gpt-4o'],
    ['*/*', 'router/*/x/*', 'a/b', 'router/a/x/b'],
    ['*/*', 'openai/*', 'openai/b', 'openai/b'],
    ['*/*', 'openai/*', 'a/b', undefined],
    ['fixed-*', 'openai/gpt-4o', 'fixed-1', 'openai/gpt-4o'],
    ['any/*', undefined, 'any/one', 'any/one'],
  ])('%s with model %s, called as %s, calls %s', async (model_name, model, name, called) => {
    const config = files.write({
      model_list: [{ model_name, litellm_params: model === undefined ? {} : { model } }],
    })
    const { router } = await makeApp({ config })
    const models = router.registry.resolve(name).map(({ litellm_params }) => litellm_params.model)
    expect(models).toEqual(called === undefined ? [] : [called])
  })

  it('the most specific pattern is meant', async () => {
    const { router } = await appFor({}, [{ model_name: '*', litellm_params: {}, model_info: { id: 'any' } }])
    expect(router.registry.resolve('acme/x').map(({ id }) => id)).toEqual(['pattern'])
    expect(router.registry.resolve('else').map(({ id }) => id)).toEqual(['any'])
  })

  it("F6 a team's pattern is for the team, under its public name, also where the team's list is short", async () => {
    const app = await appFor({ wildcards: 'expand', expandWildcard: expandMine }, [teamPattern])
    const calls = (name: string, who: string): unknown =>
      app.router.registry.resolve(name, callerOf(who)).map(({ litellm_params }) => litellm_params.model)
    expect(await namesIn(app, '/v1/models', 'sk-member')).toEqual(['plain', 'mine/gpt-test'])
    expect(await namesIn(app, '/v1/models', 'sk-narrow')).toEqual(['mine/gpt-test'])
    expect(calls('mine/gpt-test', 'member')).toEqual(['openai/gpt-test'])
    expect(calls('mine/gpt-test', 'narrow')).toEqual(['openai/gpt-test'])
    expect(calls('mine/other', 'narrow')).toEqual([])
    expect(calls('mine/gpt-test', 'everything')).toEqual([])
    expect(JSON.stringify((await app.get('/model/info', 'sk-everything')).body)).not.toContain('mine')
  })

  it("F6 a team's model does not take a name from everybody's pattern", async () => {
    const taken = {
      model_name: 'model_name_b_1',
      litellm_params: { model: 'mistral/b' },
      model_info: { team_id: 'b', team_public_model_name: 'acme/gpt-test' },
    }
    const { router } = await appFor({}, [taken])
    for (const caller of [undefined, callerOf('everything')])
      expect(router.registry.resolve('acme/gpt-test', caller).map(({ id }) => id)).toEqual(['pattern'])
  })

  it('F3 an administrator sees what a team’s pattern stands for by its public name, where rows are listed', async () => {
    const app = await appFor({ wildcards: 'expand', expandWildcard: expandMine }, [teamPattern])
    expect(await namesIn(app, '/v1/models')).toEqual(['acme/gpt-own', 'acme/gpt-test', 'plain'])
    expect((await app.get('/model/info')).body.data[3]).toMatchObject({
      model_name: 'mine/gpt-test',
      litellm_params: { model: 'openai/gpt-test' },
      model_info: { team_public_model_name: 'mine/gpt-test' },
    })
  })

  it('return_wildcard_routes lists the patterns beside what they stand for', async () => {
    const app = await appFor({ wildcards: 'expand', expandWildcard: () => ['acme/a'] })
    const asked = '/v1/models?return_wildcard_routes=true'
    expect(await namesIn(app, asked)).toEqual(['acme/gpt-own', 'acme/*', 'acme/a', 'plain'])
    expect(await namesIn(app, asked, 'sk-one')).toEqual(['acme/gpt-test'])
  })

  it.each(['show', 'expand'] as const)(
    "one name that fits a pattern can be asked for under '%s'",
    async (wildcards) => {
      const { get } = await appFor({ wildcards })
      expect((await get('/v1/models/acme/gpt-test', 'sk-one')).body).toEqual({
        id: 'acme/gpt-test',
        object: 'model',
        created: 1677610602,
        owned_by: 'acme',
        mode: 'chat',
        max_input_tokens: 100,
        context_length: 100,
      })
      expect((await get('/model_group/info?model_group=acme/gpt-test', 'sk-one')).body.data).toHaveLength(1)
      expect((await get('/v1/models/acme/gpt-large', 'sk-one')).status).toBe(404)
      expect((await get('/v1/models/acme/gpt-own', 'sk-group')).status).toBe(404)
    },
  )

  it("one name that fits a pattern is not told under 'hide'", async () => {
    const { get } = await appFor({ wildcards: 'hide' })
    expect((await get('/v1/models/acme/gpt-test')).status).toBe(404)
    expect((await get('/v1/models/acme/*')).status).toBe(404)
    expect((await get('/model_group/info?model_group=acme/gpt-test')).body).toEqual({ data: [] })
  })

  it.each([
    'huggingface/https://evil.example/x',
    'huggingface/http:evil.example',
    'huggingface/\thttps:\n//evil.example',
    'to-any-host://evil.example',
  ])('no caller has the key of a pattern sent to an address: %j', async (name) => {
    const pattern = (model_name: string): object => ({
      model_name,
      litellm_params: { model: model_name, api_key: 'sk-of-the-gateway' },
    })
    const { get, router } = await appFor({}, [pattern('huggingface/*'), pattern('*')])
    for (const caller of [undefined, callerOf('everything')])
      expect(router.registry.resolution(name, caller)).toEqual({ outcome: 'unknown', deployments: [] })
    expect((await get(`/v1/models/${encodeURIComponent(name)}`)).status).toBe(404)
    expect((await get(`/model_group/info?model_group=${encodeURIComponent(name)}`)).body).toEqual({
      data: [],
    })
    expect(router.registry.resolution('huggingface/org/model:v1').deployments).toMatchObject([
      { litellm_params: { model: 'huggingface/org/model:v1' } },
    ])
  })

  it('a model or an alias of the file may be an address that fits a pattern', async () => {
    const own = 'huggingface/https://own.example'
    const models = [
      { model_name: 'huggingface/*', litellm_params: { model: 'huggingface/*' }, model_info: { id: 'any' } },
      { model_name: `${own}/a`, litellm_params: { model: `${own}/a` }, model_info: { id: 'own' } },
    ]
    const router_settings = { model_group_alias: { short: `${own}/b` } }
    const { router } = await makeApp({ config: files.write({ model_list: models, router_settings }) })
    const called = (name: string): unknown =>
      router.registry.resolve(name).map(({ id, litellm_params: params }) => [id, params.model])
    expect([called(`${own}/a`), called('short'), called(`${own}/b`)]).toEqual([
      [['own', `${own}/a`]],
      [['any', `${own}/b`]],
      [],
    ])
  })

  it('E7 after another cost map they stand for its models', async () => {
    let map: object = { 'acme/first': { litellm_provider: 'acme' } }
    const load = async () => map as never
    const app = await appFor({ wildcards: 'expand', costMap: load })
    await app.post('/reload/model_cost_map', {})
    expect(await namesIn(app, '/v1/models')).toEqual(['acme/gpt-own', 'acme/first', 'plain'])
    map = { 'acme/second': { litellm_provider: 'acme' } }
    await app.post('/reload/model_cost_map', {})
    expect(await allNames(app)).toEqual(
      lists.map(([path]) => ['acme/gpt-own', isPage(path) ? 'acme/*' : 'acme/second', 'plain']),
    )
  })
})
