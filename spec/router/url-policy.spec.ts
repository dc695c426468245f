import type { UrlPolicy } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'

const keys = [
  { key: 'sk-team', userId: 'ann', role: 'internal_user', teams: [{ id: 't', admin: true }] },
] as const
const metadata = 'http://169.254.169.254/latest'
const refusal = (param: string, reason: string): object => ({
  error: {
    message: `${param} is refused by the URL policy of this gateway: ${reason}.`,
    type: 'validation_error',
    param,
    code: '400',
  },
})
const linkLocal = 'it is a link-local address or the metadata service of a cloud'
const ofTeam = (params: object): object => ({
  model_name: 'm',
  litellm_params: { model: 'openai/x', ...params },
  model_info: { team_id: 't' },
})
const appWith = (urlPolicy?: UrlPolicy): Promise<TestApp> => makeApp({ auth: { masterKey, keys }, urlPolicy })

describe('B13 the addresses in a model', () => {
  test.each<[string, object, string, string]>([
    ['api_base', { api_base: metadata }, 'litellm_params.api_base', linkLocal],
    ['base_url', { base_url: metadata }, 'litellm_params.base_url', linkLocal],
    ['an endpoint', { aws_sts_endpoint: metadata }, 'litellm_params.aws_sts_endpoint', linkLocal],
    ['a storage URL', { s3_endpoint_url: metadata }, 'litellm_params.s3_endpoint_url', linkLocal],
    ['a bare host', { valkey_host: '169.254.169.254' }, 'litellm_params.valkey_host', linkLocal],
    ['a nested one', { extra: { apiBase: metadata } }, 'litellm_params.extra.apiBase', linkLocal],
    [
      'one in a list',
      { fallbacks: [{ baseURL: metadata }] },
      'litellm_params.fallbacks.0.baseURL',
      linkLocal,
    ],
    ['the model itself', { model: `huggingface/${metadata}` }, 'litellm_params.model', linkLocal],
    [
      'the model itself, with a slash less',
      { model: `huggingface/${metadata.replace('//', '/')}` },
      'litellm_params.model',
      'its scheme is not followed by // and a host',
    ],
    [
      'the model itself, with a blank that parsers skip',
      { model: `huggingface/${metadata.replace('//', '\t//')}` },
      'litellm_params.model',
      linkLocal,
    ],
    [
      'a model inside',
      { fallbacks: [{ model: `huggingface/${metadata}` }] },
      'litellm_params.fallbacks.0.model',
      linkLocal,
    ],
    ['one of several endpoints', { endpoints: [metadata] }, 'litellm_params.endpoints.0', linkLocal],
    ['one of several hosts', { hosts: ['169.254.169.254'] }, 'litellm_params.hosts.0', linkLocal],
    ['a host by another name', { host_name: '169.254.169.254' }, 'litellm_params.host_name', linkLocal],
    ['a proxy of a scheme', { proxies: { https: metadata } }, 'litellm_params.proxies.https', linkLocal],
    [
      'a host of a scheme',
      { proxies: { https: '169.254.169.254:80' } },
      'litellm_params.proxies.https',
      linkLocal,
    ],
    [
      'a name that only hints',
      { api_base_override: metadata },
      'litellm_params.api_base_override',
      linkLocal,
    ],
    [
      'where a service account fetches its token',
      { vertex_credentials: { token_uri: metadata } },
      'litellm_params.vertex_credentials.token_uri',
      linkLocal,
    ],
    [
      'the same, written as text',
      { vertex_credentials: JSON.stringify({ credential_source: { url: metadata } }) },
      'litellm_params.vertex_credentials.credential_source.url',
      linkLocal,
    ],
    ...['account_id', 'azure_resource_name', 's3_bucket_name'].map(
      (name): [string, object, string, string] => [
        'what clients build a host of',
        { [name]: 'a.example/' },
        `litellm_params.${name}`,
        'it would lead to another host',
      ],
    ),
    ...['169.254.169.254/x', 'a.example?', 'a.example#', 'x@a.example', 'a.example\\', 'a.example\n'].map(
      (place): [string, object, string, string] => [
        'a region',
        { vertex_location: place },
        'litellm_params.vertex_location',
        'it would lead to another host',
      ],
    ),
    [
      'a nested region',
      { extra: { aws_region_name: 'x.example/' } },
      'litellm_params.extra.aws_region_name',
      'it would lead to another host',
    ],
    ...[
      'gateway',
      'authority',
      'origin',
      'transport',
      'target',
      'openai_base',
      'custom_llm_provider',
      'backend',
      'note',
    ].map((name): [string, object, string, string] => [
      'an address by any name',
      { [name]: metadata },
      `litellm_params.${name}`,
      linkLocal,
    ]),
    ['a bare address', { target: '169.254.169.254:80' }, 'litellm_params.target', linkLocal],
    ['an address without a scheme', { path: '//169.254.169.254/' }, 'litellm_params.path', linkLocal],
    ['one of several in a text', { note: `https://a.example,${metadata}` }, 'litellm_params.note', linkLocal],
    ['one that prose speaks of', { note: `see ${metadata} for more` }, 'litellm_params.note', linkLocal],
    [
      'an address for the provider',
      { metadata: { x: [metadata] } },
      'litellm_params.metadata.x.0',
      linkLocal,
    ],
    ['a name of an object', { mounts: { [metadata]: 'x' } }, `litellm_params.mounts.${metadata}`, linkLocal],
    [
      'the host of a metadata service',
      { target: 'metadata.google.internal' },
      'litellm_params.target',
      'it is the metadata service of a cloud',
    ],
    [
      'a deployment that is a path',
      { deployment_id: '../../x' },
      'litellm_params.deployment_id',
      'it would lead to another host',
    ],
    ['no URL', { api_base: 'my-azure-api-base' }, 'litellm_params.api_base', 'it is no URL'],
    [
      'a host behind another',
      { api_base: 'http://good.example\\@169.254.169.254/' },
      'litellm_params.api_base',
      'it has a backslash',
    ],
  ])('a team may not choose %s to its liking', async (_what, params, param, reason) => {
    const { get, post } = await appWith()
    const { status, body, text } = await post('/model/new', ofTeam(params), 'sk-team')
    expect([status, body]).toEqual([400, refusal(param, reason)])
    expect(text.replaceAll(param, '')).not.toContain('169.254')
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  test.each<[string, object, object]>([
    ['when it is added', { model_name: `huggingface/${metadata}`, litellm_params: {} }, {}],
    ['for its team', { litellm_params: {} }, { team_public_model_name: `huggingface/${metadata}` }],
  ])('a name that stands for the model is held to it %s', async (_what, parts, info) => {
    const { get, post } = await appWith()
    const sent = { ...ofTeam({}), ...parts, model_info: { team_id: 't', ...info } }
    const { status, body } = await post('/model/new', sent, 'sk-team')
    expect([status, body]).toEqual([400, refusal('model_name', linkLocal)])
    expect((await get('/model/info')).body).toEqual({ data: [] })
    const named = { ...sent, litellm_params: { model: 'openai/x' } }
    expect((await post('/model/new', named, 'sk-team')).status).toBe(200)
  })

  test('a team may name any other, and what is no address at all', async () => {
    const { post } = await appWith()
    const place = {
      vertex_location: 'us-central1',
      vertex_project: 'example.com:models',
      aws_region_name: '',
    }
    const params = {
      api_base: 'https://api.example/v1',
      valkey_host: 'cache:6379',
      note: 'https://docs.example/model',
      web_search_options: {
        user_location: { approximate: { region: 'Oslo / Viken', timezone: 'Europe/Oslo' } },
      },
      server: { greeting: 'good day', replicas: '3' },
      host_type: 'dedicated',
      text: '[',
      deep: '['.repeat(40_000),
      ...place,
    }
    expect((await post('/model/new', ofTeam(params), 'sk-team')).status).toBe(200)
  })

  test('an update is held to it in what it changes', async () => {
    const { post, send } = await appWith()
    const { body } = await post('/model/new', ofTeam({ api_base: metadata }))
    const patch = (params: object) =>
      send('patch', `/model/${body.model_id}/update`, { litellm_params: params }, 'sk-team')
    expect((await patch({ rpm: 5 })).status).toBe(200)
    const refused = await patch({ base_url: metadata })
    expect([refused.status, refused.body]).toEqual([400, refusal('litellm_params.base_url', linkLocal)])
  })

  test("administrators may name any, and 'my-azure-api-base' as the documentation does", async () => {
    const { post } = await appWith()
    for (const api_base of [metadata, 'my-azure-api-base', 'file:///srv/model'])
      expect((await post('/model/new', ofTeam({ api_base, vertex_location: 'a/b' }))).status).toBe(200)
  })

  test('a policy of the host is asked with the address, the caller, the parameter and the model', async () => {
    const asked: unknown[] = []
    const { post } = await appWith(async (url, { caller, param, model }) => {
      asked.push([url.href, caller.userId, param, model])
      return url.hostname === 'ok.example' || 'only ok.example is open'
    })
    expect((await post('/model/new', ofTeam({ api_base: 'https://OK.example' }), 'sk-team')).status).toBe(200)
    const { status, body } = await post('/model/new', ofTeam({ api_base: 'https://no.example/' }))
    expect([status, body]).toEqual([400, refusal('litellm_params.api_base', 'only ok.example is open')])
    expect(asked).toEqual([
      ['https://ok.example/', 'ann', 'litellm_params.api_base', 'm'],
      ['https://no.example/', 'default_user_id', 'litellm_params.api_base', 'm'],
    ])
  })

  test('a policy is not asked about what says of no request where it goes', async () => {
    const asked: string[] = []
    const silent = (url: URL): unknown => void asked.push(url.href)
    const { post } = await appWith(silent as UrlPolicy)
    const params = {
      model: 'x:/y',
      api_base: '',
      base_url: 'os.environ/URL',
      custom_server: 5,
      note: 'see https://docs.example, or amazon.titan',
      target: 'amazon.titan',
      metadata: { url: metadata },
      response_format: { $schema: 'https://json-schema.org/draft' },
    }
    const sent = { ...ofTeam(params), model_info: { docs_url: metadata }, base_url: metadata }
    expect([(await post('/model/new', sent)).status, asked]).toEqual([200, []])
    const refused = await post('/model/new', ofTeam({ model: `huggingface/${metadata}` }))
    expect([refused.status, refused.body, asked]).toEqual([
      400,
      refusal('litellm_params.model', 'no reason is given'),
      [metadata],
    ])
  })

  test.each<[string, UrlPolicy, number]>([
    ['says nothing', (() => undefined) as unknown as UrlPolicy, 400],
    ['says no without a reason', (() => false) as unknown as UrlPolicy, 400],
    ['fails', () => Promise.reject(new Error('dns')), 500],
  ])('a policy that %s lets nothing through', async (_what, policy, wanted) => {
    const { get, post } = await appWith(policy)
    expect((await post('/model/new', ofTeam({ api_base: 'https://a.example' }))).status).toBe(wanted)
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })
})
