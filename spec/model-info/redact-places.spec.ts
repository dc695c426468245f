import type { JsonObject, JsonValue } from '../../lib/json'
import { deepest, MASK, redactParams } from '../../lib/model-info/redact'

/** [what it is, a parameter, what is shown of it] */
const places: readonly [string, JsonObject, JsonObject][] = [
  [
    'the value of a pair by `Name`',
    { pairs: [{ Name: 'api_key', Value: 'hunter22' }] },
    { pairs: [{ Name: 'api_key', Value: MASK }] },
  ],
  [
    'the value of a pair by `key`, itself no name to show',
    { pairs: [{ key: 'password', value: 'hunter22' }] },
    { pairs: [{ key: MASK, value: MASK }] },
  ],
  [
    'the values of a pair by `header`',
    { pairs: [{ header: 'x-api-key', values: ['hunter22'] }] },
    { pairs: [{ header: MASK, values: [MASK] }] },
  ],
  ...['field', 'param', 'parameter', 'option', 'variable', 'header'].map(
    (name): [string, JsonObject, JsonObject] => [
      `the value of a pair by \`${name}\``,
      { pair: { [name]: 'db_password', value: 'hunter22' } },
      { pair: { [name]: name === 'header' ? MASK : 'db_password', value: MASK } },
    ],
  ),
  [
    'the value of a pair that is a list',
    { pairs: [['api_key', 'hunter22'], ['password', ['hunter22']], ['colour', 'blue'], ['api_key']] },
    { pairs: [['api_key', MASK], ['password', [MASK]], ['colour', 'blue'], ['api_key']] },
  ],
  [
    'the headers of a pair that is a list, and no pair where there is no name',
    {
      pairs: [
        ['extra_headers', { 'x-team': 'hunter22' }],
        [5, 'blue'],
        [
          ['api_key', 'hunter22'],
          ['a', 'b'],
        ],
        ['a', ['api_key', 'hunter22']],
      ],
    },
    {
      pairs: [
        ['extra_headers', { 'x-team': 'hunter22' }],
        [5, 'blue'],
        [
          ['api_key', MASK],
          ['a', 'b'],
        ],
        ['a', ['api_key', MASK]],
      ],
    },
  ],
  [
    'what is anyhow hidden, pair or not',
    { extra_headers: ['a', 'hunter22', 'b'], password: [['a', 'b', 5]] },
    { extra_headers: [MASK, MASK, MASK], password: [[MASK, MASK, MASK]] },
  ],
  [
    'a header by its name or its value',
    {
      extra_headers: {
        'X-Team': 'blue',
        'HTTP-Referer': 'https://app.example',
        'X-Tenant': '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
        'X-Owner': 'CustomerAPIGateway',
        'X-Api-Key': 'hunter22',
        'X-Auth': 'hunter22',
        Cookie: 'a=b',
        'X-Session': 'hunter22',
        'X-One': 'Bearer hunter22',
        'X-Two': 'Token hunter22',
        'X-Three': '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c',
        'X-Four': 'fRukdVRQdVXOUOjEkiMWHsJw',
        'X-Five': ['blue', 'sk-abcdefghijkl'],
      },
    },
    {
      extra_headers: {
        'X-Team': 'blue',
        'HTTP-Referer': 'https://app.example',
        'X-Tenant': '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
        'X-Owner': 'CustomerAPIGateway',
        'X-Api-Key': MASK,
        'X-Auth': MASK,
        Cookie: MASK,
        'X-Session': MASK,
        'X-One': MASK,
        'X-Two': MASK,
        'X-Three': MASK,
        'X-Four': MASK,
        'X-Five': ['blue', MASK],
      },
    },
  ],
  [
    'headers as a list of names and values',
    {
      extra_headers: [
        ['X-Team', 'blue'],
        ['X-Api-Key', 'hunter22'],
        { name: 'X-Team', value: 'blue' },
        { name: 'X-Api-Key', value: 'hunter22' },
      ],
    },
    {
      extra_headers: [
        ['X-Team', 'blue'],
        ['X-Api-Key', MASK],
        { name: 'X-Team', value: 'blue' },
        { name: 'X-Api-Key', value: MASK },
      ],
    },
  ],
  [
    'a query, as what it is in a URL',
    {
      extra_query: { code: 'hunter22', 'api-version': '1', deep: { ticket: 'blue' } },
      query_params: 'code=hunter22&a=1',
    },
    { extra_query: { code: MASK, 'api-version': '1', deep: { ticket: 'blue' } }, query_params: MASK },
  ],
  [
    'a query that is none of a URL',
    {
      query: 'select 1',
      search_context_cost_per_query: { low: 0.1, note: 'blue' },
      queries: { code: 'blue' },
    },
    {
      query: 'select 1',
      search_context_cost_per_query: { low: 0.1, note: 'blue' },
      queries: { code: 'blue' },
    },
  ],
  [
    'a value beside a name that is a number',
    { pairs: [{ name: 5, value: 'blue' }] },
    { pairs: [{ name: 5, value: 'blue' }] },
  ],
  ['a value without a name', { setting: { value: 'blue' } }, { setting: { value: 'blue' } }],
  [
    'what only begins or ends like a value',
    { pair: { name: 'api_key', value_type: 'text', default_value: 'none' } },
    { pair: { name: 'api_key', value_type: 'text', default_value: 'none' } },
  ],
  ['a `Key` that names no tag', { Key: 'hunter22', Value: 'blue' }, { Key: MASK, Value: 'blue' }],
  [
    'a `Key` in another list',
    { tagged: [{ Key: 'hunter22', Value: 'blue' }] },
    { tagged: [{ Key: MASK, Value: 'blue' }] },
  ],
  [
    'a `Key` in a list whose name only begins like tags',
    { tagsmiths: [{ Key: 'hunter22', Value: 'blue' }] },
    { tagsmiths: [{ Key: MASK, Value: 'blue' }] },
  ],
  ['a `Key` without a value', { tags: [{ Key: 'hunter22' }] }, { tags: [{ Key: MASK }] }],
  [
    'a `Key` that is no name',
    { tags: [{ Key: { of: 'hunter22' }, Value: 'blue' }] },
    { tags: [{ Key: { of: MASK }, Value: 'blue' }] },
  ],
  [
    'tags among credentials',
    { credentials: { tags: [{ Key: 'hunter22', Value: 'hunter23' }] } },
    { credentials: { tags: [{ Key: MASK, Value: MASK }] } },
  ],
  [
    'a number among credentials, and one that is a password',
    { credentials: { retries: 3, password: 12_345_678 } },
    { credentials: { retries: 3, password: MASK } },
  ],
  [
    'an object with a secret for one of its keys',
    { map: { plain: 1, 'sk-abcdefghijkl': 1 }, other: { plain: 1 } },
    { map: MASK, other: { plain: 1 } },
  ],
]

it.each(places)('%s', (_what, params, shown) => {
  expect(redactParams(params)).toEqual(shown)
})

it.each([
  ['12', '12'],
  [' 1.5e3 ', ' 1.5e3 '],
  ['1'.repeat(32), '1'.repeat(32)],
  ['1'.repeat(33), MASK],
  ['  ', MASK],
  ['twelve', MASK],
])('a count of tokens that is the text %j is shown as %j', (text, shown) => {
  expect(redactParams({ token_count: text })).toEqual({ token_count: shown })
})

it.each([
  ['{"a":null,"b":[true,"c"]}', '{"a":null,"b":[true,"c"]}'],
  [' {"client_secrets":["hunter22"]}', MASK],
  ['{"a":1,"client_secrets":["hunter22"]}', MASK],
  ['{"Key":"hunter22","Value":"blue"}', MASK],
])('the JSON text %s is shown as %s', (text, shown) => {
  expect(redactParams({ text })).toEqual({ text: shown })
})

describe('what is nested', () => {
  const nested = (levels: number, inmost: JsonValue): JsonValue =>
    levels === 0 ? inmost : { a: nested(levels - 1, inmost) }

  it(`is shown to a depth of ${deepest}`, () => {
    const most = nested(deepest - 1, 'x')
    expect(redactParams({ a: most })).toEqual({ a: most })
    expect(redactParams({ a: nested(deepest, 'x') })).toEqual({ a: nested(deepest - 1, MASK) })
  })

  it('is counted on in a text of JSON', () => {
    const most = JSON.stringify(nested(deepest - 2, 'x'))
    expect(redactParams({ most, more: JSON.stringify(nested(deepest - 1, 'x')) })).toEqual({
      most,
      more: MASK,
    })
  })
})
