import { makeApp } from '../support/app'
import { canary } from '../support/canary'
import { configWith } from '../support/config'
import { appOver, holding } from '../support/held'
import { updateRoutes } from '../support/update-routes'

const config = configWith('file-1')
const secret = canary(1)

describe.each(updateRoutes)('%s', (_route, update) => {
  it('D5 answers the row as it was, and writes nothing, when nothing was changed', async () => {
    const app = await appOver({
      litellm_params: { model: 'gpt-4', api_key: secret, input_cost_per_token: 7 },
    })
    const before = await app.model()
    const read = await app.get('/model/info?litellm_model_id=one')
    const written = await update(app, 'one', read.body.data[0])
    expect([written.status, written.headers['etag']]).toEqual([200, read.headers['etag']])
    expect(written.body.updated_at).toBe(before?.updatedAt)
    expect(await app.model()).toEqual(before)
  })

  it('stamps the change, and keeps by whom and when the row was made', async () => {
    const app = await appOver({})
    const before = await app.model()
    const { body, headers } = await update(app, 'one', { litellm_params: { rpm: 1 } })
    const after = await app.model()
    const updatedAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(headers['etag']).toBe(`"${after?.revision}"`)
    expect(after).toEqual({
      ...before,
      deployment: { model_name: 'm', litellm_params: { model: 'x', rpm: 1 }, model_info: {} },
      updatedAt,
      updatedBy: 'default_user_id',
      revision: expect.not.stringMatching(`^${before?.revision}$`),
    })
    const audit = {
      created_at: before?.createdAt,
      created_by: 'ann',
      updated_at: updatedAt,
      updated_by: 'default_user_id',
    }
    expect(body).toEqual({
      model_id: 'one',
      model_name: 'm',
      litellm_params: { model: 'x', rpm: 1 },
      model_info: { id: 'one', db_model: true, blocked: false, ...audit },
      blocked: false,
      ...audit,
    })
  })

  it.each([
    ['the top level', { blocked: true }],
    ['model_info', { model_info: { blocked: true } }],
    ['model_info of a whole record', { blocked: false, model_info: { blocked: true } }],
    ['the top level of a whole record', { blocked: true, model_info: { blocked: false } }],
  ])('blocks a model by %s, and stores no key for it', async (_where, patch) => {
    const app = await appOver({})
    const { status, body } = await update(app, 'one', patch)
    expect([status, body.blocked, body.model_info.blocked]).toEqual([200, true, true])
    expect(await app.model()).toMatchObject({ blocked: true, deployment: { model_info: {} } })
    expect(app.router.registry.resolution('m').outcome).toBe('blocked')
  })

  it('leaves the creation of a row unknown, where another hand wrote it without saying when', async () => {
    const held = await holding({ one: {} }, { createdAt: '', createdBy: null })
    const { body } = await update(await makeApp({ adapter: held.adapter }), 'one', {
      litellm_params: { rpm: 1 },
    })
    expect([body.created_at, body.created_by]).toEqual([null, null])
    expect(await held.model()).toMatchObject({ createdAt: '', createdBy: null })
  })

  it('the model is called by its new name at once, and not by the old one', async () => {
    const app = await appOver({})
    await update(app, 'one', { model_name: 'renamed' })
    const { registry } = app.router
    expect([registry.resolve('renamed').length, registry.resolve('m').length]).toEqual([1, 0])
  })

  it.each([
    ['with slashes', 'a/b//c'],
    ['in other letters', 'ü ☃ 𝄞'],
    ['that looks encoded', '%2F'],
    ['as long as an id may be', 'x'.repeat(256)],
    ['that is a number', '5'],
    ['with the marks of a URL', 'a?b#c&d=e'],
    ['that names a property of every object', '__proto__'],
  ])('finds an id %s', async (_what, id) => {
    const held = await holding(Object.fromEntries([[id, {}]]))
    const app = await makeApp({ adapter: held.adapter })
    const { status, body } = await update(app, id, { litellm_params: { rpm: 1 } })
    expect([status, body.model_id]).toEqual([200, id])
  })

  it.each<[string, object, object]>([
    [
      'a mask that stands for nothing',
      { litellm_params: { aws_session_token: '********' } },
      {
        error: {
          message:
            'litellm_params.aws_session_token is a mask, as readers are shown it in place of a secret. Send the secret itself or leave the key out.',
          type: 'validation_error',
          param: 'litellm_params.aws_session_token',
          code: '400',
        },
      },
    ],
    [
      'a price that does not fit the place where it is kept',
      { model_info: { input_cost_per_token: 'much' } },
      {
        detail: [
          {
            type: 'float_parsing',
            loc: ['body', 'litellm_params', 'input_cost_per_token'],
            msg: 'Input should be a valid number, unable to parse string as a number',
          },
        ],
      },
    ],
    [
      'a field of a wrong type',
      { litellm_params: { rpm: 'abc' }, model_info: { access_groups: 'one' } },
      {
        detail: [
          {
            type: 'int_parsing',
            loc: ['body', 'litellm_params', 'rpm'],
            msg: 'Input should be a valid integer, unable to parse string as an integer',
          },
          {
            type: 'list_type',
            loc: ['body', 'model_info', 'access_groups'],
            msg: 'Input should be a valid list',
          },
        ],
      },
    ],
  ])('refuses %s and changes nothing', async (_what, patch, answer) => {
    const app = await appOver({ litellm_params: { model: 'x', input_cost_per_token: 2 } })
    const before = await app.model()
    const { status, body } = await update(app, 'one', patch)
    expect([status, body]).toEqual([
      Array.isArray((answer as { detail?: unknown }).detail) ? 422 : 400,
      answer,
    ])
    expect(await app.model()).toEqual(before)
  })
})

describe('the id of POST /model/update', () => {
  it.each<[string, object]>([
    ['model_info.id', { model_info: { id: '5' } }],
    ['a number as model_info.id', { model_info: { id: 5 } }],
    ['a top-level id', { id: '5' }],
    ['a number as top-level id', { id: 5 }],
    ['model_info.id before a top-level id', { id: 'gone', model_info: { id: '5' } }],
    ['a top-level id beside an empty model_info.id', { id: '5', model_info: { id: '' } }],
  ])('is %s', async (_where, patch) => {
    const held = await holding({ 5: {} })
    const { post } = await makeApp({ adapter: held.adapter })
    const { status, body } = await post('/model/update', { ...patch, litellm_params: { rpm: 1 } })
    expect([status, body.model_id]).toEqual([200, '5'])
    expect(await held.deployment('5')).toEqual({
      model_name: 'm',
      litellm_params: { model: 'x', rpm: 1 },
      model_info: {},
    })
  })

  it('is the one of the path for PATCH, whatever the body says', async () => {
    const held = await holding({ one: {}, two: {} })
    const { send } = await makeApp({ adapter: held.adapter })
    const patch = { id: 'two', model_info: { id: 'two' }, litellm_params: { rpm: 1 } }
    const { body } = await send('patch', '/model/one/update', patch)
    expect([body.model_id, body.model_info.id]).toEqual(['one', 'one'])
    expect(await held.deployment('two')).toMatchObject({ litellm_params: { model: 'x' } })
  })
})

const missing = (status: number, message: string, type = 'not_found_error'): object => ({
  error: { message, type, param: null, code: String(status) },
})

describe('an update of what cannot be updated', () => {
  it('is told in LiteLLM’s words by each route', async () => {
    const { post, send } = await makeApp()
    const byPost = await post('/model/update', { model_info: { id: 'gone' }, litellm_params: {} })
    expect([byPost.status, byPost.body]).toEqual([400, missing(400, 'Model with id=gone: model not found')])
    const byPatch = await send('patch', '/model/gone/update', {})
    expect([byPatch.status, byPatch.body]).toEqual([404, missing(404, 'Model gone not found on proxy.')])
  })

  it('without any id is 400 with the words by which clients create instead', async () => {
    const { post } = await makeApp()
    const { status, body } = await post('/model/update', { litellm_params: { rpm: 1 }, model_info: {} })
    expect([status, body]).toEqual([400, missing(400, 'model not found: send its id')])
  })

  it('a model of the config file is left to the file', async () => {
    const { post, send, get } = await makeApp({ config })
    const byPost = await post('/model/update', { model_info: { id: 'file-1' }, litellm_params: {} })
    const text = "Can't edit model. Model in config. Store model in db via `/model/new`. to edit."
    expect([byPost.status, byPost.body]).toEqual([400, missing(400, text, 'validation_error')])
    const byPatch = await send('patch', '/model/file-1/update', { blocked: true })
    const words = 'Cannot edit config-based model. Store model in DB via /model/new first.'
    expect([byPatch.status, byPatch.body]).toEqual([400, missing(400, words, 'validation_error')])
    expect((await get('/model/info')).body.data).toHaveLength(1)
  })

  it('a model that another instance deleted meanwhile is not there', async () => {
    const app = await appOver({})
    const twin = { ...app.adapter }
    await twin.delete('one')
    expect((await app.send('patch', '/model/one/update', { blocked: true })).status).toBe(404)
  })
})
