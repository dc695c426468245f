import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGateway, stopGateways } from '../support/gateway'
import { temporaryFolder } from '../support/temporary'
import { closeUpstreams, upstream } from '../support/upstream'

const folder = temporaryFolder()
let databases = 0
const fresh = () => ({ MODELS_DB: join(folder, `${(databases += 1)}.db`) })
const user = (content: string) => [{ role: 'user' as const, content }]

afterAll(stopGateways)
afterAll(closeUpstreams)

describe('stopping the example gateway', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGKILL', null],
  ] as const)('a model is still there after %s and a restart', async (signal, code) => {
    const env = fresh()
    const before = await startGateway(env)
    const body = {
      model_name: 'kept',
      // The variable, since the port is another one after the restart.
      litellm_params: { model: 'openai/echo', api_base: 'os.environ/LOCAL_PROVIDER_URL' },
    }
    expect((await before.ask('/model/new', { body })).status).toBe(200)
    expect(await before.stop(signal)).toBe(code)
    const after = await startGateway(env)
    const { choices } = await after
      .client()
      .chat.completions.create({ model: 'kept', messages: user('again') })
    expect(choices[0]?.message.content).toBe('You said: again')
    await after.stop()
  })

  test('a stream under way is finished, and new calls are refused', async () => {
    const gateway = await startGateway(fresh())
    const words = Array.from({ length: 40 }, (_, index) => `word-${index}`).join(' ')
    const stream = await gateway
      .client()
      .chat.completions.create({ model: 'local-echo', messages: user(words), stream: true })
    let exit: Promise<number | null> | undefined
    let text = ''
    for await (const { choices } of stream) {
      exit ??= gateway.stop()
      text += choices[0]?.delta.content ?? ''
    }
    expect(text).toBe(`You said: ${words}`)
    const finished = performance.now()
    expect(await exit).toBe(0)
    // Not when the client lets go of its idle connection, some seconds later.
    expect(performance.now() - finished).toBeLessThan(1500)
    await expect(fetch(gateway.url)).rejects.toThrow('fetch failed')
    expect(gateway.output()).toContain('The gateway has stopped.')
  })
})

describe('starting the example gateway wrongly', () => {
  const broken = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  test.each([
    ['PORT', { PORT: '40OO' }, "PORT is '40OO': give a whole number from 1 to 65535"],
    ['HOST', { HOST: '203.0.113.1' }, 'HOST 203.0.113.1 is not an address of this machine'],
    ['HOST for all without a key', { HOST: '0.0.0.0' }, 'Set LITELLM_MASTER_KEY'],
    [
      'CONFIG_FILE_PATH',
      { CONFIG_FILE_PATH: 'missing/config.yaml' },
      /missing\/config\.yaml\. .*CONFIG_FILE_PATH/,
    ],
    [
      'MODELS_DB',
      { MODELS_DB: join(folder, 'missing/x.db') },
      /the folder .*missing does not exist.*MODELS_DB/,
    ],
    ['KEYS_FILE', { KEYS_FILE: 'missing.yaml' }, 'missing.yaml: there is no such file; correct KEYS_FILE'],
    [
      'KEYS_FILE that is no list',
      { KEYS_FILE: broken('map.yaml', 'key: sk-canary') },
      'map.yaml: it has to be a list',
    ],
    [
      'KEYS_FILE with bad YAML',
      { KEYS_FILE: broken('bad.yaml', '- key: sk-canary\n- [') },
      /bad\.yaml: it is neither YAML nor JSON at line \d/,
    ],
    [
      'KEYS_FILE with an odd role',
      { KEYS_FILE: broken('role.yaml', '- { key: sk-canary, userId: a, role: admin }') },
      "role.yaml: entry 1: 'role' has to be one of proxy_admin,",
    ],
    [
      'KEYS_FILE with a misspelt member',
      { KEYS_FILE: broken('model.json', '[{"key":"sk-canary","userId":"a","role":"team","model":["x"]}]') },
      "model.json: entry 1: its member 4 means nothing; known are key, userId, role, models, teams, each with ': ' after it",
    ],
    [
      'KEYS_FILE with a team that has no id',
      { KEYS_FILE: broken('team.yaml', '- { key: sk-canary, userId: a, role: team, teams: [{ name: x }] }') },
      "team.yaml: entry 1, team 1: its member 1 means nothing; known are id, admin, models, each with ': ' after it",
    ],
    [
      'KEYS_FILE with one key twice',
      { KEYS_FILE: broken('twice.yaml', '- &a { key: sk-canary, userId: a, role: team }\n- *a') },
      'twice.yaml: entry 2 has the key of an earlier entry',
    ],
  ])('%s', async (_, env, message) => {
    const error = await startGateway({ ...fresh(), ...env }).then(
      () => new Error('it started'),
      (reason: Error) => reason,
    )
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/^(express-model-management: .*\n)?The gateway cannot start: .*\n$/)
    expect(error.message).not.toContain('sk-canary')
  })

  test('a port in use', async () => {
    const taken = await upstream(() => undefined)
    const { port } = new URL(taken.url)
    await expect(startGateway({ ...fresh(), PORT: port })).rejects.toThrow(
      `The gateway cannot start: port ${port} of 127.0.0.1 is in use. Stop what uses it, or choose another PORT.`,
    )
  })

  test('a master key in the config file switches the development key off', async () => {
    const config = broken('master.yaml', 'general_settings: { master_key: sk-own }\nmodel_list: []')
    const gateway = await startGateway({ ...fresh(), CONFIG_FILE_PATH: config })
    expect((await gateway.ask('/model/info')).status).toBe(401)
    expect((await gateway.ask('/model/info', { key: 'sk-own' })).status).toBe(200)
    expect(gateway.output()).toContain("not set: the config file's master_key is used")
    expect(gateway.output()).not.toMatch(/sk-own|sk-1234/)
  })
})
