import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startGateway, stopGateways } from '../support/gateway'
import type { RunningGateway } from '../support/gateway'
import { temporaryFolder } from '../support/temporary'
import { closeUpstreams, upstream } from '../support/upstream'

const execute = promisify(execFile)
const env = { MODELS_DB: join(temporaryFolder(), 'models.db') }
const messages = [{ role: 'user' as const, content: 'one two' }]

afterAll(stopGateways)
afterAll(closeUpstreams)

describe('the example gateway on Express 4', () => {
  let gateway: RunningGateway
  beforeAll(async () => (gateway = await startGateway(env, { express: 4 })))

  test('calls a model, also as a stream', async () => {
    const { completions } = gateway.client().chat
    const { choices } = await completions.create({ model: 'local-echo', messages })
    expect(choices[0]?.message.content).toBe('You said: one two')
    let text = ''
    for await (const piece of await completions.create({ model: 'local-echo', messages, stream: true }))
      text += piece.choices[0]?.delta.content ?? ''
    expect(text).toBe('You said: one two')
  })

  test.each([
    ['no such key', 'sk-nobody', 'POST', '{"model":"local-echo"}', 401, 'invalid_api_key'],
    ['no such model', 'sk-1234', 'POST', '{"model":"no"}', 404, 'model_not_found'],
    ['no model', 'sk-1234', 'POST', '{}', 400, null],
    ['no JSON', 'sk-1234', 'POST', '{"model', 400, 'invalid_json'],
    ['what the provider refuses', 'sk-1234', 'POST', '{"model":"local-echo"}', 400, null],
    [
      'a model that cannot be called',
      'sk-1234',
      'POST',
      '{"model":"text-davinci-003"}',
      502,
      'upstream_unreachable',
    ],
    ['another method', 'sk-1234', 'GET', undefined, 404, 'unknown_url'],
  ])(
    '%s is an error of OpenAI’s shape, and the next call is answered',
    async (_, key, method, body, status, code) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      })
      expect([response.status, await response.json()]).toEqual([
        status,
        expect.objectContaining({ error: expect.objectContaining({ code }) }),
      ])
    },
  )

  test('a provider that breaks off ends the answer, not the gateway', async () => {
    const provider = await upstream((_, response) => {
      response.write('{"choices":', () => response.destroy())
    })
    const litellm_params = { model: 'openai/x', api_base: provider.url }
    await gateway.ask('/model/new', { body: { model_name: 'broken', litellm_params } })
    const body = { model: 'broken', messages }
    await expect(gateway.ask('/v1/chat/completions', { body })).rejects.toThrow(/terminated|fetch failed/)
    expect((await gateway.ask('/model/info')).status).toBe(200)
  })

  test('ends when it is asked to, without an error that nobody handled', async () => {
    expect(await gateway.stop()).toBe(0)
    expect(gateway.output()).not.toMatch(/unhandled|UnhandledPromise/i)
  })

  test('is really on Express 4', async () => {
    const { stdout } = await execute(process.execPath, [
      '-r',
      './spec/tools/express-4.cjs',
      '-p',
      "require('express/package.json').version",
    ])
    expect(stdout).toMatch(/^4\./)
  })
})
