import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp, masterKey } from '../support/app'
import { configWith } from '../support/config'
import { draft } from '../support/draft'
import { appOver } from '../support/held'

const config = configWith('file-1')

const refused = (id: string, why = ''): object => ({
  error: {
    message: `Model with id=${id} not found in db${why}`,
    type: why === '' ? 'not_found_error' : 'validation_error',
    param: null,
    code: '400',
  },
})

describe('POST /model/delete', () => {
  it('answers with LiteLLM’s sentence, and the model is gone everywhere at once', async () => {
    const app = await appOver({})
    const { status, body, headers } = await app.post('/model/delete', { id: 'one' })
    expect([status, body]).toEqual([200, { message: 'Model: one deleted successfully' }])
    expect(headers['etag']).toBeUndefined()
    expect(await app.model()).toBeUndefined()
    expect((await app.get('/model/info')).body).toEqual({ data: [] })
    expect(app.router.registry.resolution('m').outcome).toBe('unknown')
  })

  it('a second time is 400 with the words "not found", which clients take for success', async () => {
    const app = await appOver({})
    await app.post('/model/delete', { id: 'one' })
    const { status, body } = await app.post('/model/delete', { id: 'one' })
    expect([status, body]).toEqual([400, refused('one')])
  })

  it('leaves a model of the config file to the file', async () => {
    const { get, post } = await makeApp({ config })
    const { status, body } = await post('/model/delete', { id: 'file-1' })
    expect([status, body]).toEqual([400, refused('file-1', ': it is in the config file, remove it there.')])
    expect((await get('/model/info')).body.data).toHaveLength(1)
  })

  it.each<[string, unknown, object]>([
    ['without an id', {}, { type: 'missing', loc: ['body', 'id'], msg: 'Field required' }],
    [
      'with a number',
      { id: 5 },
      { type: 'string_type', loc: ['body', 'id'], msg: 'Input should be a valid string' },
    ],
    [
      'with an empty id',
      { id: '' },
      { type: 'string_too_short', loc: ['body', 'id'], msg: 'String should have at least 1 character' },
    ],
  ])('%s is 422', async (_what, body, problem) => {
    const { post } = await makeApp()
    const answer = await post('/model/delete', body)
    expect([answer.status, answer.body]).toEqual([422, { detail: [problem] }])
  })

  it('deletes only the deployment with the id, not the others of its name', async () => {
    const { get, post } = await makeApp()
    for (const id of ['a', 'b'])
      await post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id } })
    await post('/model/delete', { id: 'a' })
    const { body } = await get('/model/info')
    expect(body.data.map((row: { model_info: { id: string } }) => row.model_info.id)).toEqual(['b'])
  })

  it('M3 takes If-Match', async () => {
    const app = await appOver({})
    const stale = await app.post('/model/delete', { id: 'one' }).set('If-Match', '"of before"')
    expect([stale.status, stale.body.error.type]).toEqual([412, 'precondition_failed'])
    const { headers } = await app.get('/model/info?litellm_model_id=one')
    const fresh = await app.post('/model/delete', { id: 'one' }).set('If-Match', headers['etag'] as string)
    expect(fresh.status).toBe(200)
  })

  it('the id is free again', async () => {
    const app = await appOver({})
    await app.post('/model/delete', { id: 'one' })
    const again = { model_name: 'again', litellm_params: {}, model_info: { id: 'one' } }
    expect((await app.post('/model/new', again)).status).toBe(200)
  })

  it('I5 an administrator gets rid of a row that cannot be served, also of one that came a moment ago', async () => {
    const adapter = memoryAdapter()
    const { post, router } = await makeApp({
      adapter: { ...adapter, watch: () => Promise.reject(new Error()) },
    })
    await adapter.create({ ...draft('odd'), deployment: { broken: true } as never })
    expect((await post('/model/delete', { id: 'odd' })).body).toEqual({
      message: 'Model: odd deleted successfully',
    })
    expect(await adapter.get('odd')).toBeUndefined()
    expect(router.registry.status().set_aside).toEqual([])
  })

  describe('of a row that cannot be served', () => {
    const teams = [{ id: 'a', admin: true }]
    const keys = [{ key: 'sk-team', userId: 'u', role: 'internal_user' as const, teams }]

    async function oddApp(change: Partial<ModelAdapter> = {}) {
      const adapter = memoryAdapter()
      for (const id of ['odd', 'other'])
        await adapter.create({ ...draft(id), deployment: { broken: true } as never })
      return {
        adapter,
        ...(await makeApp({ adapter: { ...adapter, ...change }, auth: { masterKey, keys } })),
      }
    }

    it('takes that one, and leaves others like it', async () => {
      const { adapter, post, router } = await oddApp()
      expect((await post('/model/delete', { id: 'odd' })).status).toBe(200)
      expect((await adapter.list()).map(({ id }) => id)).toEqual(['other'])
      expect(router.registry.status().set_aside).toMatchObject([{ id: 'other' }])
      expect((await post('/model/delete', { id: 'gone' })).body).toEqual(refused('gone'))
    })

    it('is not for administrators of a team, who cannot know whose it is', async () => {
      const { adapter, post } = await oddApp()
      const { status, body } = await post('/model/delete', { id: 'odd' }, 'sk-team')
      expect([status, body]).toEqual([400, refused('odd')])
      expect(await adapter.list()).toHaveLength(2)
    })

    it('is not done by a revision, which nobody was shown', async () => {
      const { adapter, post } = await oddApp()
      const { status } = await post('/model/delete', { id: 'odd' }).set('If-Match', '"1"')
      expect([status, (await adapter.list()).length]).toEqual([412, 2])
    })

    it('waits until storage can tell whether it still is one', async () => {
      const { adapter, post } = await oddApp({ get: () => Promise.reject(new Error('down')) })
      const { status, body } = await post('/model/delete', { id: 'odd' })
      expect([status, body.error.message]).toEqual([503, 'The model store cannot be reached.'])
      expect(await adapter.list()).toHaveLength(2)
    })
  })
})
