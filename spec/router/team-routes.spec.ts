import type { Deployment } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { allNames, lists } from '../support/lists'

const files = configFiles()
const good = 'https://good.example/v1'
const evil = 'https://evil.example/v1'
const keys = [
  { key: 'sk-admin-of-a', userId: 'ann', role: 'internal_user', teams: [{ id: 'a', admin: true }] },
  { key: 'sk-a', userId: 'amy', role: 'internal_user', teams: [{ id: 'a' }] },
  { key: 'sk-b', userId: 'bob', role: 'internal_user', teams: [{ id: 'b' }] },
  { key: 'sk-user', userId: 'uma', role: 'internal_user' },
  { key: 'sk-narrow', userId: 'ned', role: 'internal_user', models: ['gpt-4', 'group'] },
  { key: 'sk-viewer', userId: 'vic', role: 'proxy_admin_viewer' },
] as const
const outsiders = ['sk-b', 'sk-user', 'sk-narrow']
const administrators = [masterKey, 'sk-viewer']
const model_list = [
  {
    model_name: 'claude',
    litellm_params: { model: 'anthropic/claude', api_base: good },
    model_info: { access_groups: ['group'] },
  },
  { model_name: 'openai/*', litellm_params: { model: 'openai/*', api_base: good } },
]
const router_settings = {
  model_group_alias: {
    'gpt-4': 'claude',
    hidden: { model: 'claude', hidden: true },
    fast: 'openai/gpt-4o-mini',
    nobody: 'ours',
    pattern: 'openai/*',
  },
}
/** Names that are everybody's, and names of the team. */
const names = [
  'claude',
  'gpt-4',
  'hidden',
  'fast',
  'openai/gpt-4o-mini',
  'openai/o3',
  'pattern',
  'ours',
  'nobody',
  'other/x',
  'group',
]
const added = ['claude', 'openai/gpt-4o-mini', 'openai/*', '*', 'gpt-4', 'hidden', 'fast', 'ours', 'group']

async function appFor(options: RouterOptions = {}): Promise<TestApp> {
  const config = files.write({ model_list, router_settings })
  return makeApp({ config, auth: { masterKey, keys }, ...options })
}

async function addAll(app: TestApp): Promise<void> {
  for (const model_name of added) {
    const params = { model: 'anthropic/claude', api_base: evil }
    const body = {
      model_name,
      litellm_params: params,
      model_info: { team_id: 'a', access_groups: ['group'] },
    }
    const { status } = await app.post('/model/new', body, 'sk-admin-of-a')
    expect(status).toBe(200)
  }
}

/** Outcome and hosts of every name, for the holder of a key or the host itself. */
async function called({ router }: TestApp, key?: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}` }
  const caller =
    key === undefined ? undefined : ((await router.authenticate({ headers } as never)) ?? undefined)
  return names.map((name) => {
    const { outcome, deployments } = router.registry.resolution(name, caller)
    return [name, outcome, deployments.map(({ litellm_params: params }) => params['api_base'])]
  })
}

/** Where the names of both lists are the same, that order is the first one's. */
const byPlaceIn =
  (list: readonly string[]) =>
  (one: string, other: string): number =>
    list.indexOf(one) - list.indexOf(other)

/** Every answer about models and names. */
async function told({ get }: TestApp, key: string): Promise<unknown> {
  const paths = [
    ...lists.map(([path]) => path),
    '/v1/models?include_model_access_groups=true&include_metadata=true',
    ...names.flatMap((name) => [`/v1/models/${name}`, `/model_group/info?model_group=${name}`]),
  ]
  return Promise.all(paths.map(async (path) => [path, (await get(path, key)).text]))
}

describe("a team's models under names of everybody's", () => {
  it.each(['show', 'hide', 'expand'] as const)(
    "change nothing for callers of no or another team: wildcards '%s'",
    async (wildcards) => {
      const app = await appFor({ wildcards, expandWildcard: () => ['openai/gpt-4o-mini', 'openai/o3'] })
      const look = (key: string) => Promise.all([called(app, key), told(app, key)])
      const before = await Promise.all(outsiders.map(look))
      await addAll(app)
      expect(await Promise.all(outsiders.map(look))).toEqual(before)
    },
  )

  it('are called by their members, through aliases too', async () => {
    const app = await appFor()
    await addAll(app)
    const found = names.map((name) => [name, 'found', [evil]])
    expect(await called(app, 'sk-a')).toEqual(found)
    expect(await called(app, 'sk-admin-of-a')).toEqual(found)
  })

  it.each([undefined, ...administrators])(
    'change no call of the host or an administrator (%s)',
    async (key) => {
      const app = await appFor()
      const before = await called(app, key)
      await addAll(app)
      expect(await called(app, key)).toEqual(before)
    },
  )

  it('answer to their internal names for administrators, and for nobody else', async () => {
    const adapter = memoryAdapter()
    const app = await appFor({
      adapter,
      config: files.write({ model_list: [{ model_name: '*', litellm_params: {} }] }),
    })
    await addAll(app)
    const { router } = app
    const internal = (await adapter.list()).map(({ deployment }) => (deployment as Deployment).model_name)
    expect(internal).toHaveLength(added.length)
    const user = await router.authenticate({ headers: { authorization: 'Bearer sk-user' } } as never)
    for (const name of internal) {
      expect(router.registry.resolve(name).map(({ litellm_params: params }) => params['api_base'])).toEqual([
        evil,
      ])
      expect(router.registry.resolve(name, user).map(({ model_name }) => model_name)).toEqual(['*'])
    }
  })

  it.each(administrators)(
    'are in the lists of rows of administrators, and in none of names (%s)',
    async (key) => {
      const app = await appFor()
      const rowsOf = async (): Promise<number> => (await app.get('/v2/model/info', key)).body.total_count
      const before = { names: await allNames(app, key), rows: await rowsOf() }
      const groups = await Promise.all(
        names.map((name) => app.get(`/model_group/info?model_group=${name}`, key)),
      )
      await addAll(app)
      const after = await allNames(app, key)
      for (const [at, [path]] of lists.entries())
        expect(after[at]).toEqual(
          path.endsWith('/models') || path.includes('group')
            ? before.names[at]
            : [...new Set([...before.names[at]!, ...added])].sort(byPlaceIn(after[at]!)),
        )
      expect((await rowsOf()) - before.rows).toBe(added.length)
      for (const [at, name] of names.entries())
        expect((await app.get(`/model_group/info?model_group=${name}`, key)).text).toBe(groups[at]!.text)
      const { body } = await app.get('/model/info', key)
      const evils = body.data.filter((row: { litellm_params: object }) => JSON.stringify(row).includes(evil))
      expect(evils).toHaveLength(added.length)
    },
  )

  it('are no members of an access group that is given the name', async () => {
    const app = await appFor()
    await addAll(app)
    const stored = { model_name: 'stored', litellm_params: { model: 'x' }, model_info: { id: 'stored' } }
    await app.post('/model/new', stored)
    await app.post('/model/new', { ...stored, model_info: { team_id: 'a' } }, 'sk-admin-of-a')
    const { body } = await app.post('/access_group/new', { access_group: 'new', model_names: ['stored'] })
    expect(body).toEqual({
      access_group: 'new',
      model_names: ['stored'],
      model_ids: ['stored'],
      models_updated: 1,
    })
    const groupOf = async (group: string, name: string): Promise<unknown> => {
      const answer = await app.post('/access_group/new', { access_group: group, model_names: [name] })
      return [answer.status, answer.body.models_updated ?? answer.body.detail.error]
    }
    const ofFile = 'Model(s) of the config file: claude. Set model_info.access_groups in the file instead'
    expect(await groupOf('file', 'claude')).toEqual([400, ofFile])
    expect(await groupOf('team', 'ours')).toEqual([200, 1])
  })
})

describe('lists say of a name what is true of the models that answer to it', () => {
  const facts = (api_base: string, max_input_tokens: number): object => ({
    litellm_params: { model: 'anthropic/claude', api_base },
    model_info: { max_input_tokens },
  })
  const limitOf = async ({ get }: TestApp, name: string, key: string): Promise<unknown> => [
    (await get(`/model_group/info?model_group=${name}`, key)).body.data[0]?.max_input_tokens,
    (await get(`/v1/models/${name}`, key)).body.max_input_tokens,
    (await get('/v1/models', key)).body.data.find(({ id }: { id: string }) => id === name)?.max_input_tokens,
  ]

  it("a member's name is the team's model, and everybody else's the common one", async () => {
    const models = [
      { model_name: 'claude', ...facts(good, 9) },
      { model_name: 'a/*', ...facts(good, 8) },
    ]
    const app = await makeApp({
      config: files.write({ model_list: models, router_settings }),
      auth: { masterKey, keys },
    })
    for (const [name, limit] of [
      ['claude', 1],
      ['a/x', 2],
      ['a/*', 3],
    ] as const) {
      const { litellm_params, model_info } = facts(evil, limit) as {
        litellm_params: object
        model_info: object
      }
      const body = { model_name: name, litellm_params, model_info: { ...model_info, team_id: 'a' } }
      expect((await app.post('/model/new', body, 'sk-admin-of-a')).status).toBe(200)
    }
    expect(await limitOf(app, 'claude', 'sk-a')).toEqual([1, 1, 1])
    expect(await limitOf(app, 'gpt-4', 'sk-a')).toEqual([1, 1, 1])
    expect(await limitOf(app, 'a/x', 'sk-a')).toEqual([2, 2, 2])
    expect(await limitOf(app, 'a/y', 'sk-a')).toEqual([3, 3, undefined])
    expect(await limitOf(app, 'claude', 'sk-user')).toEqual([9, 9, 9])
    expect(await limitOf(app, 'gpt-4', masterKey)).toEqual([9, 9, 9])
    expect(await limitOf(app, 'a/x', masterKey)).toEqual([8, 8, undefined])
  })
})
