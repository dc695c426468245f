import type { ModelAdapter } from '../../lib/adapters/adapter'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles, configWith } from '../support/config'
import { holding } from '../support/held'
import type { Held } from '../support/held'
import { slowed, statusesOf } from '../support/slow'

const config = configWith('file-1', '')
const files = configFiles()
const detail = (error: string): object => ({ detail: { error } })

/** Stored models a, b and b2, the last two of one name, and one of the config file. */
async function gateway(): Promise<TestApp & Held> {
  const held = await holding({ a: { model_name: 'a' }, b: { model_name: 'b' }, b2: { model_name: 'b' } })
  return { ...(await makeApp({ adapter: slowed(held.adapter), config })), ...held }
}

async function membersOf({ get }: TestApp, group: string): Promise<readonly string[]> {
  const { body } = await get(`/v2/model/info?access_group=${encodeURIComponent(group)}`)
  return body.data.map((row: { model_info: { id: string } }) => row.model_info.id)
}

describe('POST /access_group/new', () => {
  it.each<[string, object, object]>([
    [
      'names, every deployment of which is tagged',
      { model_names: ['b'] },
      { model_names: ['b'], model_ids: ['b', 'b2'], models_updated: 2 },
    ],
    [
      'ids, one deployment each',
      { model_ids: ['b2', 'a'] },
      { model_names: ['a', 'b'], model_ids: ['a', 'b2'], models_updated: 2 },
    ],
    [
      'ids before names',
      { model_names: ['b'], model_ids: ['a'] },
      { model_names: ['a'], model_ids: ['a'], models_updated: 1 },
    ],
    [
      'names where there are no ids',
      { model_names: ['a', 'a'], model_ids: [] },
      { model_names: ['a'], model_ids: ['a'], models_updated: 1 },
    ],
  ])('takes %s', async (_what, members, answer) => {
    const app = await gateway()
    const { status, body } = await app.post('/access_group/new', { access_group: 'g', ...members })
    expect([status, body]).toEqual([200, { access_group: 'g', ...answer }])
    expect(await membersOf(app, 'g')).toEqual((answer as { model_ids: string[] }).model_ids)
  })

  it.each<[string, object, number, string]>([
    [
      'an empty name',
      { access_group: ' ', model_ids: ['a'] },
      400,
      'access_group is required and cannot be empty',
    ],
    ['nobody', { access_group: 'g' }, 400, 'Either model_names or model_ids must be provided and non-empty'],
    [
      'no members',
      { access_group: 'g', model_names: [], model_ids: null },
      400,
      'Either model_names or model_ids must be provided and non-empty',
    ],
    [
      'members that are not there, and those of the config file',
      { access_group: 'g', model_names: ['a', 'gone', 'm'] },
      400,
      'Model(s) not found: gone. Model(s) of the config file: m. Set model_info.access_groups in the file instead',
    ],
    [
      'a model of the config file by its id',
      { access_group: 'g', model_ids: ['file-1', 'file-1'] },
      400,
      'Model(s) of the config file: file-1. Set model_info.access_groups in the file instead',
    ],
    [
      'a group that is there',
      { access_group: 'old', model_ids: ['a'] },
      409,
      "Access group 'old' already exists. Use PUT /access_group/old/update to modify it.",
    ],
  ])('refuses %s and changes nothing', async (_what, sent, status, error) => {
    const app = await gateway()
    await app.post('/access_group/new', { access_group: 'old', model_ids: ['b'] })
    const before = await app.adapter.list()
    const answer = await app.post('/access_group/new', sent)
    expect([answer.status, answer.body]).toEqual([status, detail(error)])
    expect(await app.adapter.list()).toEqual(before)
  })

  it('without a name is 422', async () => {
    const { post } = await gateway()
    const { status, body } = await post('/access_group/new', { model_ids: ['a'] })
    const problem = { type: 'missing', loc: ['body', 'access_group'], msg: 'Field required' }
    expect([status, body]).toEqual([422, { detail: [problem] }])
  })
})

describe('an access group', () => {
  it('of the config file is shown with its models, and changed in the file only', async () => {
    const grouped = { model_name: 'm', litellm_params: { model: 'x' }, model_info: { access_groups: ['z'] } }
    const held = await holding({ a: { model_name: 'a' } })
    const app = await makeApp({ adapter: held.adapter, config: files.write({ model_list: [grouped] }) })
    const z = { access_group: 'z', model_names: ['m'], deployment_count: 1 }
    expect((await app.get('/access_group/list')).body).toEqual({ access_groups: [z] })
    expect((await app.get('/access_group/z/info')).body).toEqual(z)
    const create = await app.post('/access_group/new', { access_group: 'z', model_ids: ['a'] })
    expect(create.status).toBe(409)
    const gone = await app.send('delete', '/access_group/z/delete')
    const error = "Access group 'z' has members in the config file only. Remove it from model_info there."
    expect([gone.status, gone.body]).toEqual([400, detail(error)])
    const { body } = await app.send('put', '/access_group/z/update', { model_ids: ['a'] })
    expect(body).toEqual({ access_group: 'z', model_names: ['a'], model_ids: ['a'], models_updated: 1 })
    const both = { access_group: 'z', model_names: ['a', 'm'], deployment_count: 2 }
    expect((await app.get('/access_group/z/info')).body).toEqual(both)
    expect((await app.send('delete', '/access_group/z/delete')).body.models_updated).toBe(1)
    expect((await app.get('/access_group/list')).body).toEqual({ access_groups: [z] })
  })

  it('tells names in their order, whatever order the models were made in', async () => {
    const held = await holding({
      '1': { model_name: 'b' },
      '2': { model_name: 'c' },
      '3': { model_name: 'a' },
    })
    const app = await makeApp({ adapter: held.adapter })
    const made = await app.post('/access_group/new', { access_group: 'g', model_names: ['c', 'b', 'a'] })
    expect(made.body.model_names).toEqual(['a', 'b', 'c'])
    expect((await app.get('/access_group/g/info')).body.model_names).toEqual(['a', 'b', 'c'])
  })

  it('is listed, told and deleted; without members there is none', async () => {
    const app = await gateway()
    const { get, post, send } = app
    expect((await get('/access_group/list')).body).toEqual({ access_groups: [] })
    await post('/access_group/new', { access_group: 'z', model_ids: ['a'] })
    await post('/access_group/new', { access_group: 'all/of it', model_names: ['a', 'b'] })
    const z = { access_group: 'z', model_names: ['a'], deployment_count: 1 }
    const all = { access_group: 'all/of it', model_names: ['a', 'b'], deployment_count: 3 }
    expect((await get('/access_group/list')).body).toEqual({ access_groups: [all, z] })
    expect((await get('/access_group/all%2Fof%20it/info')).body).toEqual(all)
    const gone = await send('delete', '/access_group/all%2Fof%20it/delete')
    expect([gone.status, gone.body]).toEqual([
      200,
      {
        access_group: 'all/of it',
        models_updated: 3,
        message: "Access group 'all/of it' deleted successfully",
      },
    ])
    expect((await get('/access_group/list')).body).toEqual({ access_groups: [z] })
    expect((await app.deployment('b'))?.model_info).toEqual({})
    expect((await app.deployment('a'))?.model_info).toEqual({ access_groups: ['z'] })
  })

  it('is replaced by an update, and other groups of the members stay', async () => {
    const app = await gateway()
    await app.post('/access_group/new', { access_group: 'other', model_ids: ['a', 'b'] })
    await app.post('/access_group/new', { access_group: 'g', model_ids: ['a'] })
    const { status, body } = await app.send('put', '/access_group/g/update', { model_ids: ['b'] })
    expect([status, body]).toEqual([
      200,
      { access_group: 'g', model_names: ['b'], model_ids: ['b'], models_updated: 1 },
    ])
    expect((await app.deployment('a'))?.model_info).toEqual({ access_groups: ['other'] })
    expect((await app.deployment('b'))?.model_info).toEqual({ access_groups: ['other', 'g'] })
  })

  it.each<[string, (app: TestApp) => ReturnType<TestApp['get']>]>([
    ['info', ({ get }) => get('/access_group/gone/info')],
    ['update', ({ send }) => send('put', '/access_group/gone/update', { model_ids: ['a'] })],
    ['delete', ({ send }) => send('delete', '/access_group/gone/delete')],
  ])('that is not there is 404 for %s', async (_what, ask) => {
    const { status, body } = await ask(await gateway())
    expect([status, body]).toEqual([404, detail("Access group 'gone' not found")])
  })

  it('is what a PATCH of access_groups makes as well', async () => {
    const app = await gateway()
    await app.send('patch', '/model/a/update', { model_info: { access_groups: ['g', 'h'] } })
    await app.send('patch', '/model/a/update', { model_info: { access_groups: null, note: 1 } })
    expect((await app.get('/access_group/list')).body).toEqual({ access_groups: [] })
    expect((await app.deployment('a'))?.model_info).toEqual({ note: 1 })
  })

  it('is read by read-only administrators, and by nobody else', async () => {
    const keys = [
      { key: 'sk-viewer', userId: 'v', role: 'proxy_admin_viewer' as const },
      { key: 'sk-user', userId: 'u', role: 'internal_user' as const },
    ]
    const { get } = await makeApp({ auth: { masterKey, keys } })
    expect((await get('/access_group/list', 'sk-viewer')).status).toBe(200)
    const { status, body } = await get('/access_group/list', 'sk-user')
    expect([status, body]).toEqual([
      403,
      detail('Access denied. Admin role required. Current role: internal_user'),
    ])
  })
})

describe('members that are not as they were', () => {
  /** Over storage that gives no hint of a change, with the models a and b of one name. */
  async function quiet(change: Partial<ModelAdapter> = {}): Promise<TestApp & Held> {
    const held = await holding({ a: {}, b: {} })
    const { watch: _, ...adapter } = held.adapter
    return { ...(await makeApp({ adapter: { ...adapter, ...change } })), ...held }
  }

  it('who is a member already is not written again, and counted', async () => {
    const app = await quiet()
    await app.post('/access_group/new', { access_group: 'g', model_ids: ['a'] })
    const before = await app.model('a')
    const { body } = await app.send('put', '/access_group/g/update', { model_names: ['m'] })
    expect(body).toEqual({
      access_group: 'g',
      model_names: ['m'],
      model_ids: ['a', 'b'],
      models_updated: 2,
    })
    expect(await app.model('a')).toEqual(before)
  })

  it('who went meanwhile is not counted, and does not keep the others from it', async () => {
    const app = await quiet()
    await app.adapter.delete('a')
    const { status, body } = await app.post('/access_group/new', { access_group: 'g', model_names: ['m'] })
    expect([status, body.models_updated]).toEqual([200, 1])
    expect((await app.get('/access_group/g/info')).body).toEqual({
      access_group: 'g',
      model_names: ['m'],
      deployment_count: 1,
    })
  })

  it('an outage on the way is told, not taken for one that went', async () => {
    const app = await quiet({ update: () => Promise.reject(new Error('down')) })
    const { status, body } = await app.post('/access_group/new', { access_group: 'g', model_names: ['m'] })
    const message = 'The model store did not take the change.'
    expect([status, body]).toEqual([
      503,
      { error: { message, type: 'service_unavailable', param: null, code: '503' } },
    ])
  })
})

describe('groups that are changed at once', () => {
  it('two updates: the members are those of one of them, not of both', async () => {
    const app = await gateway()
    await app.post('/access_group/new', { access_group: 'g', model_ids: ['b2'] })
    const update = (id: string) => app.send('put', '/access_group/g/update', { model_ids: [id] })
    const answers = await Promise.all([update('a'), update('b')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(['a', 'b']).toContain((await membersOf(app, 'g')).join())
  })

  it('two creates: one is 409', async () => {
    const app = await gateway()
    const create = (id: string) => app.post('/access_group/new', { access_group: 'g', model_ids: [id] })
    const answers = await Promise.all([create('a'), create('b')])
    expect(statusesOf(answers)).toEqual([200, 409])
    expect(await membersOf(app, 'g')).toHaveLength(1)
  })

  it('M2 many groups over the same models, and a patch of one: all survive', async () => {
    const app = await gateway()
    const groups = Array.from({ length: 10 }, (_, at) => `g${at}`)
    await Promise.all([
      ...groups.map((group) => app.post('/access_group/new', { access_group: group, model_ids: ['a', 'b'] })),
      app.send('patch', '/model/a/update', { model_info: { note: 1 } }),
    ])
    const { body } = await app.get('/access_group/list')
    const whole = (group: string): object => ({
      access_group: group,
      model_names: ['a', 'b'],
      deployment_count: 2,
    })
    expect(body).toEqual({ access_groups: groups.map(whole) })
    expect((await app.deployment('a'))?.model_info).toMatchObject({ note: 1 })
  })
})
