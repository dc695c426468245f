import type { Caller } from '../../lib/caller'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { allNames, lists } from '../support/lists'

const files = configFiles()
const models = [
  {
    model_name: 'smart',
    litellm_params: { model: 'openai/gpt-4o' },
    model_info: { access_groups: ['beta'] },
  },
  { model_name: 'cheap', litellm_params: { model: 'openai/gpt-4o-mini' } },
  { model_name: 'openai/*', litellm_params: { model: 'openai/*' } },
  {
    model_name: 'internal-a',
    litellm_params: { model: 'mistral/a' },
    model_info: { team_id: 'a', team_public_model_name: 'ours' },
  },
  { model_name: 'bare', litellm_params: { api_base: 'http://bare.internal' } },
]
const aliases = {
  best: 'smart',
  quiet: { model: 'smart', hidden: true },
  loud: { model: 'cheap', hidden: false },
  cheap: 'smart',
  nothing: 'gone',
  'team-alias': 'ours',
  reasoning: 'openai/o3',
  naked: 'bare',
}
const content = (model_group_alias: object, model_list: readonly object[] = models): object => ({
  model_list,
  router_settings: { model_group_alias },
})

const keyOf: Record<string, Omit<Caller, 'userId' | 'role'>> = {
  everything: {},
  alias: { models: ['best'] },
  target: { models: ['smart'] },
  both: { models: ['smart', 'best'] },
  group: { models: ['beta'] },
  member: { teams: [{ id: 'a' }] },
  narrow: { models: ['team-alias'], teams: [{ id: 'a' }] },
  foreign: { models: ['team-alias', 'cheap'], teams: [{ id: 'b' }] },
  pattern: { models: ['reasoning'] },
}
const callerOf = (name: string): Caller => ({ userId: name, role: 'internal_user', ...keyOf[name] })

const aliasNames = new Set(Object.keys(aliases).filter((name) => name !== 'cheap'))
const isPage = (path: string): boolean => path.startsWith('/v2/')

async function appFor(config = files.write(content(aliases))): Promise<TestApp> {
  const keys = Object.keys(keyOf).map((name) => ({ key: `sk-${name}`, ...callerOf(name) }))
  return makeApp({ config, configWatchMs: 20, wildcards: 'show', auth: { masterKey, keys } })
}

describe('router_settings.model_group_alias', () => {
  it.each([
    ['everything', ['smart', 'cheap', 'openai/*', 'bare', 'best', 'loud', 'reasoning', 'naked']],
    ['alias', ['best']],
    ['target', ['smart']],
    ['both', ['smart', 'best']],
    ['group', ['smart']],
    [
      'member',
      ['smart', 'cheap', 'openai/*', 'ours', 'bare', 'best', 'loud', 'team-alias', 'reasoning', 'naked'],
    ],
    ['narrow', ['team-alias']],
    ['foreign', ['cheap']],
    ['pattern', ['reasoning']],
  ])('G7 a caller with %s finds them in every list', async (who, names) => {
    const rows = names.filter((name) => !aliasNames.has(name))
    expect(await allNames(await appFor(), `sk-${who}`)).toEqual(
      lists.map(([path]) => (isPage(path) ? rows : names)),
    )
  })

  it("G7 an administrator finds all but those of a team's models", async () => {
    const rows = ['smart', 'cheap', 'openai/*', 'ours', 'bare']
    const others = ['best', 'loud', 'reasoning', 'naked']
    const named = rows.filter((name) => name !== 'ours')
    expect(await allNames(await appFor())).toEqual([
      [...rows, ...others],
      rows,
      [...named, ...others],
      [...named, ...others],
    ])
  })

  it.each([
    ['everything', 'best', 'openai/gpt-4o'],
    ['everything', 'quiet', 'openai/gpt-4o'],
    ['everything', 'cheap', 'openai/gpt-4o'],
    ['everything', 'loud', 'openai/gpt-4o-mini'],
    ['member', 'internal-a', 'mistral/a'],
    ['everything', 'internal-a', 'unknown'],
    ['narrow', 'internal-a', 'forbidden'],
    ['foreign', 'cheap', 'openai/gpt-4o'],
    ['everything', 'nothing', 'unknown'],
    ['everything', 'team-alias', 'unknown'],
    ['everything', 'reasoning', 'openai/o3'],
    ['everything', 'naked', 'bare'],
    ['alias', 'best', 'openai/gpt-4o'],
    ['alias', 'smart', 'forbidden'],
    ['target', 'best', 'openai/gpt-4o'],
    ['target', 'cheap', 'openai/gpt-4o'],
    ['group', 'cheap', 'openai/gpt-4o'],
    ['group', 'best', 'openai/gpt-4o'],
    ['member', 'team-alias', 'mistral/a'],
    ['narrow', 'team-alias', 'mistral/a'],
    ['narrow', 'ours', 'forbidden'],
    ['foreign', 'team-alias', 'unknown'],
    ['pattern', 'reasoning', 'openai/o3'],
    ['pattern', 'openai/o3', 'forbidden'],
  ])('F1 with %s, calling %s gives %s', async (who, name, expected) => {
    const { router } = await appFor()
    const { outcome, deployments } = router.registry.resolution(name, callerOf(who))
    expect(deployments.map(({ litellm_params }) => litellm_params.model)[0] ?? outcome).toBe(expected)
  })

  it.each([
    ['best', 'openai/gpt-4o'],
    ['cheap', 'openai/gpt-4o'],
    ['loud', 'openai/gpt-4o-mini'],
    ['reasoning', 'openai/o3'],
  ])('the host without a caller finds %s', async (name, model) => {
    const { router } = await appFor()
    expect(router.registry.resolve(name).map(({ litellm_params }) => litellm_params.model)).toEqual([model])
  })

  it('shows the row of the target under the name of the alias', async () => {
    const { get } = await appFor()
    const [row] = (await get('/model/info', 'sk-both')).body.data
    expect((await get('/model/info', 'sk-both')).body.data[1]).toEqual({ ...row, model_name: 'best' })
    expect((await get('/v1/models/best', 'sk-both')).body).toEqual(
      (await get('/v1/models', 'sk-both')).body.data[1],
    )
  })

  it('a hidden one is not told by name either', async () => {
    const { get } = await appFor()
    expect((await get('/v1/models/quiet')).status).toBe(404)
    expect((await get('/model_group/info?model_group=quiet')).body).toEqual({ data: [] })
  })

  it('a team is told of the aliases of what it may use', async () => {
    const { get } = await appFor()
    const { body } = await get('/v1/models?team_id=a', 'sk-member')
    const ids = body.data.map(({ id }: { id: string }) => id)
    expect(ids).toContain('best')
    expect(ids).toContain('team-alias')
  })

  it('one that has the name of a model is followed, and status says so', async () => {
    const { get } = await appFor()
    const { body } = await get('/model_management/status')
    expect(body.warnings).toContain(
      "model_group_alias 'cheap' takes precedence over the model of that name while its target exists.",
    )
  })

  it("a team's own name for something does not take an alias from others", async () => {
    const app = await appFor()
    await app.post('/model/new', {
      model_name: 'best',
      litellm_params: { model: 'mistral/b' },
      model_info: { team_id: 'b' },
    })
    const resolved = (caller?: Caller): unknown[] =>
      app.router.registry.resolve('best', caller).map(({ litellm_params }) => litellm_params.model)
    expect(resolved()).toEqual(['openai/gpt-4o'])
    expect(resolved(callerOf('target'))).toEqual(['openai/gpt-4o'])
    expect(resolved({ ...callerOf('everything'), teams: [{ id: 'b' }] })).toEqual(['mistral/b'])
  })

  it('of nothing leaves its name to a pattern that it fits', async () => {
    const app = await appFor(files.write(content({ 'openai/o4': 'gone' })))
    const called = app.router.registry.resolve('openai/o4').map(({ litellm_params: { model } }) => model)
    expect(called).toEqual(['openai/o4'])
  })

  it('stays in all lists once a model has its name, and that model is called while the target is missing', async () => {
    const config = files.write(content({ best: 'smart' }))
    const app = await appFor(config)
    expect((await allNames(app, 'sk-both'))[3]).toEqual(['smart', 'best'])
    await app.post('/model/new', { model_name: 'best', litellm_params: { model: 'mistral/b' } })
    expect((await allNames(app, 'sk-both'))[3]).toEqual(['smart', 'best'])
    const called = (): unknown => app.router.registry.resolve('best')[0]?.litellm_params.model
    expect(called()).toBe('openai/gpt-4o')
    files.rewrite(config, content({ best: 'gone' }))
    await app.router.registry.reload()
    expect(called()).toBe('mistral/b')
  })

  it('of its own name, or of one that is an alias too, is followed once', async () => {
    const app = await appFor(files.write(content({ smart: 'smart', cheap: 'smart', loud: 'cheap' })))
    const called = ['smart', 'cheap', 'loud'].map((name) =>
      app.router.registry.resolve(name).map(({ litellm_params }) => litellm_params.model),
    )
    expect(called).toEqual([['openai/gpt-4o'], ['openai/gpt-4o'], ['openai/gpt-4o-mini']])
    const { body } = await app.get('/model/info')
    const listed = body.data.map(({ model_name: name }: { model_name: string }) => name)
    expect(listed.filter((name: string) => name === 'smart')).toHaveLength(1)
  })

  it('what /v1/models says of its name is said of its target', async () => {
    const { get } = await appFor(
      files.write(
        content({ bare: 'internal', cheap: 'ours-x' }, [
          { model_name: 'bare', litellm_params: { model: 'openai/a' } },
          { model_name: 'internal', litellm_params: { model: 'mistral/b' } },
          { model_name: 'cheap', litellm_params: { model: 'openai/c' } },
        ]),
      ),
    )
    const { body } = await get('/v1/models')
    expect(body.data.map(({ id, owned_by: by }: { id: string; owned_by: string }) => [id, by])).toEqual([
      ['bare', 'mistral'],
      ['internal', 'mistral'],
      ['cheap', 'openai'],
    ])
  })

  it('J follows the file while running, in lists and calls', async () => {
    const config = files.write(content({ best: 'smart' }))
    const app = await appFor(config)
    const before = (await app.get('/v1/models')).headers['etag']
    const changed = new Promise<void>((resolve) => void app.router.registry.on('change', () => resolve()))
    files.rewrite(config, content({ better: 'cheap' }))
    await changed
    const names = ['smart', 'cheap', 'openai/*', 'bare', 'better']
    expect((await allNames(app))[3]).toEqual(names)
    expect((await app.get('/v1/models')).headers['etag']).not.toBe(before)
    expect(app.router.registry.resolution('best').outcome).toBe('unknown')
    expect(app.router.registry.resolve('better')).toHaveLength(1)
  })
})
