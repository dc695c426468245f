import type { Caller } from '../../lib/caller'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { allNames, lists, namesIn } from '../support/lists'

const files = configFiles()
const costMap = {
  'm-4o': { litellm_provider: 'acme', max_input_tokens: 9 },
  'm-3': { litellm_provider: 'acme' },
  'claude-4': { litellm_provider: 'corp' },
}
const pattern = (name: string, info: object = {}): object => ({
  model_name: name,
  litellm_params: { model: name },
  model_info: info,
})
const keyOf: Record<string, Omit<Caller, 'userId' | 'role'>> = {
  exact: { models: ['acme/m-6-sol', 'plain', 'beta-group'] },
  bare: { models: ['m-4o'] },
  narrow: { models: ['acme/m-4*'] },
  wide: { models: ['acme/*'] },
  group: { models: ['default-models'] },
  team: { teams: [{ id: 'T', models: ['acme/m-4o', 'acme/new'] }] },
  free: {},
  admin: { teams: [{ id: 'T', admin: true, models: ['plain'] }] },
}
const callerOf = (name: string): Caller => ({ userId: name, role: 'internal_user', ...keyOf[name] })

async function appFor(file: object, options: RouterOptions = {}): Promise<TestApp> {
  const keys = Object.keys(keyOf).map((name) => ({ key: `sk-${name}`, ...callerOf(name) }))
  return makeApp({ config: files.write(file), costMap, auth: { masterKey, keys }, ...options })
}

const providers = {
  model_list: [
    pattern('acme/*', { access_groups: ['default-models'] }),
    pattern('corp/*'),
    pattern('plain', { access_groups: ['beta-group'] }),
  ],
}
const perList = (names: readonly string[], rows: readonly string[]): readonly (readonly string[])[] =>
  lists.map(([path]) => (path.startsWith('/v2/') ? rows : names))

describe('what only a pattern serves', () => {
  it.each([
    ['free', ['acme/m-4o', 'acme/m-3', 'corp/claude-4', 'plain'], ['acme/*', 'corp/*', 'plain']],
    ['exact', ['plain', 'acme/m-6-sol'], ['plain']],
    ['bare', ['m-4o'], []],
    ['narrow', ['acme/m-4o'], []],
    ['wide', ['acme/m-4o', 'acme/m-3'], ['acme/*']],
    ['group', ['acme/m-4o', 'acme/m-3'], ['acme/*']],
    ['team', ['acme/m-4o', 'acme/new'], []],
  ])('is listed to a caller with %s as far as it can be called', async (who, names, rows) => {
    const app = await appFor(providers)
    expect(await allNames(app, `sk-${who}`)).toEqual(perList(names, rows))
    const hosts = app.router.registry.list(callerOf(who)).map(({ model_name: name }) => name)
    expect(hosts).toEqual(names)
    for (const name of names) {
      expect(app.router.registry.resolution(name, callerOf(who)).outcome).toBe('found')
      expect((await app.get(`/v1/models/${name}`, `sk-${who}`)).status).toBe(200)
    }
  })

  it('a name that a key is granted follows the rows while running', async () => {
    const app = await appFor({ model_list: [pattern('plain')] })
    expect(await namesIn(app, '/v1/models', 'sk-exact')).toEqual(['plain'])
    await app.post('/model/new', { model_name: 'acme/*', litellm_params: {}, model_info: { id: 'one' } })
    expect(await namesIn(app, '/v1/models', 'sk-exact')).toEqual(['plain', 'acme/m-6-sol'])
    await app.post('/model/new', {
      model_name: 'acme/m-6-sol',
      litellm_params: {},
      model_info: { id: 'two' },
    })
    expect((await app.get('/model/info', 'sk-exact')).body.data).toMatchObject([
      { model_name: 'plain' },
      { model_name: 'acme/m-6-sol', model_info: { id: 'two' } },
    ])
    await app.post('/model/delete', { id: 'two' })
    await app.post('/model/delete', { id: 'one' })
    expect(await namesIn(app, '/v1/models', 'sk-exact')).toEqual(['plain'])
  })

  it('beyond limits.maxExpandedNames a pattern is listed as itself', async () => {
    const app = await appFor(providers, { limits: { maxExpandedNames: 2 } })
    expect((await allNames(app))[3]).toEqual(['acme/m-4o', 'acme/m-3', 'corp/*', 'plain'])
    const none = await appFor(providers, { limits: { maxExpandedNames: 1 } })
    expect((await allNames(none))[3]).toEqual(['acme/*', 'corp/claude-4', 'plain'])
  })
})

describe('a name without its provider', () => {
  it.each([
    ['group', 'm-4o', 'acme/m-4o'],
    ['wide', 'm-4o', 'acme/m-4o'],
    ['bare', 'm-4o', 'acme/m-4o'],
    ['narrow', 'm-4o', 'acme/m-4o'],
    ['free', 'claude-4', 'corp/claude-4'],
    ['free', 'm-99', 'unknown'],
    ['group', 'claude-4', 'forbidden'],
    ['bare', 'm-3', 'forbidden'],
    ['exact', 'm-4o', 'forbidden'],
  ])('with %s, calling %s gives %s', async (who, name, expected) => {
    const { router } = await appFor(providers)
    const { outcome, deployments } = router.registry.resolution(name, callerOf(who))
    expect(deployments[0]?.litellm_params.model ?? outcome).toBe(expected)
  })

  it.each([
    ['a pattern that it fits is meant first', [pattern('acme/*'), pattern('m-*')], 'm-*'],
    ['a model of that name is meant before', [pattern('acme/*'), pattern('m-4o')], 'm-4o'],
  ])('%s', async (_what, model_list, name) => {
    const { router } = await appFor({ model_list })
    expect(router.registry.resolve('m-4o').map(({ model_name }) => model_name)).toEqual([name])
  })

  it('an alias may stand for one, and another cost map may know it', async () => {
    const router_settings = { model_group_alias: { fast: 'm-4o' } }
    const { router, get } = await appFor({ model_list: [pattern('acme/*')], router_settings })
    expect(router.registry.resolve('fast')).toMatchObject([{ litellm_params: { model: 'acme/m-4o' } }])
    expect((await get('/v1/models/fast')).body).toMatchObject({ owned_by: 'acme', max_input_tokens: 9 })
    expect((await get('/v1/models/m-4o')).body).toMatchObject({ id: 'm-4o', max_input_tokens: 9 })
    let map: object = {}
    const late = await appFor({ model_list: [pattern('acme/*')] }, { costMap: async () => map as never })
    expect(late.router.registry.resolve('m-4o')).toEqual([])
    map = costMap
    await late.post('/reload/model_cost_map', {})
    expect(late.router.registry.resolve('m-4o')).toHaveLength(1)
  })
})

describe('a model that lists leave out', () => {
  it.each([
    ['model_info.discoverable', { model_info: { discoverable: false } }],
    ['model_info.hide_from_model_list', { model_info: { hide_from_model_list: true } }],
    ['litellm_params.hide_from_model_list', { litellm_params: { model: 'x', hide_from_model_list: true } }],
    ['hide_from_model_list beside them', { hide_from_model_list: true }],
  ])('by %s is called, and listed to administrators', async (_what, parts) => {
    const hidden = { ...pattern('hidden', {}), ...parts }
    const router_settings = { model_group_alias: { other: 'hidden' } }
    const app = await appFor({ model_list: [hidden, pattern('shown')], router_settings })
    expect(await allNames(app, 'sk-free')).toEqual(lists.map(() => ['shown']))
    expect((await app.get('/model_group/info?model_group=hidden', 'sk-free')).body).toEqual({ data: [] })
    expect(app.router.registry.list(callerOf('free')).map(({ model_name: name }) => name)).toEqual(['shown'])
    expect(app.router.registry.resolution('hidden', callerOf('free')).outcome).toBe('found')
    expect((await app.get('/v1/models/hidden', 'sk-free')).status).toBe(200)
    expect(await namesIn(app, '/v1/models')).toEqual(['hidden', 'shown', 'other'])
  })

  it('is shown to the administrators of its team, and other values hide nothing', async () => {
    const hidden = (discoverable: unknown): object => pattern('a', { discoverable, team_id: 'T' })
    const app = await appFor({ model_list: [hidden(false), pattern('plain', { discoverable: true })] })
    expect(await namesIn(app, '/model/info', 'sk-admin')).toEqual(['a', 'plain'])
    expect(await namesIn(app, '/model/info', 'sk-team')).toEqual([])
    const named = {
      model_list: [pattern('n'), pattern('n', { discoverable: false }), pattern('m', { discoverable: null })],
    }
    expect(await namesIn(await appFor(named), '/v1/models', 'sk-free')).toEqual(['n', 'm'])
  })

  it('of a pattern hides all that it stands for', async () => {
    const app = await appFor({ model_list: [pattern('acme/*', { discoverable: false })] })
    for (const who of ['free', 'exact']) expect(await allNames(app, `sk-${who}`)).toEqual(lists.map(() => []))
  })
})

describe('what an administrator asks of a team', () => {
  const model_list = [
    pattern('everybodys'),
    pattern('plain'),
    pattern('kept', { team_id: 'S', team_public_model_name: 'ours' }),
    pattern('theirs', { team_id: 'U' }),
  ]

  it.each([
    ['S', ['everybodys', 'plain', 'ours']],
    ['T', ['plain']],
    [' ', ['everybodys', 'plain', 'ours', 'theirs']],
    ['nobody', []],
  ])('lists what team %j may use', async (team, names) => {
    const keys = [
      { key: 'sk-t', userId: 't', role: 'team' as const, teams: [{ id: 'T', models: ['plain'] }] },
    ]
    const app = await appFor({ model_list }, { auth: { masterKey, keys } })
    const id = encodeURIComponent(team)
    expect(await namesIn(app, `/model/info?teamId=${id}`)).toEqual(names)
    expect(await namesIn(app, `/v2/model/info?teamId=${id}`)).toEqual(names)
    const { status, body } = await app.get(`/v1/models?team_id=${id}`)
    if (team === 'nobody') {
      const refusal = { detail: { error: "Team doesn't exist in db. Team=nobody." } }
      expect([status, body]).toEqual([404, refusal])
      expect((await app.get('/v1/models/plain?team_id=nobody')).status).toBe(404)
    } else if (team !== ' ') expect(body.data.map((one: { id: string }) => one.id)).toEqual(names)
  })
})

describe('what the file says of names', () => {
  it.each(['router_settings', 'litellm_settings'])(
    'default_fallbacks of %s are those of names without',
    async (section) => {
      const settings = { default_fallbacks: ['plain'], fallbacks: [{ n: ['m'] }] }
      const { get } = await appFor({
        model_list: ['n', 'm', 'plain'].map((name) => pattern(name)),
        [section]: settings,
      })
      const { body } = await get('/v1/models?include_metadata=true', 'sk-free')
      expect(body.data.map(({ metadata }: { metadata: object }) => metadata)).toEqual(
        [['m'], ['plain'], ['plain']].map((fallbacks) => ({ fallbacks })),
      )
    },
  )

  it('public_model_groups are public, and follow the file while running', async () => {
    const model_list = [pattern('a'), pattern('b')]
    const config = files.write({ model_list, litellm_settings: { public_model_groups: ['b', 5] } })
    const { get, router } = await makeApp({ config })
    const flags = async (): Promise<unknown> =>
      (await get('/model_group/info')).body.data.map(
        (group: { is_public_model_group: boolean }) => group.is_public_model_group,
      )
    expect(await flags()).toEqual([false, true])
    files.rewrite(config, { model_list, litellm_settings: { public_model_groups: ['a'] } })
    await router.registry.reload()
    expect(await flags()).toEqual([true, false])
  })

  it('every row says how the caller has access, those of the file too', async () => {
    const app = await appFor({ model_list: [pattern('plain'), pattern('own', { team_id: 'T' })] })
    const access = async (key: string): Promise<unknown> =>
      (await app.get('/model/info', key)).body.data.map(
        ({ model_info: info }: { model_info: Record<string, unknown> }) => [
          info['direct_access'],
          info['access_via_team_ids'],
        ],
      )
    expect(await access(masterKey)).toEqual([
      [true, []],
      [false, ['T']],
    ])
    expect(await access('sk-free')).toEqual([[true, []]])
    expect(await access('sk-admin')).toEqual([
      [false, ['T']],
      [false, ['T']],
    ])
  })
})
