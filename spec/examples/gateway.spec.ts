import { spawnSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { APIError, NotFoundError, PermissionDeniedError } from 'openai'
import { startGateway, stopGateways } from '../support/gateway'
import type { RunningGateway } from '../support/gateway'
import { temporaryFolder } from '../support/temporary'
import { closeUpstreams, upstream } from '../support/upstream'

const folder = temporaryFolder()
const env = { MODELS_DB: join(folder, 'models.db'), KEYS_FILE: join(folder, 'keys.yaml') }
writeFileSync(env.KEYS_FILE, '- { key: sk-echo, userId: ann, role: internal_user, models: [local-echo] }\n')

const user = (content: string) => [{ role: 'user' as const, content }]
const caught = async (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error)

afterAll(stopGateways)
afterAll(closeUpstreams)

describe('the example gateway', () => {
  let gateway: RunningGateway
  beforeAll(async () => (gateway = await startGateway(env)))

  const add = async (name: string, params: object, id?: string) => {
    const body = {
      model_name: name,
      litellm_params: params,
      ...(id === undefined ? {} : { model_info: { id } }),
    }
    expect((await gateway.ask('/model/new', { body })).status).toBe(200)
  }
  const local = () => ({ model: 'openai/echo', api_base: `${gateway.url}/local/v1` })
  const said = async (name: string, content = 'Hello') => {
    const { choices } = await gateway
      .client()
      .chat.completions.create({ model: name, messages: user(content) })
    return choices[0]?.message.content
  }

  test('the curl lines that it prints work', () => {
    const lines = gateway.output().match(/^ +curl .*$/gm) ?? []
    const answers = lines.map((line) => spawnSync('bash', ['-c', line.replace('curl -s', 'curl -sf')]))
    expect(answers.map(({ status }) => status)).toEqual([0, 0, 0])
    const [list, added, chat] = answers.map(({ stdout }) => JSON.parse(String(stdout)) as object)
    expect(list).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ model_name: 'local-echo' })]),
    })
    expect(added).toMatchObject({ model_name: 'my-echo' })
    expect(chat).toMatchObject({ choices: [{ message: { role: 'assistant', content: 'You said: Hello' } }] })
  })

  test('what it prints names the models, the variables that are missing and the well-known key', () => {
    const text = gateway.output()
    expect(text).toContain('local-echo, text-davinci-003, gpt-4, gpt-3.5-turbo')
    expect(text).toContain('OPENAI_API_KEY, AZURE_API_KEY_EU: not set')
    expect(text).toContain('Everybody knows the key sk-1234')
    expect(text).not.toContain('sk-echo')
  })

  test('a model that was just added answers chat, streamed chat and embeddings', async () => {
    await add('new-one', { ...local(), temperature: 0 }, 'the-new-one')
    const { chat, embeddings } = gateway.client()
    const { response } = await chat.completions
      .create({ model: 'new-one', messages: user('one two') })
      .withResponse()
    expect(response.headers.get('x-litellm-model-id')).toBe('the-new-one')
    expect(await said('new-one', 'one two')).toBe('You said: one two')

    const stream = await chat.completions.create({
      model: 'new-one',
      messages: user('one two'),
      stream: true,
    })
    const pieces: string[] = []
    for await (const { choices } of stream) pieces.push(choices[0]?.delta.content ?? '')
    expect(pieces.filter((piece) => piece !== '')).toEqual(['You ', 'said: ', 'one ', 'two'])

    const { data } = await embeddings.create({ model: 'new-one', input: ['a', 'b'] })
    const { data: floats } = await embeddings.create({
      model: 'new-one',
      input: 'b',
      encoding_format: 'float',
    })
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
    expect(floats[0]?.embedding).toEqual(data[1]?.embedding)
  })

  test('an id that no header can hold is told encoded', async () => {
    await add('odd', local(), 'é "x"\n')
    const { response } = await gateway
      .client()
      .chat.completions.create({ model: 'odd', messages: user('x') })
      .withResponse()
    expect([response.status, response.headers.get('x-litellm-model-id')]).toEqual([
      200,
      '%C3%A9%20%22x%22%0A',
    ])
  })

  test.each([
    ['chat/completions', { messages: [null] }, 200],
    ['chat/completions', { messages: [{ content: [null, { text: 5 }] }] }, 200],
    ['chat/completions', { messages: {} }, 400],
    ['embeddings', { input: 5 }, 400],
    ['embeddings', { input: { length: 1 } }, 400],
    ['embeddings', { input: [null, {}] }, 200],
  ])('its own provider takes whatever it is sent: %s %j', async (path, sent, wanted) => {
    const body = { model: 'local-echo', ...sent }
    expect((await gateway.ask(`/v1/${path}`, { body })).status).toBe(wanted)
  })

  test.each(['', '/', '/v1', '/v1/', '/openai/custom/'])(
    'api_base http://host%s finds its path',
    async (path) => {
      const provider = await upstream((_, response) => response.end('{}'))
      await add(`base${path}`, { model: 'openai/org/model', api_base: provider.url + path })
      await gateway.client().chat.completions.create({ model: `base${path}`, messages: user('x') })
      const wanted = path.startsWith('/openai') ? '/openai/custom' : '/v1'
      expect(provider.calls.map(({ url }) => url)).toEqual([`${wanted}/chat/completions`])
      expect(JSON.parse(provider.calls[0]?.body ?? '')).toEqual({ model: 'org/model', messages: user('x') })
    },
  )

  test('the provider gets the key, the headers and the defaults of the deployment', async () => {
    const provider = await upstream((_, response) => response.end('{}'))
    await add('full', {
      model: 'azure/mine',
      api_base: provider.url,
      api_key: 'sk-canary-upstream',
      organization: 'org-1',
      extra_headers: { 'X-Extra': 'yes' },
      temperature: 0.5,
      max_tokens: 7,
    })
    await gateway.client().chat.completions.create({ model: 'full', messages: user('x'), max_tokens: 9 })
    const [call] = provider.calls
    expect(call?.url).toBe('/openai/v1/chat/completions')
    expect(call?.headers).toMatchObject({
      authorization: 'Bearer sk-canary-upstream',
      'openai-organization': 'org-1',
      'x-extra': 'yes',
    })
    expect(JSON.parse(call?.body ?? '')).toEqual({
      model: 'mine',
      messages: user('x'),
      temperature: 0.5,
      max_tokens: 9,
    })
    expect(gateway.output()).not.toContain('sk-canary-upstream')
  })

  test("a provider's refusal is passed on with its status", async () => {
    const error = { message: 'slow down', type: 'requests', param: null, code: 'rate_limit_exceeded' }
    const provider = await upstream((_, response) =>
      response
        .writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' })
        .end(JSON.stringify({ error })),
    )
    await add('busy', { model: 'x', api_base: provider.url })
    const refusal = (await caught(said('busy'))) as APIError
    expect(refusal).toBeInstanceOf(APIError)
    expect([refusal.status, refusal.error, refusal.headers?.get('retry-after')]).toEqual([429, error, '7'])
  })

  test('a deployment that refuses connections is passed over', async () => {
    const dead = await upstream(() => undefined)
    await dead.close()
    await add('pair', { model: 'x', api_base: dead.url, rpm: 1_000_000 }, 'pair-dead')
    await add('pair', { ...local(), rpm: 1 }, 'pair-alive')
    const { response } = await gateway
      .client()
      .chat.completions.create({ model: 'pair', messages: user('Hello') })
      .withResponse()
    expect(response.headers.get('x-litellm-model-id')).toBe('pair-alive')
    expect(gateway.output()).toContain('Model ["pair-dead","pair"] cannot be called: ECONNREFUSED')
  })

  test('when none can be called, 502 says why, and nothing of the host or the key', async () => {
    const dead = await upstream(() => undefined)
    await dead.close()
    await add('none', { model: 'x', api_base: dead.url, api_key: 'sk-canary-dead' })
    await add('none', { model: 'anthropic/claude', api_key: 'sk-canary-other' })
    await add('none', { model: 'x', api_base: dead.url, api_key: 'sk-canary\nheader' })
    const refusal = (await caught(said('none'))) as APIError
    expect([refusal.status, refusal.code]).toEqual([502, 'upstream_unreachable'])
    expect(refusal.message).toContain('ECONNREFUSED')
    expect(refusal.message).toContain('api_base is missing, and anthropic has no known one')
    expect(refusal.message + gateway.output()).not.toMatch(/sk-canary|127\.0\.0\.1:\d+ refused/)
  })

  test("an unknown model is OpenAI's 404", async () => {
    const refusal = (await caught(said('no-such-model'))) as APIError
    expect(refusal).toBeInstanceOf(NotFoundError)
    expect(refusal.error).toEqual({
      message: "The model 'no-such-model' does not exist.",
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
    })
  })

  test('a model whose deployments are all paused is 503', async () => {
    const body = { model_name: 'paused', litellm_params: local(), blocked: true }
    expect((await gateway.ask('/model/new', { body })).status).toBe(200)
    const refusal = (await caught(said('paused'))) as APIError
    expect([refusal.status, refusal.code]).toEqual([503, 'model_blocked'])
  })

  test('a model that another gateway added a moment ago is found', async () => {
    const colleague = await startGateway(env)
    const body = { model_name: 'from-colleague', litellm_params: local() }
    expect((await colleague.ask('/model/new', { body })).status).toBe(200)
    expect(await said('from-colleague')).toBe('You said: Hello')
    await colleague.stop()
  })

  test('a key without the model is refused it and does not see it', async () => {
    const ann = gateway.client('sk-echo')
    const allowed = await ann.chat.completions.create({ model: 'local-echo', messages: user('Hi') })
    expect(allowed.choices[0]?.message.content).toBe('You said: Hi')
    const refusal = (await caught(
      ann.chat.completions.create({ model: 'gpt-4', messages: user('Hi') }),
    )) as APIError
    expect(refusal).toBeInstanceOf(PermissionDeniedError)
    expect(refusal.type).toBe('key_model_access_denied')
    const { body } = await gateway.ask('/model/info', { key: 'sk-echo' })
    expect((body as { data: { model_name: string }[] }).data.map((model) => model.model_name)).toEqual([
      'local-echo',
    ])
  })

  test.each([
    ['no such key', 'sk-nobody', { model: 'local-echo' }, 401, 'invalid_api_key', null],
    ['no model in the body', 'sk-1234', { messages: [] }, 400, null, 'model'],
    ['what the provider refuses', 'sk-1234', { model: 'local-echo', messages: [] }, 400, null, 'messages'],
  ])('%s is an error of OpenAI’s shape', async (_, key, body, status, code, param) => {
    const answer = await gateway.ask('/v1/chat/completions', { key, body })
    expect(answer).toEqual({
      status,
      body: {
        error: { message: expect.any(String), type: expect.any(String), param, code },
      },
    })
  })

  test.each([
    ['before the answer', () => undefined],
    ['during a stream', (response: ServerResponse) => response.write('data: {"choices":[]}\n\n')],
  ])('a caller who hangs up %s ends the call to the provider', async (when, begin) => {
    const arrived = new EventEmitter()
    const provider = await upstream((_, response) => {
      begin(response)
      arrived.emit('call', response)
    })
    await add(when, { model: 'x', api_base: provider.url })
    const hangUp = new AbortController()
    const calling = once(arrived, 'call') as Promise<[ServerResponse]>
    const chat = { model: when, messages: user('x'), stream: true } as const
    const call = caught(gateway.client().chat.completions.create(chat, { signal: hangUp.signal }))
    const [response] = await calling
    const closed = once(response, 'close')
    if (response.headersSent) await call
    hangUp.abort()
    await closed
    expect(response.writableFinished).toBe(false)
  })
})
