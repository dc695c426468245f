import { masterKey, makeApp } from '../support/app'
import { canary } from '../support/canary'
import { holding } from '../support/held'
import type { Held } from '../support/held'
import type { TestApp } from '../support/app'

const teams = [{ id: 'a', admin: true }]
const keys = [{ key: 'sk-team', userId: 'ann', role: 'internal_user' as const, teams }]
const auth = { masterKey, keys }
const secret = canary(1)
const stored = { api_key: secret, api_base: 'https://good.example' }

const invalid = (message: string, param: string): object => ({
  error: { message, type: 'validation_error', param, code: '400' },
})
async function appOver(params: object): Promise<TestApp & Held> {
  const info = { team_id: 'a', team_public_model_name: 'ours' }
  const parts = { litellm_params: { model: 'x', ...params }, model_info: info }
  const held = await holding({ one: parts })
  return { ...(await makeApp({ adapter: held.adapter, auth })), ...held }
}

describe('B11 a stored secret stays with the host it was given for', () => {
  const again = (host: string, kept: string): string =>
    `litellm_params.${host} says where ${kept} is sent. Send ${kept} again with it.`
  const servers = (host: string, kept: string): string =>
    `litellm_params.${host} says where ${kept} is sent, which is the server's. Send your own ${kept} with it.`
  const header = { extra_headers: { Authorization: `Bearer ${secret}` } }
  const evil = 'https://evil.example'

  /** [what, the params before, the params sent, message, param] */
  it.each<[string, object, object, string, string]>([
    ['another host', stored, { api_base: evil }, again('api_base', 'api_key'), 'api_base'],
    ['no host', stored, { api_base: null }, again('api_base', 'api_key'), 'api_base'],
    ['a first host', { api_key: secret }, { api_base: evil }, again('api_base', 'api_key'), 'api_base'],
    ['another spelling', stored, { baseURL: evil }, again('baseURL', 'api_key'), 'baseURL'],
    [
      'a mask beside it',
      stored,
      { api_base: evil, api_key: '********' },
      again('api_base', 'api_key'),
      'api_base',
    ],
    [
      'a header added to the secret one',
      { ...header, api_base: 'https://good.example' },
      { api_base: evil, extra_headers: { Authorization: '********', 'X-New': 'n' } },
      again('api_base', 'extra_headers.Authorization'),
      'api_base',
    ],
    [
      'one of two secrets brought along',
      { ...stored, aws_session_token: secret },
      { api_base: evil, api_key: canary(2) },
      again('api_base', 'aws_session_token'),
      'api_base',
    ],
    [
      'a host inside',
      { api_key: secret, extra_body: { api_base: 'https://good.example' } },
      { extra_body: { api_base: evil } },
      again('extra_body.api_base', 'api_key'),
      'extra_body.api_base',
    ],
    ['another provider', stored, { model: 'anthropic/x' }, again('model', 'api_key'), 'model'],
    [
      'another region, which is a part of the host',
      { aws_secret_access_key: secret },
      { aws_region_name: 'x.evil.example/' },
      again('aws_region_name', 'aws_secret_access_key'),
      'aws_region_name',
    ],
    [
      'a host that callers may choose',
      stored,
      { configurable_clientside_auth_params: ['api_base'] },
      again('configurable_clientside_auth_params.0', 'api_key'),
      'configurable_clientside_auth_params.0',
    ],
    [
      'a reference of the server',
      { api_key: 'os.environ/A' },
      { api_base: evil },
      servers('api_base', 'api_key'),
      'api_base',
    ],
    [
      'a reference of the server, sent again',
      { extra_headers: { Authorization: 'os.environ/A' } },
      { api_base: evil, extra_headers: { Authorization: 'os.environ/A' } },
      servers('api_base', 'extra_headers.Authorization'),
      'api_base',
    ],
    [
      'a stored credential of the server',
      { litellm_credential_name: 'shared' },
      { api_base: evil },
      servers('api_base', 'litellm_credential_name'),
      'api_base',
    ],
    [
      'another provider',
      { ...stored, model: 'openai/x' },
      { model: 'anthropic/x' },
      again('model', 'api_key'),
      'model',
    ],
    [
      'a model that is an address',
      { api_key: secret, model: 'huggingface/x' },
      { model: `huggingface/${evil}` },
      again('model', 'api_key'),
      'model',
    ],
    [
      'the same inside',
      stored,
      { fallbacks: [{ model: `huggingface/${evil}` }] },
      again('fallbacks.0.model', 'api_key'),
      'fallbacks.0.model',
    ],
    [
      'a proxy of a scheme',
      stored,
      { proxies: { https: evil } },
      again('proxies.https', 'api_key'),
      'proxies.https',
    ],
    ['one of several hosts', stored, { hosts: ['evil.example'] }, again('hosts.0', 'api_key'), 'hosts.0'],
    [
      'a name that only hints',
      stored,
      { api_base_override: evil },
      again('api_base_override', 'api_key'),
      'api_base_override',
    ],
    [
      'an account, which is a part of the host',
      stored,
      { account_id: 'evil' },
      again('account_id', 'api_key'),
      'account_id',
    ],
    [
      'another address inside of a text',
      { ...stored, auto_router_config: JSON.stringify({ url: 'https://good.example' }) },
      { auto_router_config: JSON.stringify({ url: evil }) },
      again('auto_router_config.url', 'api_key'),
      'auto_router_config.url',
    ],
  ])('refuses %s', async (_what, before, params, message, param) => {
    const app = await appOver(before)
    const kept = await app.model()
    const { status, body } = await app.send(
      'patch',
      '/model/one/update',
      { litellm_params: params },
      'sk-team',
    )
    expect([status, body]).toEqual([400, invalid(message, `litellm_params.${param}`)])
    expect(await app.model()).toEqual(kept)
  })

  it('refuses a name that makes another address or provider of a model that has no other', async () => {
    const unnamed = { api_key: secret }
    const held = await holding({
      one: {
        litellm_params: unnamed,
        model_info: { team_id: 'a', team_public_model_name: 'ours' },
      },
    })
    const app = await makeApp({ adapter: held.adapter, auth })
    const kept = await held.model()
    for (const name of [`huggingface/${evil}`, 'anthropic/x']) {
      const { status, body } = await app.send('patch', '/model/one/update', { model_name: name }, 'sk-team')
      const message = 'model_name says where api_key is sent. Send api_key again with it.'
      expect([status, body]).toEqual([400, invalid(message, 'model_name')])
      expect(await held.model()).toEqual(kept)
    }
    const { status } = await app.send('patch', '/model/one/update', { model_name: 'mine' }, 'sk-team')
    expect(status).toBe(200)
  })

  it.each<[string, object, object]>([
    ['a host with a new secret', stored, { api_base: evil, api_key: canary(2) }],
    ['a host with the same secret, sent again', stored, { api_base: evil, api_key: secret }],
    ['a host with the secret removed', stored, { api_base: evil, api_key: null }],
    ['a host where there is no secret', {}, { api_base: evil, rpm: 5 }],
    ['another model of the same provider', { ...stored, model: 'openai/a' }, { model: 'openai/b' }],
    ['what is not about hosts', stored, { rpm: 5, temperature: 0, extra_headers: { 'X-New': 'n' } }],
    [
      'a list in another order with all of its secrets',
      { pool: [stored, { api_key: canary(3), api_base: 'https://other.example' }] },
      { pool: [{ api_key: canary(3), api_base: 'https://other.example' }, stored] },
    ],
    ['a new secret for the same host', stored, { api_key: canary(2) }],
  ])('takes %s', async (_what, before, params) => {
    const app = await appOver(before)
    const patch = { litellm_params: params, model_info: { docs_url: evil }, api_base: evil }
    expect((await app.send('patch', '/model/one/update', patch, 'sk-team')).status).toBe(200)
  })

  it.each([secret, canary(2)])('tells nobody whether a guess beside a secret is right', async (guess) => {
    const app = await appOver(stored)
    const kept = await app.model()
    const patch = { litellm_params: { api_base: evil, beside: { api_key: guess } } }
    const { status, body } = await app.send('patch', '/model/one/update', patch, 'sk-team')
    const refused = invalid(again('api_base', 'api_key'), 'litellm_params.api_base')
    expect([status, body, await app.model()]).toEqual([400, refused, kept])
  })

  it('administrators of the proxy change what they like', async () => {
    const app = await appOver(stored)
    const patch = { litellm_params: { api_base: evil, input_cost_per_token: 0, note: 'os.environ/A' } }
    expect((await app.send('patch', '/model/one/update', patch)).status).toBe(200)
  })
})
