import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { startGateway, stopGateways } from '../support/gateway'
import type { RunningGateway } from '../support/gateway'
import { temporaryFolder } from '../support/temporary'
import { closeUpstreams, upstream } from '../support/upstream'

const folder = temporaryFolder()
const env = { MODELS_DB: join(folder, 'models.db'), KEYS_FILE: join(folder, 'keys.yaml') }
writeFileSync(env.KEYS_FILE, '- { key: sk-ann, userId: ann, role: team, teams: [{ id: a, admin: true }] }\n')

afterAll(stopGateways)
afterAll(closeUpstreams)

const refused = (name: string, reason: string): unknown[] => [
  502,
  {
    error: {
      message: `No deployment of '${name}' can be called: ${reason}.`,
      type: 'api_connection_error',
      param: null,
      code: 'upstream_unreachable',
    },
  },
]
const standIn = (status: number): unknown[] => [
  status,
  {
    error: {
      message: `The provider of the model answers with an error (${status}).`,
      type: 'api_error',
      param: null,
      code: 'provider_error',
    },
  },
]
const credentials = (status: number): string =>
  `the provider does not accept the credentials of the gateway (${status})`
const noJson = 'the provider answers with something that is not JSON'
const redirects = (status: number): string =>
  `the provider redirects (${status}), which is not followed; let api_base name where it leads`

const sets =
  (status: number, body: string | object, headers: object = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, { ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))
const html = { 'content-type': 'text/html' }
const keyError = {
  error: { message: 'Incorrect API key provided: sk-canar*****0001', code: 'invalid_api_key' },
}
const tooBig = { error: { message: 'x'.repeat(70_000) } }
const invalid = { error: { message: 'temperature is too high', type: 'invalid_request_error' } }

describe("what of a provider's answer is passed on", () => {
  let gateway: RunningGateway
  beforeAll(async () => (gateway = await startGateway(env)))

  const add = async (name: string, params: object, more: object = {}): Promise<void> => {
    const litellm_params = { model: 'openai/x', api_key: 'sk-canary-upstream-0001', ...params }
    const body = { model_name: name, litellm_params, ...more }
    expect((await gateway.ask('/model/new', { body })).status).toBe(200)
  }
  const call = async (model: string, key = 'sk-1234'): Promise<Response> =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [] }),
    })

  test.each([
    ['401', sets(401, keyError, { 'www-authenticate': 'Basic' }), credentials(401)],
    ['402', sets(402, { error: { message: 'Insufficient balance' } }), credentials(402)],
    ['403', sets(403, 'sk-canary-upstream-0001', html), credentials(403)],
    // fetch takes it for one of a proxy.
    ['407', sets(407, '', { 'proxy-authenticate': 'Basic' }), 'the connection failed'],
    ['400 about the key', sets(400, keyError), credentials(400)],
    [
      '400 as Google tells it',
      sets(400, { error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }),
      credentials(400),
    ],
    ['301', sets(301, '', { location: 'http://169.254.169.254/' }), redirects(301)],
    ['307', sets(307, '', { location: 'https://login.example/?key=sk-canary' }), redirects(307)],
    ['304', sets(304, ''), redirects(304)],
    ['HTML', sets(200, '<script>alert(1)</script>', html), noJson],
    ['nothing', sets(204, ''), noJson],
    ['a page as JavaScript', sets(200, 'alert(1)', { 'content-type': 'text/javascript' }), noJson],
    ['JSON by another name', sets(200, '{}', { 'content-type': 'x; application/json' }), noJson],
  ])('%s is no answer', async (name, answer, reason) => {
    const provider = await upstream((_, response) => answer(response))
    await add(name, { api_base: provider.url })
    const response = await call(name)
    expect([response.status, await response.json()]).toEqual(refused(name, reason))
    expect(
      [...response.headers.keys()].filter((header) => /authenticate|location|cookie/.test(header)),
    ).toEqual([])
  })

  test.each([
    ['a refusal', sets(400, invalid), [400, invalid]],
    ['a page of a load balancer', sets(503, '<h1>down</h1>', html), standIn(503)],
    ['text', sets(429, 'slow down', { 'content-type': 'text/plain' }), standIn(429)],
    ['what is JSON by its name only', sets(500, '<h1>'), standIn(500)],
    ['JSON that is no object', sets(500, '"failed"'), standIn(500)],
    [
      'an echo of the key',
      sets(404, { error: { message: 'no: Bearer sk-canary-upstream-0001' } }),
      standIn(404),
    ],
    ['an error without end', sets(500, tooBig), standIn(500)],
  ])('%s is an error', async (name, answer, wanted) => {
    const provider = await upstream((_, response) => answer(response))
    await add(name, { api_base: provider.url })
    const response = await call(name)
    expect([response.status, await response.json()]).toEqual(wanted)
  })

  test('of its headers two, and the type of the body as one that no browser takes for a page', async () => {
    const headers = {
      'content-type': 'Application/JSON; charset=utf-7',
      'set-cookie': 'a=b',
      'x-request-id': 'req-1',
      'openai-organization': 'org-canary',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=9999',
    }
    const provider = await upstream((_, response) => response.writeHead(200, headers).end('{"a":1}'))
    await add('headers', { api_base: provider.url }, { model_info: { id: 'headers-id' } })
    const response = await call('headers')
    const { connection: _, date: __, 'keep-alive': ___, ...got } = Object.fromEntries(response.headers)
    expect([got, await response.json()]).toEqual([
      {
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
        'transfer-encoding': 'chunked',
        'x-content-type-options': 'nosniff',
        'x-litellm-model-id': 'headers-id',
        'x-request-id': 'req-1',
      },
      { a: 1 },
    ])
  })

  test('a deployment whose provider refuses the key is passed over, and the log says which', async () => {
    const refusing = await upstream((_, response) => sets(401, keyError)(response))
    const working = await upstream((_, response) => sets(200, { fine: true })(response))
    await add('pair', { api_base: refusing.url, rpm: 1_000_000 }, { model_info: { id: 'pair-refused' } })
    await add('pair', { api_base: working.url, rpm: 1 })
    const response = await call('pair')
    expect([response.status, await response.json()]).toEqual([200, { fine: true }])
    expect(gateway.output()).toContain(`Model ["pair-refused","pair"] cannot be called: ${credentials(401)}`)
  })

  test("a team's model is known to nobody by its internal name", async () => {
    const provider = await upstream((_, response) => sets(500, '<h1>', html)(response))
    const dead = await upstream(() => undefined)
    await dead.close()
    for (const [name, url] of [
      ['ours-failing', provider.url],
      ['ours-dead', dead.url],
    ] as const) {
      const litellm_params = { model: 'openai/x', api_base: url }
      const body = { model_name: name, litellm_params, model_info: { team_id: 'a' } }
      expect((await gateway.ask('/model/new', { key: 'sk-ann', body })).status).toBe(200)
    }
    const failing = await call('ours-failing', 'sk-ann')
    expect([failing.status, await failing.json()]).toEqual(standIn(500))
    const unreachable = await call('ours-dead', 'sk-ann')
    expect([unreachable.status, await unreachable.json()]).toEqual(refused('ours-dead', 'ECONNREFUSED'))
    expect(gateway.output()).not.toContain('model_name_')
  })

  test('no part of a key is in its output', () => {
    expect(gateway.output()).not.toMatch(/sk-canar/)
  })
})
