import type { Deployment, ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { holding } from '../support/held'

const team = (id: string, admin = true): object => ({ teams: [{ id, admin }] })
const keys = [
  { key: 'sk-a', userId: 'ann', role: 'internal_user' as const, ...team('a') },
  { key: 'sk-b', userId: 'bob', role: 'internal_user' as const, ...team('b') },
  { key: 'sk-member', userId: 'mel', role: 'internal_user' as const, ...team('a', false) },
]
const auth = { masterKey, keys }
const internal = (id: string) => expect.stringMatching(new RegExp(`^model_name_${id}_[0-9a-f-]{36}$`))
/** The name that a model is kept by, which is in no answer. */
const keptName = async (adapter: ModelAdapter, id: string): Promise<string | undefined> =>
  ((await adapter.get(id))?.deployment as Deployment | undefined)?.model_name

interface Shown {
  readonly model_name: string
  readonly model_info: { readonly id: string }
}

const listed = async ({ get }: TestApp, key: string): Promise<readonly Shown[]> =>
  (await get('/model/info', key)).body.data
const namesOf = async (app: TestApp, key: string): Promise<readonly string[]> =>
  (await listed(app, key)).map(({ model_name: name }) => name)

describe('models of two teams', () => {
  async function twoTeams(): Promise<{
    app: TestApp
    adapter: ModelAdapter
    ids: Readonly<Record<string, string>>
  }> {
    const adapter = memoryAdapter()
    const app = await makeApp({ adapter, auth })
    const ids: Record<string, string> = {}
    for (const id of ['a', 'b']) {
      const model = { model_name: 'ours', litellm_params: { model: `x/${id}` }, model_info: { team_id: id } }
      ids[id] = (await app.post('/model/new', model, `sk-${id}`)).body.model_id
    }
    return { app, adapter, ids }
  }

  it('F3 share a public name and are kept under internal ones, which nobody is shown', async () => {
    const { app, adapter, ids } = await twoTeams()
    for (const id of ['a', 'b']) expect(await keptName(adapter, ids[id]!)).toEqual(internal(id))
    expect(await namesOf(app, masterKey)).toEqual(['ours', 'ours'])
    expect(await namesOf(app, 'sk-a')).toEqual(['ours'])
    expect(await namesOf(app, 'sk-member')).toEqual(['ours'])
  })

  it('F6 each team lists, reads and calls its own only', async () => {
    const { app, ids } = await twoTeams()
    const { registry } = app.router
    for (const [own, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const caller = { userId: 'u', role: 'internal_user' as const, teams: [{ id: own }] }
      expect((await listed(app, `sk-${own}`)).map(({ model_info: { id } }) => id)).toEqual([ids[own]])
      expect(registry.resolve('ours', caller).map(({ id }) => id)).toEqual([ids[own]])
      const theirs = await app.get(`/model/info?litellm_model_id=${ids[other]}`, `sk-${own}`)
      const nobodys = await app.get('/model/info?litellm_model_id=gone', `sk-${own}`)
      expect([theirs.status, theirs.text]).toEqual([400, nobodys.text.replace('gone', ids[other] as string)])
    }
  })

  it('F6 a write to a row of the other team is one to a row that is not there', async () => {
    const { app, ids } = await twoTeams()
    const id = ids['b'] as string
    const attempts = (target: string) => [
      app.send('patch', `/model/${target}/update`, { model_info: { team_id: 'a' } }, 'sk-a'),
      app.post('/model/update', { model_info: { id: target, team_id: 'a' } }, 'sk-a'),
      app.post('/model/delete', { id: target }, 'sk-a'),
    ]
    const theirs = await Promise.all(attempts(id))
    const nobodys = await Promise.all(attempts('gone'))
    expect(theirs.map(({ status, text }) => [status, text.replace(id, 'gone')])).toEqual(
      nobodys.map(({ status, text }) => [status, text]),
    )
    expect(await listed(app, 'sk-b')).toHaveLength(1)
  })

  it('a row is renamed by its public name, which is how its members call it', async () => {
    const { app, adapter, ids } = await twoTeams()
    const before = await keptName(adapter, ids['a']!)
    const { body } = await app.send('patch', `/model/${ids['a']}/update`, { model_name: 'new' }, 'sk-a')
    expect([body.model_name, await keptName(adapter, ids['a']!)]).toEqual(['new', before])
    expect(body.model_info.team_public_model_name).toBe('new')
    expect(await namesOf(app, 'sk-member')).toEqual(['new'])
    expect(await namesOf(app, 'sk-b')).toEqual(['ours'])
  })

  it.each(['sk-a', masterKey])('D5 a row as %s sees it comes back whole and changes nothing', async (key) => {
    const { app, ids } = await twoTeams()
    const before = await app.get('/model/info')
    const [row] = await listed(app, key)
    const { status } = await app.send('patch', `/model/${ids['a']}/update`, row, key)
    expect([status, (await app.get('/model/info')).text]).toEqual([200, before.text])
  })
})

describe('what an administrator is shown of a model of a team', () => {
  it('F3 is its public name, in lists, by id and in answers of writes', async () => {
    const app = await makeApp({ auth })
    const model = { model_name: 'ours', litellm_params: {}, model_info: { id: 'one', team_id: 'a' } }
    const answers = [
      await app.post('/model/new', model),
      await app.get('/model/info'),
      await app.get('/model/info?litellm_model_id=one'),
      await app.get('/v2/model/info'),
      await app.get('/v2/model/info?modelId=one'),
      await app.get('/v1/models?team_id=a'),
      await app.post('/model/update', { model_info: { id: 'one' }, litellm_params: { rpm: 5 } }),
      await app.send('patch', '/model/one/update', { litellm_params: { rpm: 6 } }),
      await app.post('/model/block', { model_id: 'one' }),
      await app.post('/access_group/new', { access_group: 'g', model_names: ['ours'] }),
      await app.get('/access_group/list'),
    ]
    for (const [at, { text }] of answers.entries())
      expect([at, text.includes('ours'), text.includes('model_name_a_')]).toEqual([at, true, false])
    for (const path of ['/v1/models', '/model_group/info'])
      expect((await app.get(path)).body.data).toEqual([])
    expect((await app.get('/model_management/status')).text).not.toContain('model_name_a_')
    expect((await app.get('/v2/model/info?search=model_name_a_')).body.total_count).toBe(1)
  })
})

describe('a model that comes to a team', () => {
  it.each([
    ['its name', {}, 'm'],
    ['the name it is given', { model_name: 'given' }, 'given'],
    ['the public name it is given', { model_info: { team_public_model_name: 'public' } }, 'public'],
  ])('by an update of an administrator is called by %s there', async (_what, patch, name) => {
    const { adapter } = await holding({ one: {} })
    const app = await makeApp({ adapter, auth })
    const { model_info: info } = patch as { readonly model_info?: object }
    const moved = { ...patch, model_info: { ...info, team_id: 'a' } }
    const { body } = await app.send('patch', '/model/one/update', moved)
    expect([body.model_name, body.model_info.team_public_model_name]).toEqual([name, name])
    expect(await keptName(adapter, 'one')).toEqual(internal('a'))
    expect([await namesOf(app, 'sk-a'), await namesOf(app, 'sk-b')]).toEqual([[name], []])
  })

  it('from another team leaves that one, and gets an internal name of the new one', async () => {
    const adapter = memoryAdapter()
    const app = await makeApp({ adapter, auth })
    const model = { model_name: 'ours', litellm_params: {}, model_info: { id: 'one', team_id: 'a' } }
    await app.post('/model/new', model)
    const { body } = await app.send('patch', '/model/one/update', { model_info: { team_id: 'b' } })
    expect([body.model_name, await keptName(adapter, 'one')]).toEqual(['ours', internal('b')])
    expect([await namesOf(app, 'sk-a'), await namesOf(app, 'sk-b')]).toEqual([[], ['ours']])
  })

  it.each([
    ['an empty public name', { team_public_model_name: '' }, 'ours'],
    ['a public name of its own', { team_public_model_name: 'public' }, 'public'],
  ])('at creation, with %s', async (_what, info, name) => {
    const app = await makeApp({ auth })
    await app.post('/model/new', {
      model_name: 'ours',
      litellm_params: {},
      model_info: { team_id: 'a', ...info },
    })
    expect(await namesOf(app, 'sk-a')).toEqual([name])
  })
})
