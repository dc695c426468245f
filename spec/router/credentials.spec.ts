import type { JsonObject } from '../../lib/json'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { canary } from '../support/canary'
import { configFiles } from '../support/config'
import { holding } from '../support/held'
import { updateRoutes } from '../support/update-routes'

const files = configFiles()
const [key, other] = [canary(1), canary(2)]
const base = 'https://provider.example/v1'

const credential = (name: string, credential_values: JsonObject, more = {}): JsonObject => ({
  credential_name: name,
  credential_values,
  ...more,
})
const row = (id: string, params: JsonObject): JsonObject => ({
  model_name: id,
  litellm_params: { model: 'openai/x', ...params },
  model_info: { id },
})
const named = (name: string, params: JsonObject = {}): JsonObject => ({
  litellm_credential_name: name,
  ...params,
})
const content = (credential_list: readonly JsonObject[], ...model_list: JsonObject[]): object => ({
  model_list,
  credential_list,
})
const shared = credential('shared', { api_key: 'os.environ/KEY', api_base: base })
const env = { KEY: key }

const paramsOf = ({ router }: TestApp, name: string): JsonObject | undefined =>
  router.registry.resolve(name)[0]?.litellm_params
const statusOf = async ({ get }: TestApp) => (await get('/model_management/status')).body
const refusal = (message: string): object => ({
  error: { message, type: 'validation_error', param: 'litellm_credential_name', code: '400' },
})
const unknown = (name: string): object =>
  refusal(`Credential '${name}' not found. Create it via /credentials before attaching it to a model.`)
const empty = refusal(
  'litellm_credential_name cannot be an empty string. Send null to detach the stored credential or omit the field to leave it unchanged.',
)

describe('resolve() of a model that names a credential', () => {
  const all = { api_key: key, api_base: base }
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['nothing else', {}, {}, all],
    ['a blank address', { api_base: '' }, {}, all],
    ['blank texts', { api_base: ' ', api_key: '\t' }, {}, all],
    ['nulls', { api_base: null, api_key: null }, {}, all],
    ['a key of its own', { api_key: other }, {}, { api_key: other, api_base: base }],
    ['a variable of its own', { api_key: 'os.environ/OTHER' }, {}, { api_key: other, api_base: base }],
    ['a variable that is not set', { api_key: 'os.environ/GONE' }, {}, all],
    ['a variable that is blank', { api_key: 'os.environ/BLANK' }, {}, all],
    [
      'what is false or 0',
      { rpm: 0, stream: false },
      { rpm: 5, stream: true },
      { ...all, rpm: 0, stream: false },
    ],
    ['blank where the credential is', { project: '' }, { project: ' ' }, { ...all, project: '' }],
    [
      'other parameters',
      {},
      { aws_region_name: 'eu', headers: { a: 'b' } },
      { ...all, aws_region_name: 'eu', headers: { a: 'b' } },
    ],
    ['nulls in the credential', {}, { project: null }, all],
    ['variables in it that are not set', {}, { project: 'os.environ/GONE' }, all],
    ['a model in the credential', {}, { model: 'azure/y', litellm_credential_name: 'z' }, all],
    ['__proto__ in it', {}, JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject, all],
  ])('with %s', async (_, own, more, expected) => {
    const values = { api_key: 'os.environ/KEY', api_base: base, ...more }
    const config = files.write(content([credential('shared', values)], row('m', named('shared', own))))
    const app = await makeApp({ config, env: { ...env, OTHER: other, BLANK: ' ' } })
    expect(paramsOf(app, 'm')).toEqual({ model: 'openai/x', litellm_credential_name: 'shared', ...expected })
  })

  it('keeps the name by which a model without a model of its own is called', async () => {
    const values = credential('shared', { model: 'azure/y', api_key: key })
    const deployment = { model_name: 'bare', litellm_params: named('shared') }
    const app = await makeApp({ config: files.write(content([values], deployment)) })
    expect(paramsOf(app, 'bare')).toEqual({ model: 'bare', litellm_credential_name: 'shared', api_key: key })
  })

  it('takes the credential that a variable of the file names, and fills wildcards and aliases alike', async () => {
    const rows = [row('openai/*', named('os.environ/WHICH', { model: 'openai/*' }))]
    const router_settings = { model_group_alias: { best: 'openai/gpt-4o' } }
    const config = files.write({ ...content([shared], ...rows), router_settings })
    const app = await makeApp({ config, env: { ...env, WHICH: 'shared' } })
    const expected = { ...all, model: 'openai/gpt-4o', litellm_credential_name: 'shared' }
    expect([paramsOf(app, 'openai/gpt-4o'), paramsOf(app, 'best')]).toEqual([expected, expected])
    expect((await statusOf(app)).warnings).toHaveLength(1)
  })

  it('follows the file at once, tells hosts, and leaves the rows as they are', async () => {
    const config = files.write(content([shared], row('m', named('shared'))))
    const { adapter } = await holding({ stored: { model_name: 'stored', litellm_params: named('shared') } })
    const app = await makeApp({ config, adapter, env, configWatchMs: 3_600_000 })
    const look = async (): Promise<unknown> => [
      (await app.get('/model/info')).headers['etag'],
      (await app.get('/model/info')).body,
    ]
    const before = await look()
    const heard: unknown[] = []
    app.router.registry.on('change', ({ ids }) => void heard.push(ids))
    files.rewrite(config, content([credential('shared', { api_key: other })], row('m', named('shared'))))
    await app.router.registry.reload()
    expect(['m', 'stored'].map((name) => paramsOf(app, name)?.['api_key'])).toEqual([other, other])
    expect(await look()).toEqual(before)
    expect(heard).toEqual(['all'])
    files.rewrite(config, content([], row('m', named('shared'))))
    await app.router.registry.reload()
    expect(paramsOf(app, 'm')).toEqual({ model: 'openai/x', litellm_credential_name: 'shared' })
    expect(heard).toEqual(['all', 'all'])
  })
})

describe('a credential in a write', () => {
  it.each<[string, object]>([
    ['eu', unknown('eu')],
    ['SHARED', unknown('SHARED')],
    [' ', unknown(' ')],
    ['os.environ/NAME', unknown('os.environ/NAME')],
    ['__proto__', unknown('__proto__')],
    [`sk-${key}`, unknown('********')],
    ['', empty],
  ])('named %j is refused in a new model and in every update', async (name, body) => {
    const { adapter, model } = await holding({ one: { litellm_params: named('gone') } })
    const before = await model()
    const app = await makeApp({ config: files.write(content([shared])), adapter, env })
    const params = { litellm_params: named(name) }
    const made = await app.post('/model/new', { model_name: 'm', ...params })
    expect([made.status, made.body]).toEqual([400, body])
    for (const [, update] of updateRoutes) {
      const answer = await update(app, 'one', params)
      expect([answer.status, answer.body]).toEqual([400, body])
    }
    expect(await model()).toEqual(before)
    expect(JSON.stringify([made.body, app.log])).not.toContain(key)
  })

  it('that the file has is attached, shown by its name alone, and detached by null', async () => {
    const app = await makeApp({ config: files.write(content([shared])), env })
    const made = await app.post('/model/new', row('m', named('shared')))
    expect([made.status, made.body.litellm_params]).toEqual([200, { model: 'openai/x', ...named('shared') }])
    const [shown] = (await app.get('/model/info?litellm_model_id=m')).body.data
    expect(shown.litellm_params).toEqual({ model: 'openai/x', ...named('shared') })
    expect(paramsOf(app, 'm')).toMatchObject({ api_key: key, api_base: base })
    const detached = await app.send('patch', '/model/m/update', {
      litellm_params: { litellm_credential_name: null },
    })
    expect([detached.status, detached.body.litellm_params]).toEqual([200, { model: 'openai/x' }])
    expect(paramsOf(app, 'm')).toEqual({ model: 'openai/x' })
  })

  it('that was stored before it went does not keep the rest of the model from being changed', async () => {
    const { adapter } = await holding({ one: { litellm_params: named('gone') } })
    const app = await makeApp({ config: files.write(content([shared])), adapter, env })
    const params = named('gone', { rpm: 5 })
    const answer = await app.send('patch', '/model/one/update', { litellm_params: params })
    expect([answer.status, answer.body.litellm_params]).toEqual([200, expect.objectContaining(params)])
  })
})

describe('the status', () => {
  it('names models whose credential nobody has, and variables that are not set', async () => {
    const many = Array.from({ length: 7 }, (_, at) => row(`many-${at}`, named('gone')))
    const values = { api_key: 'os.environ/GONE_KEY', nested: { a: 'os.environ/GONE_KEY' } }
    const config = files.write(
      content([shared, credential('holes', values)], row('m', named('shared')), ...many),
    )
    const { adapter } = await holding({ one: { litellm_params: named('lost') } })
    const app = await makeApp({ config, env, adapter: { ...adapter, durable: true } })
    const { warnings, unset_references: unset } = await statusOf(app)
    expect(unset).toEqual(['GONE_KEY'])
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Credential 'gone' is not in credential_list; models that name it are called without it: (config-\d+\.yaml:\d+, ){4}config-\d+\.yaml:\d+ and 2 more\.$/,
      ),
      "Credential 'lost' is not in credential_list; models that name it are called without it: model one.",
    ])
  })
})

describe('GET /credentials', () => {
  const values = {
    api_base: base,
    api_version: '2024-10-21',
    aws_region_name: 'eu-west-1',
    api_key: key,
    reference: 'os.environ/KEY',
    word: 'swordfish',
    number: 123456,
    nested: { private_key: key, plain: 'swordfish' },
    list: ['swordfish'],
    webhook_url: `https://user:${other}@host.example`,
  }
  const info = { provider: 'openai', api_key: key }

  it('shows administrators names, places and masks', async () => {
    const list = [credential('full', values, { credential_info: info }), shared]
    const { get } = await makeApp({ config: files.write(content(list)), env })
    const mask = '********'
    const { status, body } = await get('/credentials')
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        credentials: [
          {
            credential_name: 'full',
            credential_values: {
              api_base: base,
              api_version: '2024-10-21',
              aws_region_name: 'eu-west-1',
              api_key: mask,
              reference: 'os.environ/KEY',
              word: mask,
              number: mask,
              nested: mask,
              list: mask,
              webhook_url: expect.not.stringContaining(other),
            },
            credential_info: { provider: 'openai', api_key: mask },
          },
          {
            credential_name: 'shared',
            credential_values: { api_key: 'os.environ/KEY', api_base: base },
            credential_info: {},
          },
        ],
      },
    ])
  })

  it('is empty without a config file', async () => {
    const { get } = await makeApp()
    expect((await get('/credentials')).body).toEqual({ success: true, credentials: [] })
  })

  it.each(['internal_user', 'org_admin', 'team', 'customer'] as const)('is closed to %s', async (role) => {
    const teams = [{ id: 'a', admin: true }]
    const auth = { masterKey, keys: [{ key: 'sk-one', userId: 'one', role, teams }] }
    const { get } = await makeApp({ config: files.write(content([shared])), env, auth })
    const message = `Access denied. Admin role required. Current role: ${role}`
    const { status, body } = await get('/credentials', 'sk-one')
    expect([status, JSON.stringify(body)]).toEqual([403, expect.stringContaining(message)])
  })

  it('and everything else that is answered, logged or told holds no value of a credential', async () => {
    const list = [credential('full', values), credential('full', values)]
    const rows = [row('m', named('full')), row('lost', named('gone'))]
    const app = await makeApp({ config: files.write(content(list, ...rows)), env })
    const paths = [
      '/credentials',
      '/model/info',
      '/v2/model/info',
      '/v1/models',
      '/model_group/info',
      '/model_management/status',
    ]
    const answers = await Promise.all(paths.map(async (path) => (await app.get(path)).text))
    const created = await app.post('/model/new', row('n', named('full')))
    const text = JSON.stringify([answers, created.body, app.log])
    expect([key, other, 'swordfish', '123456'].filter((secret) => text.includes(secret))).toEqual([])
  })
})
