import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

interface Shown {
  readonly model_name: string
  readonly litellm_params: object
  readonly model_info: Record<string, unknown>
}

const folder = temporaryFolder()
let files = 0

function configOf(text: string): string {
  const file = join(folder, `config-${(files += 1)}.yaml`)
  writeFileSync(file, text)
  return file
}

async function rowsOf({ get }: TestApp): Promise<readonly Shown[]> {
  const { body } = await get('/model/info')
  return body.data as Shown[]
}

describe('GET /model/info', () => {
  it('answers the gpt-4 example of the documentation key for key', async () => {
    const config = configOf(`
model_list:
  - model_name: gpt-4
    litellm_params:
      model: gpt-4
      api_key: os.environ/OPENAI_API_KEY
    model_info:
      my_custom_key: my_custom_value
`)
    const [row] = await rowsOf(await makeApp({ config }))
    expect(row?.model_name).toBe('gpt-4')
    expect(row?.litellm_params).toEqual({ model: 'gpt-4' })
    expect(Object.keys(row?.model_info ?? {}).slice(0, 8)).toEqual([
      'id',
      'db_model',
      'my_custom_key',
      'key',
      'max_tokens',
      'max_input_tokens',
      'max_output_tokens',
      'input_cost_per_token',
    ])
    expect(row?.model_info).toMatchObject({
      id: 'e889baacd17f591cce4c63639275ba5e8dc60765d6c553e6ee5a504b19e50ddc',
      db_model: false,
      my_custom_key: 'my_custom_value',
      key: 'gpt-4',
      max_tokens: 4096,
      max_input_tokens: 8192,
      max_output_tokens: 4096,
      input_cost_per_token: 3e-5,
      input_cost_per_character: null,
      input_cost_per_token_above_128k_tokens: null,
      output_cost_per_token: 6e-5,
      output_cost_per_character: null,
      output_cost_per_token_above_128k_tokens: null,
      output_cost_per_character_above_128k_tokens: null,
      output_vector_size: null,
      litellm_provider: 'openai',
      mode: 'chat',
    })
    expect(Object.keys(row?.model_info ?? {}).slice(-3)).toEqual([
      'supported_openai_params',
      'direct_access',
      'access_via_team_ids',
    ])
  })

  it('answers the text-davinci-003 example with its metadata', async () => {
    const config = configOf(`
model_list:
  - model_name: text-davinci-003
    litellm_params:
      model: "text-completion-openai/text-davinci-003"
    model_info:
      metadata: "here's additional metadata on the model" # returned via GET /model/info
`)
    const [row] = await rowsOf(await makeApp({ config }))
    expect(row).toMatchObject({
      model_name: 'text-davinci-003',
      litellm_params: { model: 'text-completion-openai/text-davinci-003' },
      model_info: { db_model: false, metadata: "here's additional metadata on the model" },
    })
  })

  it('answers the gpt-3.5-turbo example with rpm: 6 and my_custom_key', async () => {
    const config = configOf(`
model_list:
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-eu
      api_base: https://my-endpoint-europe-berri-992.openai.azure.com/
      api_key: os.environ/AZURE_API_KEY_EU
      rpm: 6
    model_info:
      my_custom_key: my_custom_value
`)
    const [row] = await rowsOf(await makeApp({ config, env: { AZURE_API_KEY_EU: 'azure-secret-0001' } }))
    expect(row?.litellm_params).toEqual({
      model: 'azure/gpt-turbo-small-eu',
      api_base: 'https://my-endpoint-europe-berri-992.openai.azure.com/',
      rpm: 6,
    })
    expect(row?.model_info['my_custom_key']).toBe('my_custom_value')
  })

  it('I3 without models answers an empty list', async () => {
    const { get } = await makeApp()
    const { status, body, headers } = await get('/model/info')
    expect([status, body, headers['content-type']]).toEqual([200, { data: [] }, 'application/json'])
  })

  it('lists the file’s rows in its order, then the stored ones in the order they were made', async () => {
    const row = (name: string): string => `  - { model_name: ${name}, litellm_params: { model: x } }\n`
    const app = await makeApp({ config: configOf(`model_list:\n${row('z')}${row('a')}`) })
    for (const name of ['y', 'b', 'c']) await app.post('/model/new', { model_name: name, litellm_params: {} })
    expect((await rowsOf(app)).map((one) => one.model_name)).toEqual(['z', 'a', 'y', 'b', 'c'])
  })

  it('by id answers a list of one, equal to the row in the whole list', async () => {
    const app = await makeApp()
    const created = await app.post('/model/new', { model_name: 'm', litellm_params: { model: 'gpt-4' } })
    await app.post('/model/new', { model_name: 'n', litellm_params: {} })
    for (const path of ['/model/info', '/v1/model/info']) {
      const one = await app.get(`${path}?litellm_model_id=${created.body.model_id}`)
      expect(one.body).toEqual({ data: [(await rowsOf(app))[0]] })
      expect(one.headers['etag']).toBe(created.headers['etag'])
    }
  })

  it('an id that is not there is 400 with the words clients look for', async () => {
    const { get } = await makeApp()
    const { status, body } = await get('/model/info?litellm_model_id=nope')
    expect([status, body]).toEqual([400, { detail: { error: 'Model id = nope not found on litellm proxy' } }])
  })

  it('A9 during an outage a known row is served, and one that only storage could deny is 503, not 400', async () => {
    const storage = memoryAdapter()
    let down = false
    const adapter = {
      ...storage,
      get: (id: string) => (down ? Promise.reject(new Error('down')) : storage.get(id)),
    }
    const { get, post } = await makeApp({ adapter })
    await post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id: 'known' } })
    down = true
    expect((await get('/model/info?litellm_model_id=known')).status).toBe(200)
    const { status, body } = await get('/model/info?litellm_model_id=other')
    expect([status, body.error.message]).toEqual([503, 'The model store cannot be reached.'])
  })

  it('an id that a file row has is taken', async () => {
    const config = configOf(
      'model_list:\n  - { model_name: m, litellm_params: { model: x }, model_info: { id: mine } }\n',
    )
    const app = await makeApp({ config })
    const { status, body } = await app.post('/model/new', {
      model_name: 'n',
      litellm_params: {},
      model_info: { id: 'mine' },
    })
    expect([status, body.error.code]).toEqual([409, '409'])
    expect(await rowsOf(app)).toHaveLength(1)
  })

  it('store_model_in_db: false switches writes off', async () => {
    const { post } = await makeApp({ config: configOf('general_settings: { store_model_in_db: false }\n') })
    const { status, body } = await post('/model/new', { model_name: 'm', litellm_params: {} })
    expect([status, body]).toEqual([
      400,
      {
        error: {
          message:
            'Models cannot be changed here: general_settings.store_model_in_db is false in the config file.',
          type: 'validation_error',
          param: null,
          code: '400',
        },
      },
    ])
  })

  it('H6 the same content is 304 to whoever has it already, and 200 after a change', async () => {
    const { get, post } = await makeApp()
    const first = await get('/model/info')
    const repeat = () => get('/model/info').set('If-None-Match', first.headers['etag'] as string)
    const second = await repeat()
    expect([second.status, second.text, second.headers['etag']]).toEqual([304, '', first.headers['etag']])
    await post('/model/new', { model_name: 'm', litellm_params: {} })
    const third = await repeat()
    expect([third.status, third.body.data.length]).toEqual([200, 1])
  })

  it('J1 an edited file applies without a restart; a broken one keeps the last good models and says where', async () => {
    const config = configOf('model_list:\n  - { model_name: one, litellm_params: { model: x } }\n')
    const app = await makeApp({ config, configWatchMs: 10 })
    const changed = new Promise((resolve) => app.router.registry.on('change', resolve))
    writeFileSync(config, 'model_list:\n  - { model_name: two, litellm_params: { model: x } }\n')
    await changed
    expect((await rowsOf(app)).map((row) => row.model_name)).toEqual(['two'])
    writeFileSync(config, 'model_list:\n  - { model_name: three\n')
    await app.router.registry.reload()
    expect((await rowsOf(app)).map((row) => row.model_name)).toEqual(['two'])
    const { degraded, last_error: error } = app.router.registry.status()
    expect([degraded, error?.code, error?.message]).toEqual([
      true,
      'invalid_config',
      expect.stringMatching(/config-\d+\.yaml:\d+:\d+/),
    ])
  })
})
