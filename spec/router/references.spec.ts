import type { RouterOptions } from '../../lib/options'
import { canary, findCanaries } from '../support/canary'
import { makeApp } from '../support/app'
import { configFiles } from '../support/config'
import { appOver } from '../support/held'

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
})
