import { masterKey } from '../support/app'
import { configWith } from '../support/config'
import { makeApp } from '../support/app'
import { appOver } from '../support/held'

const config = configWith('file-1')
const error = (status: number, message: string, type: string, param: string | null = null): object => ({
  error: { message, type, param, code: String(status) },
})

describe.each([
  ['block', true],
  ['unblock', false],
])('POST /model/%s', (word, blocked) => {
  it('answers the row, and is the same a second time', async () => {
    const app = await appOver({})
    await app.post(`/model/${blocked ? 'unblock' : 'block'}`, { model_id: 'one' })
    const first = await app.post(`/model/${word}`, { model_id: 'one' })
    const stored = await app.model()
    const audit = {
      created_at: stored?.createdAt,
      created_by: stored?.createdBy,
      updated_at: stored?.updatedAt,
      updated_by: stored?.updatedBy,
    }
    expect([first.status, first.body]).toEqual([
      200,
      {
        model_id: 'one',
        model_name: 'm',
        litellm_params: { model: 'x' },
        model_info: { id: 'one', db_model: true, blocked, ...audit },
        blocked,
        ...audit,
      },
    ])
    const second = await app.post(`/model/${word}`, { model_id: 'one' })
    expect([second.status, second.text, second.headers['etag']]).toEqual([
      200,
      first.text,
      first.headers['etag'],
    ])
    expect(await app.model()).toEqual(stored)
  })

  it.each<[string, object, number, object]>([
    [
      'an unknown id',
      { model_id: 'gone' },
      404,
      error(404, 'Model gone not found on proxy.', 'not_found_error'),
    ],
    [
      'a model of the config file',
      { model_id: 'file-1' },
      400,
      error(
        400,
        'Cannot edit config-based model. Store model in DB via /model/new first.',
        'validation_error',
      ),
    ],
    ['no id', {}, 422, { detail: [{ type: 'missing', loc: ['body', 'model_id'], msg: 'Field required' }] }],
  ])('refuses %s', async (_what, sent, status, answer) => {
    const { post } = await makeApp({ config })
    const { body, status: is } = await post(`/model/${word}`, sent)
    expect([is, body]).toEqual([status, answer])
  })

  it('is for proxy admins', async () => {
    const teams = [{ id: 'a', admin: true }]
    const keys = [{ key: 'sk-team', userId: 'u', role: 'internal_user' as const, teams }]
    const app = await appOver({ model_info: { team_id: 'a' } }, { auth: { masterKey, keys } })
    const { status, body } = await app.post(`/model/${word}`, { model_id: 'one' }, 'sk-team')
    const text = "Only proxy admins can change a model's blocked flag."
    expect([status, body]).toEqual([403, error(403, text, 'permission_error', 'blocked')])
  })

  it('M3 takes If-Match', async () => {
    const app = await appOver({})
    const { status } = await app.post(`/model/${word}`, { model_id: 'one' }).set('If-Match', '"of before"')
    expect(status).toBe(412)
  })
})

it('L1 a blocked model leaves /v1/models, stays in /model/info, and is told apart when it is called', async () => {
  const app = await appOver({})
  const names = async (): Promise<unknown> =>
    (await app.get('/v1/models')).body.data.map(({ id }: { id: string }) => id)
  await app.post('/model/block', { model_id: 'one' })
  expect(await names()).toEqual([])
  expect((await app.get('/model/info')).body.data[0].model_info.blocked).toBe(true)
  expect(app.router.registry.resolution('m')).toEqual({ outcome: 'blocked', deployments: [] })
  await app.post('/model/unblock', { model_id: 'one' })
  expect(await names()).toEqual(['m'])
  expect(app.router.registry.resolution('m').outcome).not.toBe('blocked')
})

it.each([
  ['beside model_info', { blocked: true }, true],
  ['in model_info', { model_info: { blocked: true } }, true],
  ['as text in model_info', { model_info: { blocked: 'no' } }, false],
  ['beside model_info before in it', { blocked: false, model_info: { blocked: true } }, false],
])('a model is paused from its creation on by a flag %s', async (_where, sent, blocked) => {
  const { post, get } = await makeApp()
  const { body } = await post('/model/new', { model_name: 'm', litellm_params: {}, ...sent })
  expect([body.blocked, (await get('/model/info')).body.data[0].model_info.blocked]).toEqual([
    blocked,
    blocked,
  ])
})
