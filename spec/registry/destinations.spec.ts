import type { JsonValue } from '../../lib/json'
import {
  destinationIn,
  destinationLeaves,
  directs,
  leadsAway,
  placeOf,
} from '../../lib/registry/destinations'
import type { Leaf } from '../../lib/registry/leaves'

const leaf = (path: string, value: JsonValue): Leaf => ({ path, name: path.split('.').at(-1)!, value })
const param = (path: string, value: JsonValue): Leaf => leaf(`litellm_params.${path}`, value)
const elsewhere = 'https://elsewhere.example/x'

describe('what a parameter says of where requests go', () => {
  it.each<[string, JsonValue, object | undefined]>([
    ['litellm_params.api_base', elsewhere, { text: elsewhere, isHost: false, isSure: true }],
    ['litellm_params.api_base', '', undefined],
    ['litellm_params.api_base', 5, undefined],
    ['litellm_params.api_base', 'os.environ/BASE', undefined],
    ['litellm_params.host', 'elsewhere', { text: 'elsewhere', isHost: true, isSure: true }],
    ['litellm_params.host.urls.first', 'elsewhere', { text: 'elsewhere', isHost: true, isSure: false }],
    ['litellm_params.proxies.all', 'elsewhere', { text: 'elsewhere', isHost: true, isSure: false }],
    ['litellm_params.url_of_it.a', 'elsewhere', { text: 'elsewhere', isHost: false, isSure: false }],
    ['litellm_params.a.api_base_override', 'b', { text: 'b', isHost: false, isSure: false }],
    ['litellm_params.note', elsewhere, undefined],
    ['litellm_params.model', `a/${elsewhere}`, { text: elsewhere, isHost: false, isSure: true }],
    ['litellm_params.model', 'a/b', undefined],
    ['litellm_params.extra_body.model', elsewhere, { text: elsewhere, isHost: false, isSure: true }],
    ['model_name', elsewhere, undefined],
    ['model_info.model', elsewhere, undefined],
    ['model_info.api_base', elsewhere, undefined],
  ])('%s: %j', (path, value, found) => {
    expect(destinationIn(leaf(path, value))).toEqual(found)
  })

  it('also by a name of its own where the row names no model', () => {
    const named = { path: 'model_name', name: 'model', value: elsewhere }
    expect(destinationIn(named)).toEqual({ text: elsewhere, isHost: false, isSure: true })
    const info = { id: 'a' }
    const deployment = { model_name: elsewhere, litellm_params: {}, model_info: info }
    expect(destinationLeaves(deployment)).toContainEqual(named)
    expect(destinationLeaves({ ...deployment, litellm_params: { model: 'x' } })).not.toContainEqual(named)
  })

  it('inside of texts of JSON, strings only', () => {
    const texts = (text: string): readonly Leaf[] => {
      const model_info = { text }
      return destinationLeaves({ model_name: 'm', litellm_params: { model: 'x', text }, model_info })
    }
    const plain = texts('a').length
    const account = ' {"token_uri":"https://elsewhere.example","n":5,"list":["a"]}'
    expect(texts(account).slice(plain - 2, -1)).toEqual([
      param('text', account),
      { path: 'litellm_params.text.token_uri', name: 'token_uri', value: 'https://elsewhere.example' },
      { path: 'litellm_params.text.list.0', name: 'list', value: 'a' },
    ])
    for (const none of ['{"a":', 'see {"a":"b"}', '"a"', '5']) expect(texts(none)).toHaveLength(plain)
  })
})

it.each<[string, JsonValue, boolean]>([
  ['region', 'elsewhere/', true],
  ['region', 'a\\b', true],
  ['aws_region_name', 'us-east-1', false],
  ['region', 5, false],
  ['region', 'os.environ/REGION', false],
  ['note', 'a/b', false],
])('a place that leads away: %s %j', (name, value, away) => {
  expect([leadsAway(param(name, value)), leadsAway(leaf(`model_info.${name}`, value))]).toEqual([away, false])
})

it.each<[Leaf, boolean]>([
  [param('model', 'a/b'), true],
  [param('custom_llm_provider', 'a'), true],
  [param('custom_llm_provider_note', 'a'), false],
  [param('extra.litellm_params.custom_llm_provider', 'a'), false],
  [param('configurable_clientside_auth_params.0', 'a'), true],
  [param('api_base', 'a'), true],
  [param('host', 'a'), true],
  [param('vertex_location', 'a'), true],
  [param('data_base', 'a'), true],
  [param('host.first', 'a'), true],
  [param('url_of_it', 'a'), false],
  [param('url_of_it', elsewhere), true],
  [param('note', elsewhere), false],
  [leaf('model_info.api_base', elsewhere), false],
])('whether another value sends secrets elsewhere: %j', (one, does) => {
  expect(directs(one)).toBe(does)
})

it.each<[Leaf, JsonValue]>([
  [param('model', 'openai/gpt'), 'openai'],
  [param('model', 'gpt'), 'gpt'],
  [param('model', 5), 5],
  [param('model', `a/${elsewhere}`), `a/${elsewhere}`],
  [{ path: 'model_name', name: 'model', value: 'gpt' }, ''],
  [{ path: 'model_name', name: 'model', value: 'openai/gpt' }, 'openai'],
  [param('region', 'a/b'), 'a/b'],
])('the place of %j', (one, place) => {
  expect(placeOf(one)).toEqual(place)
})
