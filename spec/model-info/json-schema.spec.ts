import type { JsonObject } from '../../lib/json'
import { deepest, MASK, redactModelInfo, redactParams } from '../../lib/model-info/redact'

const login = {
  type: 'object',
  title: 'Login',
  properties: {
    user: { type: 'string', default: 'ann' },
    password: { type: 'string', description: 'What the user types', minLength: 8 },
    token: { type: ['string', 'null'], format: 'uuid', pattern: '^[a-f0-9-]+$' },
    credentials: { type: 'object', properties: { api_key: { type: 'string' } }, required: ['api_key'] },
    cookies: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    secret: { $ref: '#/$defs/secret' },
    authorization: true,
  },
  required: ['password', 'token'],
  dependentRequired: { token: ['password'] },
  additionalProperties: false,
  $defs: { secret: { type: 'string' } },
}

const places: readonly [string, JsonObject][] = [
  [
    'response_format',
    {
      response_format: { type: 'json_schema', json_schema: { name: 'login', strict: true, schema: login } },
    },
  ],
  ['tools of OpenAI', { tools: [{ type: 'function', function: { name: 'get_token', parameters: login } }] }],
  ['tools of Anthropic', { tools: [{ name: 'login', input_schema: login }] }],
  ['functions', { functions: [{ name: 'login', parameters: login }] }],
  ['a body of its own', { extra_body: { guided_json: login } }],
  ['a text of JSON', { extra_body: JSON.stringify({ guided_json: login }) }],
  ['types in capitals', { response_schema: { ...login, type: 'OBJECT' } }],
  ['no type', { schema: { properties: { password: { type: 'string' } } } }],
]

it.each(places)('the fields that a JSON Schema names stay readable in %s', (_where, params) => {
  expect(redactParams(params)).toEqual(params)
  expect(redactModelInfo(params)).toEqual(params)
})

it('what a field named like a secret holds is masked', () => {
  const schema = (password: JsonObject): JsonObject => ({
    schema: { type: 'object', properties: { password, user: { type: 'string', default: 'ann' } } },
  })
  const inner = { type: 'string', default: 'hunter22', const: 'hunter22', enum: ['hunter22'], 'x-value': 'a' }
  expect(
    redactParams(schema({ ...inner, items: { default: 'hunter22' }, description: 'Bearer hunter22' })),
  ).toEqual(
    schema({
      type: 'string',
      default: MASK,
      const: MASK,
      enum: [MASK],
      'x-value': MASK,
      items: { default: MASK },
      description: MASK,
    }),
  )
})

it.each<[string, JsonObject, JsonObject]>([
  [
    'an object whose properties are values',
    { type: 'object', properties: { password: 'hunter22' } },
    { type: 'object', properties: { password: MASK } },
  ],
  [
    'an object of another type',
    { type: 'login', properties: { password: { type: 'hunter22' } } },
    { type: 'login', properties: { password: { type: MASK } } },
  ],
  [
    'a field whose name is a secret',
    { type: 'object', properties: { 'sk-abcdefghijkl': { type: 'string' } } },
    { type: 'object', properties: MASK },
  ],
])('%s is masked as before', (_what, setting, shown) => {
  expect(redactParams({ setting })).toEqual({ setting: shown })
})

it('a schema is walked to the depth that everything else is', () => {
  let schema: JsonObject = { type: 'string' }
  for (let level = 0; level < deepest; level++) schema = { type: 'object', properties: { password: schema } }
  const text = JSON.stringify(redactParams({ schema }))
  expect([text.includes(MASK), text.length < JSON.stringify({ schema }).length]).toEqual([true, true])
})
