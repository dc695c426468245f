import { withOwnSecrets } from '../../lib/adapters/own-secrets'
import { postgresSecrets } from '../../lib/adapters/postgres-options'
import { sealed } from '../../lib/adapters/sealed'
import type { RouterOptions } from '../../lib/options'
import { canary, findCanaries } from '../support/canary'
import { makeApp, masterKey } from '../support/app'
import { configFiles } from '../support/config'
import { appOver, holding } from '../support/held'

const secret = canary(1)
const env = {
  LITELLM_MASTER_KEY: secret,
  LITELLM_SALT_KEY: canary(2),
  DATABASE_URL: `postgres://u:${canary(3)}@db.example/x`,
  SAME_AS_MASTER: secret,
  OPENAI_KEY: 'sk-openai',
  OTHER_KEY: 'sk-other',
}
const files = configFiles()
const model = (params: object, more: object = {}): object => ({
  model_name: 'm',
  litellm_params: { model: 'x', ...params },
  ...more,
})
const refusal = (param: string): object => ({
  error: {
    message: `${param} refers to an environment variable that models added at run time may not use. Send the value itself, use another variable, or declare the model in the config file; option 'references' says which are open.`,
    type: 'validation_error',
    param,
    code: '400',
  },
})

describe('B9 B10 what a stored model may refer to', () => {
  test.each<[string, object, string]>([
    ['the master key', model({ api_key: 'os.environ/LITELLM_MASTER_KEY' }), 'litellm_params.api_key'],
    ['the salt key', model({ api_key: 'os.environ/LITELLM_SALT_KEY' }), 'litellm_params.api_key'],
    ['the database', model({ api_base: 'os.environ/DATABASE_URL' }), 'litellm_params.api_base'],
    ['it in another case', model({ api_key: 'os.environ/litellm_Master_Key' }), 'litellm_params.api_key'],
    ['it with a blank', model({ api_key: 'os.environ/ LITELLM_MASTER_KEY ' }), 'litellm_params.api_key'],
    ['another name of it', model({ api_key: 'os.environ/SAME_AS_MASTER' }), 'litellm_params.api_key'],
    [
      'it inside an object',
      model({ extra_headers: { 'X-A': 'os.environ/LITELLM_MASTER_KEY' } }),
      'litellm_params.extra_headers.X-A',
    ],
    ['it inside a list', model({ stop: ['a', 'os.environ/LITELLM_MASTER_KEY'] }), 'litellm_params.stop.1'],
    [
      'it in model_info',
      model({}, { model_info: { note: 'os.environ/LITELLM_MASTER_KEY' } }),
      'model_info.note',
    ],
    ['it beside them', model({}, { extra: { a: 'os.environ/LITELLM_MASTER_KEY' } }), 'extra.a'],
  ])('not %s', async (_what, body, param) => {
    const { get, post, log } = await makeApp({ auth: undefined, env })
    const { status, body: answer, text } = await post('/model/new', body, secret)
    expect([status, answer]).toEqual([400, refusal(param)])
    expect(findCanaries(text + JSON.stringify(log))).toEqual([])
    expect((await get('/model/info', secret)).body).toEqual({ data: [] })
  })

  test.each<[string, RouterOptions['auth'], string]>([
    ['the option names', { masterKey: 'sk-by-option' }, 'sk-by-option'],
    ['the file refers to', undefined, secret],
  ])('not the master key that %s', async (_what, auth, key) => {
    const config = files.write({
      general_settings: { master_key: 'os.environ/GATEWAY_KEY' },
      model_list: [],
    })
    const { post } = await makeApp({ config, auth, env: { GATEWAY_KEY: secret, MINE: 'sk-by-option' } })
    const refused = async (name: string): Promise<number> =>
      (await post('/model/new', model({ api_key: `os.environ/${name}` }), key)).status
    expect(await refused('GATEWAY_KEY')).toBe(400)
    expect(await refused('MINE')).toBe(auth === undefined ? 200 : 400)
  })

  test('any other, unless told otherwise', async () => {
    const { post, router } = await makeApp({ env })
    expect((await post('/model/new', model({ api_key: 'os.environ/OPENAI_KEY' }))).status).toBe(200)
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({ model: 'x', api_key: 'sk-openai' })
  })

  test('one that is empty, as the password of a database without one is', async () => {
    const { post } = await makeApp({ env: { DATABASE_PASSWORD: '', NO_KEY: '' } })
    expect((await post('/model/new', model({ api_key: 'os.environ/NO_KEY' }))).status).toBe(200)
    const { status, body } = await post('/model/new', model({ api_key: 'os.environ/DATABASE_PASSWORD' }))
    expect([status, body]).toEqual([400, refusal('litellm_params.api_key')])
  })

  test.each<[string, RouterOptions['references'], readonly number[]]>([
    ['a list opens what it names', ['OPENAI_KEY'], [200, 400, 400]],
    ['a function opens what it says', (name) => name.endsWith('_KEY'), [200, 200, 400]],
    ['naming the master key opens nothing', ['LITELLM_MASTER_KEY'], [400, 400, 400]],
    ['a promise opens nothing', (async () => true) as unknown as () => boolean, [400, 400, 400]],
  ])('%s', async (_what, references, answers) => {
    const { post } = await makeApp({ env, references })
    const statuses: number[] = []
    for (const name of ['OPENAI_KEY', 'OTHER_KEY', 'LITELLM_MASTER_KEY'])
      statuses.push((await post('/model/new', model({ api_key: `os.environ/${name}` }))).status)
    expect(statuses).toEqual(answers)
  })

  test('an update brings in none either, and does not trip over what is there', async () => {
    const litellm_params = { model: 'x', api_key: 'os.environ/LITELLM_MASTER_KEY' }
    const { send } = await appOver({ litellm_params }, { env })
    const patch = (change: object) => send('patch', '/model/one/update', { litellm_params: change })
    expect((await patch({ rpm: 5 })).status).toBe(200)
    const { status, body } = await patch({ api_base: 'os.environ/DATABASE_URL' })
    expect([status, body]).toEqual([400, refusal('litellm_params.api_base')])
  })

  test('what other hands have written is unset, and the status says so', async () => {
    const litellm_params = {
      model: 'x',
      api_key: 'os.environ/LITELLM_MASTER_KEY',
      api_base: 'os.environ/OPENAI_KEY',
      extra_headers: { a: 'os.environ/SAME_AS_MASTER', b: 'os.environ/OTHER_KEY' },
    }
    const { get, router } = await appOver({ litellm_params }, { env })
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({
      model: 'x',
      api_base: 'sk-openai',
      extra_headers: { b: 'sk-other' },
    })
    const { warnings } = router.registry.status()
    expect(warnings[0]).toBe(
      "Model one refers to an environment variable that models added at run time may not use (option 'references'): it is unset for it.",
    )
    expect(findCanaries((await get('/model_management/status')).text)).toEqual([])
  })

  test('a model of the config file may refer to anything: who writes the file runs the gateway', async () => {
    const config = files.write({
      model_list: [
        { model_name: 'f', litellm_params: { model: 'x', api_key: 'os.environ/LITELLM_MASTER_KEY' } },
      ],
    })
    const { router } = await makeApp({ config, env, references: [] })
    expect(router.registry.resolve('f')[0]?.litellm_params['api_key']).toBe(secret)
    expect(router.registry.status().warnings).toEqual([expect.stringContaining('a restart loses them')])
  })

  test('variables of a file that has changed are read anew', async () => {
    const config = files.write({ environment_variables: { FROM_FILE: 'one' }, model_list: [] })
    const { post, router } = await makeApp({ config, env: {} })
    await post('/model/new', model({ api_key: 'os.environ/FROM_FILE' }))
    const key = (): unknown => router.registry.resolve('m')[0]?.litellm_params['api_key']
    expect(key()).toBe('one')
    files.rewrite(config, { environment_variables: { FROM_FILE: 'two' }, model_list: [] })
    await router.registry.reload()
    expect(key()).toBe('two')
  })

  test.each<[string, object, string]>([
    ['the master key', { azure_ad_token: 'oidc/env/LITELLM_MASTER_KEY' }, 'azure_ad_token'],
    ['another name of it', { a: { b: ['oidc/env/SAME_AS_MASTER'] } }, 'a.b.0'],
    ['it with a blank, in capitals', { a: ' OIDC/Env/LITELLM_MASTER_KEY' }, 'a'],
    ['it twice over', { a: 'os.environ/oidc/env/LITELLM_MASTER_KEY' }, 'a'],
    ['it with the prefix twice', { a: 'os.environ/os.environ/LITELLM_MASTER_KEY' }, 'a'],
  ])('no token that is %s', async (_what, params, param) => {
    const { post } = await makeApp({ auth: undefined, env })
    const { status, body } = await post('/model/new', model(params), secret)
    expect([status, body]).toEqual([400, refusal(`litellm_params.${param}`)])
  })

  const fileRefusal = (param: string): object => ({
    error: {
      message: `${param} refers to a file or issuer of tokens that models added at run time may not use. Send the value itself or declare the model in the config file; option 'references' says which are open.`,
      type: 'validation_error',
      param,
      code: '400',
    },
  })

  test('no token in a file that holds what the gateway knows', async () => {
    const config = files.write({ model_list: [] })
    const paths = ['/proc/self/environ', '/x/../proc/1/environ', config]
    const variables = Object.fromEntries(paths.map((path, at) => [`PATH_${at}`, path]))
    const { post } = await makeApp({ config, env: variables })
    for (const [at, path] of paths.entries())
      for (const token of [`oidc/file/${path}`, `oidc/env_path/PATH_${at}`]) {
        const { status, body } = await post('/model/new', model({ token }))
        expect([token, status, body]).toEqual([token, 400, fileRefusal('litellm_params.token')])
      }
    expect((await post('/model/new', model({ token: 'oidc/file//run/token' }))).status).toBe(200)
  })

  test('tokens are open where the option names them, the whole of those without a variable', async () => {
    const tokens = [
      'oidc/env/OPENAI_KEY',
      'oidc/env_path/OPENAI_KEY',
      'oidc/google/a',
      'oidc/file/a',
      'oidc/azure/',
    ]
    const opened = async (references: RouterOptions['references']): Promise<readonly number[]> => {
      const { post } = await makeApp({ env, references })
      const statuses: number[] = []
      for (const token of tokens) statuses.push((await post('/model/new', model({ token }))).status)
      return statuses
    }
    expect(await opened(undefined)).toEqual([200, 200, 200, 200, 200])
    expect(await opened([])).toEqual([400, 400, 400, 400, 400])
    expect(await opened(['OPENAI_KEY', 'oidc/google/a'])).toEqual([200, 200, 200, 400, 400])
    expect(await opened((name) => name.startsWith('oidc/'))).toEqual([400, 400, 200, 200, 200])
  })

  test('a token that other hands have written and that is closed is unset; an open one is handed on as it is', async () => {
    const litellm_params = {
      model: 'x',
      azure_ad_token: 'oidc/env/LITELLM_MASTER_KEY',
      aws_web_identity_token: 'oidc/env/OPENAI_KEY',
    }
    const { router } = await appOver({ litellm_params }, { env })
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({
      model: 'x',
      aws_web_identity_token: 'oidc/env/OPENAI_KEY',
    })
    expect(router.registry.status().warnings).toContainEqual(expect.stringContaining('it is unset for it'))
  })
})

describe("the gateway's own secrets are recognised by value", () => {
  const sealingKey = canary(4)
  const saltKey = canary(5)
  const pool = {
    query: async () => ({ rows: [] }),
    connect: async () => Promise.reject(new Error('unused')),
    options: { host: 'db.example', password: 'pool-password' },
  }
  const variables: Readonly<Record<string, string>> = {
    MASTER: masterKey,
    MASTER_LINE: `${masterKey}\n`,
    MASTER_HEADER: `Bearer ${masterKey}`,
    CALLER: 'sk-user',
    CALLER_HEADER: 'Bearer sk-user',
    SEAL: sealingKey,
    SALT: saltKey,
    DATABASE_URL: 'postgres://a:b@db.example/x',
    DATABASE_COPY: 'postgresql://a:b@db.example/y',
    OTHER_DATABASE: 'postgres://c:d@db.example/z',
    DB_PASSWORD: 'b',
    POOL_PASSWORD: 'pool-password',
    LITELLM_MODEL_COST_MAP_URL: 'https://user:map-password@map.example/map.json',
    MAP_PASSWORD: 'map-password',
  }
  const others = {
    OPENAI: 'sk-openai',
    NAME: 'a',
    HOST: 'https://db.example',
    PLAIN: 'user',
    DATABASE: 'postgres',
  }

  test('and no other', async () => {
    const { adapter } = await holding({})
    const keys = ['0123456789abcdef', { id: 'k', secret: sealingKey }]
    const { post } = await makeApp({
      adapter: sealed(withOwnSecrets(adapter, postgresSecrets({ pool })), { keys, litellmSaltKey: saltKey }),
      auth: { masterKey, keys: [{ key: 'sk-user', userId: 'u', role: 'internal_user' }] },
      env: { ...variables, ...others },
      costMap: {},
    })
    const opened: string[] = []
    for (const name of [...Object.keys(variables), ...Object.keys(others)])
      for (const reference of [`os.environ/${name}`, `oidc/env/${name}`])
        if ((await post('/model/new', model({ api_key: reference }))).status === 200) opened.push(reference)
    expect(opened).toEqual(Object.keys(others).flatMap((name) => [`os.environ/${name}`, `oidc/env/${name}`]))
  })

  test('also those of a database that is given as a URL, and of a cost map', async () => {
    const secrets = postgresSecrets({ url: 'postgres://u:pw1@h/x', listenUrl: 'postgres://u:pw2@h/x' })
    expect(secrets).toEqual(['postgres://u:pw1@h/x', 'postgres://u:pw2@h/x'])
    const { post } = await makeApp({
      costMap: 'http://u:pw3@127.0.0.1:1/map.json',
      env: { A: 'pw3', B: 'u' },
    })
    const statuses = await Promise.all(
      ['A', 'B'].map(async (name) => (await post('/model/new', model({ a: `os.environ/${name}` }))).status),
    )
    expect(statuses).toEqual([400, 200])
  })
})
