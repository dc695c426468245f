import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { temporaryFolder } from '../support/temporary'
import { updateRoutes } from '../support/update-routes'

const files = configFiles()
const folder = temporaryFolder()
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
const sent = { created_by: 'team-blue', updated_at: '2020-01-01T00:00:00Z' }

const adapters: readonly [string, () => ModelAdapter][] = [
  ['memory', () => memoryAdapter()],
  ['SQLite', () => sqliteAdapter({ file: join(folder, `${randomUUID()}.db`) })],
  ['a YAML file', () => yamlFileAdapter({ file: join(folder, `${randomUUID()}.yaml`) })],
]

const infoOf = async ({ get }: TestApp, id = 'one'): Promise<Record<string, unknown>> =>
  (await get(`/model/info?litellm_model_id=${id}`)).body.data[0].model_info

describe.each(adapters)('audit fields that a client sends in model_info, over %s', (_name, makeAdapter) => {
  it('come back as they were sent; the others and the row say who did it', async () => {
    const app = await makeApp({ adapter: makeAdapter() })
    const { body } = await app.post('/model/new', {
      model_name: 'm',
      litellm_params: { model: 'x' },
      model_info: { id: 'one', ...sent },
    })
    const info = {
      id: 'one',
      db_model: true,
      ...sent,
      blocked: false,
      created_at: timestamp,
      updated_by: 'default_user_id',
    }
    expect(body).toEqual({
      model_id: 'one',
      model_name: 'm',
      litellm_params: { model: 'x' },
      model_info: info,
      blocked: false,
      created_at: timestamp,
      created_by: 'default_user_id',
      updated_at: timestamp,
      updated_by: 'default_user_id',
    })
    expect(await infoOf(app)).toMatchObject(info)
  })

  it('stay until they are cleared', async () => {
    const app = await makeApp({ adapter: makeAdapter() })
    const patch = (info: object): Promise<{ body: Record<string, object> }> =>
      app.send('patch', '/model/one/update', { model_info: info }).then((answer) => answer)
    await app.post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id: 'one', ...sent } })
    expect((await patch({ note: 1 })).body['model_info']).toMatchObject({ ...sent, note: 1 })
    const { body } = await patch({ created_by: null, updated_at: null })
    expect(body['model_info']).toEqual({
      id: 'one',
      db_model: true,
      note: 1,
      blocked: false,
      created_at: body['created_at'],
      created_by: 'default_user_id',
      updated_at: body['updated_at'],
      updated_by: 'default_user_id',
    })
  })
})

describe.each(updateRoutes)('%s', (_route, update) => {
  it('does not store the audit fields of a row that comes back, be it read before another change', async () => {
    const app = await makeApp()
    await app.post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id: 'one' } })
    const read = await infoOf(app)
    await update(app, 'one', { litellm_params: { rpm: 1 } })
    for (const note of ['a', 'b']) {
      const { body } = await update(app, 'one', { model_info: { ...read, note } })
      expect(body.model_info).toEqual({
        id: 'one',
        db_model: true,
        note,
        blocked: false,
        created_at: body.created_at,
        created_by: 'default_user_id',
        updated_at: body.updated_at,
        updated_by: 'default_user_id',
      })
    }
    const { body } = await update(app, 'one', {
      model_info: { ...(await infoOf(app)), created_by: 'team-blue' },
    })
    expect([body.model_info.created_by, body.model_info.updated_at]).toEqual(['team-blue', body.updated_at])
  })
})

it('audit fields of a row of the config file are shown, and those of the body beside model_info are not', async () => {
  const row = {
    model_name: 'm',
    litellm_params: { model: 'x' },
    model_info: { id: 'one', created_by: 'ops' },
  }
  const app = await makeApp({ config: files.write({ model_list: [row] }) })
  const { id, db_model: isStored, created_by: creator, updated_by: changer } = await infoOf(app)
  expect([id, isStored, creator, changer]).toEqual(['one', false, 'ops', undefined])
})

it('an address that is sent as an audit field is told to administrators only', async () => {
  const keys = [{ key: 'sk-user', userId: 'u', role: 'internal_user' as const, models: ['m'] }]
  const app = await makeApp({ auth: { masterKey: 'sk-master-0123456789', keys } })
  await app.post('/model/new', {
    model_name: 'm',
    litellm_params: { model: 'x' },
    model_info: { id: 'one', created_by: 'http://10.0.0.1:8080/v1' },
  })
  const { body } = await app.get('/model/info', 'sk-user')
  expect([body.data[0].model_info.created_by, body.data[0].model_info.updated_by]).toEqual([
    undefined,
    'default_user_id',
  ])
  expect(await infoOf(app)).toMatchObject({ created_by: 'http://10.0.0.1:8080/v1' })
})
