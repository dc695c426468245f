import { masterKey, makeApp } from '../support/app'
import { canary } from '../support/canary'
import { holding } from '../support/held'
import type { Held } from '../support/held'
import type { TestApp } from '../support/app'

const teams = [{ id: 'a', admin: true }]
const keys = [{ key: 'sk-team', userId: 'ann', role: 'internal_user' as const, teams }]
const auth = { masterKey, keys }
const secret = canary(1)
const evil = 'https://evil.example'

async function appOver(params: object, name = 'ours'): Promise<TestApp & Held> {
  const info = { team_id: 'a', team_public_model_name: name }
  const held = await holding({ one: { litellm_params: { model: 'x', ...params }, model_info: info } })
  return { ...(await makeApp({ adapter: held.adapter, auth })), ...held }
}

const again = (place: string): object => {
  const message = `${place} says where api_key is sent. Send api_key again with it.`
  return { error: { message, type: 'validation_error', param: place, code: '400' } }
}
const servers = (place: string): object => {
  const message = `${place} says where api_key is sent, which is the server's. Send your own api_key with it.`
  return { error: { message, type: 'validation_error', param: place, code: '400' } }
}

describe('B11 a stored secret stays where it was sent, by whatever name that is said', () => {
  /** [the parameters before, those sent, which one says so] */
  it.each<[object, object, string]>([
    [{}, { ssl_verify: false }, 'ssl_verify'],
    [{}, { verify: false }, 'verify'],
    [{}, { deployment_id: 'other' }, 'deployment_id'],
    [{}, { custom_llm_provider: 'other' }, 'custom_llm_provider'],
    [{}, { gateway: evil }, 'gateway'],
    [{}, { authority: evil }, 'authority'],
    [{}, { origin: evil }, 'origin'],
    [{}, { transport: evil }, 'transport'],
    [{}, { target: 'evil.example' }, 'target'],
    [{}, { openai_base: 'evil' }, 'openai_base'],
    [{}, { backend: 'evil.example:80' }, 'backend'],
    [{}, { note: '10.1.1.1' }, 'note'],
    [{}, { path: '//evil.example' }, 'path'],
    [{}, { api_path: '@evil.example' }, 'api_path'],
    [{}, { api_version: `2024?x=${evil}` }, 'api_version'],
    [{}, { fallbacks: ['other/x'] }, 'fallbacks.0'],
    [{}, { fallbacks: [{ model: 'other/x' }] }, 'fallbacks.0.model'],
    [{}, { extra_body: { text: JSON.stringify([{ gateway: evil }]) } }, 'extra_body.text.0.gateway'],
    [{}, { mounts: { [evil]: 'x' } }, `mounts.${evil}`],
    [{ ssl_verify: true }, { ssl_verify: null }, 'ssl_verify'],
    [{ gateway: 'https://good.example' }, { gateway: null }, 'gateway'],
    [{ fallbacks: ['good/x'] }, { fallbacks: [] }, 'fallbacks.0'],
  ])('refuses to make %j %j', async (before, params, param) => {
    const app = await appOver({ api_key: secret, ...before })
    const kept = await app.model()
    const patch = { litellm_params: params }
    const { status, body } = await app.send('patch', '/model/one/update', patch, 'sk-team')
    expect([status, body, await app.model()]).toEqual([400, again(`litellm_params.${param}`), kept])
    const own = { litellm_params: { ...params, api_key: canary(2) } }
    expect((await app.send('patch', '/model/one/update', own, 'sk-team')).status).toBe(200)
  })

  it.each<[string, object, object]>([
    [
      'where a search of the model is at home',
      { web_search_options: { user_location: { approximate: { region: 'Oslo' } } } },
      {
        web_search_options: { user_location: { approximate: { region: 'Bergen', timezone: 'Europe/Oslo' } } },
      },
    ],
    [
      'what only sounds like a host',
      {},
      {
        max_instance: 2,
        grounding_zone: 'x',
        use_litellm_proxy: true,
        timezone: 'Europe/Oslo',
        supabase_host_count: 3,
        use_proxy: true,
        max_hosts: 5,
        milvus_db_name: 'x',
        organization: 'o',
        disable_fallbacks: true,
      },
    ],
    [
      'values that only look like one',
      {},
      {
        aspect_ratio: '16:9',
        version: 'gpt-4.1',
        file: 'model.json',
        note: 'see https://docs.example for more',
      },
    ],
    [
      'addresses that are not called',
      {},
      {
        metadata: { docs: evil },
        tags: [evil],
        response_format: { $schema: 'https://json-schema.org/draft' },
        search_domain_filter: ['news.example'],
        extra_headers: { 'HTTP-Referer': 'https://app.example' },
      },
    ],
  ])('takes %s, in an update and in a new model', async (_what, before, params) => {
    const app = await appOver({ api_key: secret, ...before })
    const patch = { litellm_params: params }
    expect((await app.send('patch', '/model/one/update', patch, 'sk-team')).status).toBe(200)
    const body = { model_name: 'm', litellm_params: { model: 'x', ...params }, model_info: { team_id: 'a' } }
    expect((await app.post('/model/new', body, 'sk-team')).status).toBe(200)
  })
})

describe('B11 the name of a pattern says where a secret is sent', () => {
  it.each<[string, string, string, string]>([
    ['a pattern of other providers', 'openai/*', 'openai/*', '*:*'],
    ['a pattern of two parts', 'openai/*', 'openai/*', '*/*'],
    ['a pattern of less', 'openai/*', 'openai/*', '*'],
    ['a pattern of the same shape', 'openai/*', 'openai/*', 'mine/*'],
    ['a first star', '*', 'ours', '*/*'],
    ['no star any more', 'openai/*', 'openai/*', 'openai/x'],
  ])('refuses %s', async (_what, model, name, renamed) => {
    for (const api_key of [secret, 'os.environ/A']) {
      const app = await appOver({ model, api_key }, name)
      const kept = await app.model()
      const answer = (api_key === secret ? again : servers)('model_name')
      for (const patch of [{ model_name: renamed }, { model_info: { team_public_model_name: renamed } }]) {
        const { status, body } = await app.send('patch', '/model/one/update', patch, 'sk-team')
        expect([status, body, await app.model()]).toEqual([400, answer, kept])
      }
      const own = { model_name: renamed, litellm_params: { api_key: canary(2) } }
      expect((await app.send('patch', '/model/one/update', own, 'sk-team')).status).toBe(200)
    }
  })

  it('refuses to make a pattern of a model whose name has stars', async () => {
    const app = await appOver({ model: 'openai/x', api_key: secret }, '*:*')
    const patch = { litellm_params: { model: 'openai/*' } }
    const { status, body } = await app.send('patch', '/model/one/update', patch, 'sk-team')
    expect([status, body]).toEqual([400, again('model_name')])
  })

  it.each([
    ['openai/*', 'mine'],
    ['openai/x', '*'],
  ])('takes a name that changes nothing: %s as %s', async (model, name) => {
    const app = await appOver({ model, api_key: secret })
    expect((await app.send('patch', '/model/one/update', { model_name: name }, 'sk-team')).status).toBe(200)
  })
})
