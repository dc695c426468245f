import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { canary, findCanaries } from '../support/canary'
import { configWith } from '../support/config'
import { holding } from '../support/held'
import type { Held } from '../support/held'
import { updateRoutes } from '../support/update-routes'

const config = configWith('file-1')
const secret = canary(1)
const newSecret = canary(2)
const gpt4 = { litellm_params: { model: 'gpt-4' } }

/** [what, the deployment before, the patch, the deployment after] */
const patches: readonly (readonly [string, object, object, object])[] = [
  ['D1 an empty patch changes nothing', gpt4, {}, gpt4],
  [
    'D1 null removes, absent keeps',
    { litellm_params: { model: 'x', api_base: 'https://h', rpm: 5 }, model_info: { a: 1, b: 2 }, c: 3 },
    { litellm_params: { api_base: null }, model_info: { a: null }, c: null },
    { litellm_params: { model: 'x', rpm: 5 }, model_info: { b: 2 } },
  ],
  ['D1 null for what is not there is no change', gpt4, { litellm_params: { rpm: null } }, gpt4],
  [
    'D1 null for a whole part keeps it',
    { ...gpt4, model_info: { a: 1 } },
    { model_name: null, litellm_params: null, blocked: null },
    { ...gpt4, model_info: { a: 1 } },
  ],
  [
    'D1 the model itself may be removed, as it may be absent on create',
    gpt4,
    { litellm_params: { model: null } },
    { litellm_params: {} },
  ],
  [
    'D1 ownership is not given up by null or by an empty text',
    { model_info: { team_id: 'a', team_public_model_name: 'ours' } },
    { model_info: { team_id: null, team_public_model_name: '' } },
    { model_info: { team_id: 'a', team_public_model_name: 'ours' } },
  ],
  [
    'D2 keys that nobody declared survive',
    { litellm_params: { model: 'x', temperature: 0.5, extra_headers: { a: 'b' } }, extra: { deep: [1] } },
    { litellm_params: { rpm: 1 } },
    {
      litellm_params: { model: 'x', temperature: 0.5, extra_headers: { a: 'b' }, rpm: 1 },
      extra: { deep: [1] },
    },
  ],
  [
    'D3 false, 0, "" and [] are values',
    { litellm_params: { model: 'x', drop_params: true, rpm: 5 } },
    {
      litellm_params: { drop_params: false, rpm: 0, organization: '', tags: [] },
      model_info: { n: 0 },
      x: 0,
    },
    {
      litellm_params: { model: 'x', drop_params: false, rpm: 0, organization: '', tags: [] },
      model_info: { n: 0 },
      x: 0,
    },
  ],
  [
    'D4 model_info is merged too, whatever is in it',
    { model_info: { my_custom_key: 'a', access_groups: ['one'] } },
    { model_info: { my_custom_key: 'b', access_groups: ['one', 'two'], nested: { null: null } } },
    { model_info: { my_custom_key: 'b', access_groups: ['one', 'two'], nested: { null: null } } },
  ],
  ['an object is replaced whole', { extra: { a: 1, b: 2 } }, { extra: { a: 3 } }, { extra: { a: 3 } }],
  [
    'texts of numbers and booleans are read as the field means them',
    {},
    { litellm_params: { rpm: '6', use_litellm_proxy: 'yes' }, rpm: '7' },
    { litellm_params: { model: 'x', rpm: 6, use_litellm_proxy: true }, rpm: 7 },
  ],
  ['D9 a new name', {}, { model_name: 'renamed' }, { model_name: 'renamed' }],
  [
    'D9 a new name of a team’s model is its public one',
    { model_name: 'internal', model_info: { team_id: 'a', team_public_model_name: 'ours' } },
    { model_name: 'renamed' },
    { model_name: 'internal', model_info: { team_id: 'a', team_public_model_name: 'renamed' } },
  ],
  [
    'the core’s own keys are not stored, nor LiteLLM’s reserved ones',
    {},
    {
      litellm_params: { self: 1, params: 2, __class__: 3 },
      model_info: { db_model: false, created_by: 'me', direct_access: true, access_via_team_ids: ['a'] },
      model_id: 'z',
      created_at: 'never',
    },
    {},
  ],
  [
    'B8 a mask keeps the secret it stands for, at any depth',
    {
      litellm_params: {
        model: 'x',
        api_key: secret,
        aws_session_token: secret,
        extra_headers: { Authorization: `Bearer ${secret}`, 'X-Team': 'a' },
        list: [{ name: 'n', api_key: secret }],
      },
      model_info: { password: secret },
      extra: { api_key: secret },
    },
    {
      litellm_params: {
        api_key: '********',
        aws_session_token: '********',
        extra_headers: { Authorization: '********', 'X-Team': '********', 'X-New': 'n' },
        list: [{ name: 'n', api_key: '********', more: 1 }],
      },
      model_info: { password: '********' },
      extra: { api_key: '********' },
    },
    {
      litellm_params: {
        model: 'x',
        api_key: secret,
        aws_session_token: secret,
        extra_headers: { Authorization: `Bearer ${secret}`, 'X-Team': 'a', 'X-New': 'n' },
        list: [{ name: 'n', api_key: secret, more: 1 }],
      },
      model_info: { password: secret },
      extra: { api_key: secret },
    },
  ],
  [
    'B8 a mask as LiteLLM writes it keeps the secret as well',
    { litellm_params: { model: 'x', aws_session_token: secret } },
    { litellm_params: { aws_session_token: `${secret.slice(0, 4)}****************${secret.slice(-4)}` } },
    { litellm_params: { model: 'x', aws_session_token: secret } },
  ],
  [
    'B8 a URL that comes back without its credentials keeps them',
    { litellm_params: { model: 'x', api_base: `https://u:${secret}@host.example/v1?key=${secret}` } },
    { litellm_params: { api_base: 'https://host.example/v1', rpm: 1 } },
    { litellm_params: { model: 'x', api_base: `https://u:${secret}@host.example/v1?key=${secret}`, rpm: 1 } },
  ],
  [
    'B8 a new secret replaces the old one',
    { litellm_params: { model: 'x', api_key: secret } },
    { litellm_params: { api_key: newSecret } },
    { litellm_params: { model: 'x', api_key: newSecret } },
  ],
  [
    'B9 a reference is kept as a reference',
    { litellm_params: { model: 'x', extra_headers: { Authorization: 'os.environ/A' } } },
    { litellm_params: { extra_headers: { Authorization: 'os.environ/B' } } },
    { litellm_params: { model: 'x', extra_headers: { Authorization: 'os.environ/B' } } },
  ],
  [
    'D5 derived facts that come back are not stored',
    gpt4,
    { model_info: { key: 'gpt-4', max_tokens: 4096, input_cost_per_token: 3e-5, mode: 'chat', tpm: null } },
    gpt4,
  ],
  [
    'D5 a fact that differs from the derived one is stored',
    gpt4,
    { model_info: { max_tokens: 1, input_cost_per_token: 0 } },
    { ...gpt4, model_info: { max_tokens: 1, input_cost_per_token: 0 } },
  ],
  [
    'D5 a price in litellm_params that comes back in model_info is not stored twice',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { model_info: { input_cost_per_token: 2 } },
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
  ],
  [
    'a price changed where it is shown is changed where it is kept',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { litellm_params: { input_cost_per_token: 2 }, model_info: { input_cost_per_token: 3 } },
    { litellm_params: { model: 'x', input_cost_per_token: 3 } },
  ],
  [
    'a price changed where it is kept is changed, though the old one comes back where it is shown',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { litellm_params: { input_cost_per_token: 3 }, model_info: { input_cost_per_token: 2 } },
    { litellm_params: { model: 'x', input_cost_per_token: 3 } },
  ],
  [
    'a price cleared where it is shown is cleared in both places',
    { litellm_params: { model: 'x', input_cost_per_token: 2 }, model_info: { input_cost_per_token: 1 } },
    { litellm_params: { input_cost_per_token: 2 }, model_info: { input_cost_per_token: null } },
    {},
  ],
  [
    'a price cleared where it is kept is cleared in both places',
    { litellm_params: { model: 'x', input_cost_per_token: 2 }, model_info: { input_cost_per_token: 1 } },
    { litellm_params: { input_cost_per_token: null }, model_info: { input_cost_per_token: 2 } },
    {},
  ],
  [
    'a price is moved to model_info by clearing the one and setting the other',
    { litellm_params: { model: 'x', input_cost_per_token: 2 } },
    { litellm_params: { input_cost_per_token: null }, model_info: { input_cost_per_token: 3 } },
    { model_info: { input_cost_per_token: 3 } },
  ],
  [
    'D6 a key that only looks like a price stays in the object it was sent in',
    { litellm_params: { model: 'x', my_cost_center: 'a' }, model_info: { my_cost_center: 'b' } },
    { litellm_params: { my_cost_center: null }, model_info: { my_cost_center: 'c' } },
    { model_info: { my_cost_center: 'c' } },
  ],
]

async function appOver(deployment: object): Promise<TestApp & Held> {
  const held = await holding({ one: deployment })
  return { ...(await makeApp({ adapter: held.adapter })), ...held }
}

describe.each(updateRoutes)('%s', (_route, update) => {
  it.each(patches)('%s', async (_what, before, patch, after) => {
    const app = await appOver(before)
    const { status, text } = await update(app, 'one', patch)
    expect([status, findCanaries(text)]).toEqual([200, []])
    expect(await app.deployment()).toEqual({
      model_name: 'm',
      litellm_params: { model: 'x' },
      model_info: {},
      ...after,
    })
  })

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

describe.each(updateRoutes)('M3 If-Match on %s', (_route, update) => {
  const patch = { litellm_params: { rpm: 1 } }

  it.each<[string, (etag: string) => string]>([
    ['the ETag of the row', (etag) => etag],
    ['a weak one, as a compressing proxy makes it', (etag) => `W/${etag}`],
    ['one of several', (etag) => `"x", ${etag}`],
    ['any', () => '*'],
    ['an ETag without its quotes', (etag) => etag.slice(1, -1)],
    ['nothing', () => ''],
  ])('takes %s', async (_what, header) => {
    const app = await appOver({})
    const { headers } = await app.get('/model/info?litellm_model_id=one')
    const answer = await update(app, 'one', patch).set('If-Match', header(headers['etag'] as string))
    expect([answer.status, answer.body.litellm_params]).toEqual([200, { model: 'x', rpm: 1 }])
  })

  it('refuses one of before, though nothing else stands in the way, and changes nothing', async () => {
    const app = await appOver({})
    const { headers } = await app.get('/model/info?litellm_model_id=one')
    await update(app, 'one', { model_name: 'renamed' })
    const before = await app.model()
    for (const change of [patch, {}]) {
      const { status, body } = await update(app, 'one', change).set('If-Match', headers['etag'] as string)
      expect([status, body]).toEqual([
        412,
        {
          error: {
            message:
              'Model one was changed since it was read. Read it again and send the change with its new ETag.',
            type: 'precondition_failed',
            param: null,
            code: '412',
          },
        },
      ])
    }
    expect(await app.model()).toEqual(before)
  })

  it('says of what is not there that it is not there', async () => {
    const app = await appOver({})
    const { status } = await update(app, 'gone', patch).set('If-Match', '"1"')
    expect([400, 404]).toContain(status)
  })
})
