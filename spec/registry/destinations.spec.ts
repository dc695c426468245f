import type { Deployment } from '../../lib/adapters/adapter'
import type { JsonObject, JsonValue } from '../../lib/json'
import { createDestinationFinder } from '../../lib/registry/destinations'
import { Path } from '../../lib/registry/path'

const elsewhere = 'https://elsewhere.example/x'
const certain = { text: elsewhere, isHost: false, certainty: 'certain' }
const likely = { text: 'elsewhere.example', isHost: true, certainty: 'likely' }
const mentioned = { ...certain, certainty: 'mentioned' }

function destinations(params: JsonObject, parts: Partial<Deployment> = {}): readonly object[] {
  const deployment = { model_name: 'm', litellm_params: { model: 'x', ...params }, model_info: {}, ...parts }
  return createDestinationFinder(new Path())(deployment)
    .filter(({ path }) => path.key !== 'model' || path.toString() !== 'litellm_params.model')
    .map(({ path, stored, ...facts }) => ({ path: path.toString(), stored: stored.toString(), ...facts }))
}

const plain = { addresses: [], isSure: false, leadsAway: false, redirects: true }

describe('what a parameter says of where requests go', () => {
  it.each<[string, JsonObject, string, JsonValue, object]>([
    ['an address', { api_base: elsewhere }, 'api_base', elsewhere, { addresses: [certain], isSure: true }],
    ['no address', { api_base: 5 }, 'api_base', 5, {}],
    ['a reference', { api_base: 'os.environ/BASE' }, 'api_base', 'os.environ/BASE', {}],
    [
      'a host',
      { host: 'a' },
      'host',
      'a',
      { addresses: [{ text: 'a', isHost: true, certainty: 'certain' }], isSure: true },
    ],
    [
      'a host in a list',
      { hosts: ['a'] },
      'hosts.0',
      'a',
      { addresses: [{ text: 'a', isHost: true, certainty: 'certain' }], isSure: true },
    ],
    [
      'something of a server',
      { server: { first: 'a b' } },
      'server.first',
      'a b',
      { addresses: [{ text: 'a b', isHost: true, certainty: 'certain' }] },
    ],
    ['a place', { region: 'eu' }, 'region', 'eu', {}],
    [
      'a place that leads away',
      { region: 'a.example/' },
      'region',
      'a.example/',
      {
        leadsAway: true,
        addresses: [{ text: 'a.example/', isHost: true, certainty: 'likely' }],
      },
    ],
    ['a switch', { ssl_verify: false }, 'ssl_verify', false, {}],
    ['a fallback', { fallbacks: [{ model: 'y' }] }, 'fallbacks.0.model', 'y', {}],
    ['any address', { note: elsewhere }, 'note', elsewhere, { addresses: [certain] }],
    [
      'what may be a host',
      { a: { b: ['elsewhere.example'] } },
      'a.b.0',
      'elsewhere.example',
      { addresses: [likely] },
    ],
    [
      'prose',
      { note: `see ${elsewhere}` },
      'note',
      `see ${elsewhere}`,
      {
        addresses: [mentioned],
        redirects: false,
      },
    ],
    [
      'content',
      { metadata: { api_base: elsewhere } },
      'metadata.api_base',
      elsewhere,
      {
        addresses: [mentioned],
        redirects: false,
      },
    ],
    [
      'a model inside',
      { extra: { model: `a/${elsewhere}` } },
      'extra.model',
      `a/${elsewhere}`,
      {
        addresses: [certain],
      },
    ],
    ['a name', { mounts: { [elsewhere]: 1 } }, `mounts.${elsewhere}`, elsewhere, { addresses: [certain] }],
  ])('%s', (_what, params, path, value, facts) => {
    const at = `litellm_params.${path}`
    expect(destinations(params)).toEqual([{ ...plain, path: at, stored: at, value, place: value, ...facts }])
  })

  it.each<JsonObject>([
    { api_base: '' },
    { api_base: null },
    { api_base: true },
    { timezone: 'Europe/Oslo', use_litellm_proxy: true, max_instance: 2, grounding_zone: 'x/y' },
    {
      web_search_options: {
        user_location: { approximate: { region: 'Oslo / Viken', timezone: 'Europe/Oslo' } },
      },
    },
    { note: 'good day', disable_fallbacks: true, max_hosts: 'two', docs: 'model.json' },
  ])('nothing by %j', (params) => {
    expect(destinations(params)).toEqual([])
  })

  it('looks into texts of JSON, which stand in one stored value', () => {
    const account = ' {"token_uri":"https://elsewhere.example/x","n":5,"list":["a"]}'
    const path = 'litellm_params.text.token_uri'
    const facts = { ...plain, value: elsewhere, place: elsewhere, addresses: [certain], isSure: true }
    expect(destinations({ text: account })).toEqual([{ ...facts, path, stored: 'litellm_params.text' }])
    for (const none of ['{"a":', 'see {"a":"b"}', '"a"', '5'])
      expect(destinations({ text: none })).toEqual([])
  })

  it('leaves model_info and what is beside the parameters alone', () => {
    expect(destinations({}, { model_info: { api_base: elsewhere }, api_base: elsewhere })).toEqual([])
  })
})

describe('the place that a model names', () => {
  const placesOf = (model: string | undefined, name = 'm'): readonly JsonValue[] =>
    createDestinationFinder(new Path())({
      model_name: name,
      litellm_params: model === undefined ? {} : { model },
      model_info: {},
    }).map(({ place }) => place)

  it.each<[string | undefined, string, readonly JsonValue[]]>([
    ['openai/gpt', 'm', ['openai']],
    ['gpt', 'm', ['gpt']],
    [`a/${elsewhere}`, 'm', [`a/${elsewhere}`]],
    ['openai/gpt', '*', ['openai']],
    ['openai/*', 'm', ['openai', '']],
    ['openai/*', 'my/*', ['openai', 'my/*']],
    ['*', '*:*', ['*', '*:*']],
    [undefined, 'gpt', ['']],
    [undefined, 'openai/gpt', ['openai']],
    [undefined, 'openai/*', ['openai/*']],
    [undefined, elsewhere, [elsewhere]],
  ])('%s, called %s', (model, name, places) => {
    expect(placesOf(model, name)).toEqual(places)
  })
})
