import type { JsonObject, JsonValue } from '../../lib/json'
import { isMask, MASK, redactExtras, redactModelInfo, redactParams } from '../../lib/model-info/redact'
import { canaryDeployment, findCanaries } from '../support/canary'

it('B1 no piece of a canary is left', () => {
  const { litellm_params, model_info, model_name: _, ...extras } = canaryDeployment()
  const shown = [redactParams(litellm_params), redactModelInfo(model_info), redactExtras(extras)]
  expect(findCanaries(JSON.stringify(canaryDeployment()))).not.toHaveLength(0)
  expect(findCanaries(JSON.stringify(shown))).toEqual([])
})

const urls: [string, string][] = [
  ['https://user:pass@host.example:8443/v1', 'https://host.example:8443/v1'],
  ['https://token@host.example', 'https://host.example'],
  ['https://h.example/v1?key=abc', 'https://h.example/v1'],
  ['https://h.example/v1?key=abc&api-version=2024-02-01', 'https://h.example/v1?api-version=2024-02-01'],
  ['https://h.example/v1?a=1&subscription-key=x&sig=y&b=2#top', 'https://h.example/v1?a=1&b=2#top'],
  ['https://h.example/o?X-Amz-Signature=aa&X-Amz-Date=bb&part=1', 'https://h.example/o?part=1'],
  ['https://h.example/?code=abc&def12345', 'https://h.example/'],
  ['https://h.example/#access_token=abcdef', 'https://h.example/'],
  ['https://h.example/?next=https%3A%2F%2Fu%3Ap%40h&x=1', 'https://h.example/?x=1'],
  ['redis://:secret@cache.example:6379/0', 'redis://cache.example:6379/0'],
  ['postgres://user:pa/ss@db.example/x', MASK],
  ['postgres://user:12/34@db.example/x', MASK],
  ['mongodb://u:p@h1,mongodb://u:p@h2', MASK],
  ['https://h.example/models/claude@20240620', 'https://h.example/models/claude@20240620'],
  ['http://localhost:8080/models/claude@20240620', 'http://localhost:8080/models/claude@20240620'],
  ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
  ['https://{host}:{port}/v1?max_tokens=5', 'https://{host}:{port}/v1?max_tokens=5'],
]
it.each(urls)('B2 %s is shown as %s', (url, shown) => {
  expect(redactParams({ api_base: url })).toEqual({ api_base: shown })
  expect(redactModelInfo({ docs: url })).toEqual({ docs: shown })
})

const hiddenValues: string[] = [
  'Bearer abcdefgh',
  'basic dXNlcjpwYXNz',
  'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  'sk-1234',
  'the key is sk-proj-abcdefghijkl ok',
  'AKIAIOSFODNN7EXAMPLE',
  'AIzaSyA1234567890abcdefghij',
  'ghp_abcdefghijklmnop',
  'xoxb-123456-abcdef',
  '-----BEGIN CERTIFICATE-----\nabc',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
  'see https://u:p@h.example/ there',
  'user:pass@db.example:5432',
  'root:pass@tcp(db)/x',
  'Server=x;Password=hunter22',
  'x-api-key: hunter22',
  "{'api_key': 'hunter22'}",
  '{"a":{"api_key":"hunter22"}}',
  '{"a":"{\\"client_secrets\\":[\\"hunter22\\"]}"}',
  'https://hooks.slack.com/services/T0/B0/xyz',
  'ABSKQmVkcm9ja0FQSUtleS1hYmNk',
  'GOCSPX-abcdefghijkl',
  'pcsk_abcdefghijklmnop',
  Buffer.from('{\n  "type": "service_account",\n  "private_key": "hunter22"\n}').toString('base64'),
  Buffer.from('-----BEGIN PRIVATE KEY-----\nhunter22').toString('base64'),
]
it.each(hiddenValues)('a credential is known by its value: %s', (value) => {
  expect(redactParams({ note: value, list: [value] })).toEqual({ note: MASK, list: [MASK] })
  expect(redactModelInfo({ note: value })).toEqual({ note: MASK })
})

const openValues: JsonValue[] = [
  'os.environ/OPENAI_API_KEY',
  'vertex_ai/claude-3-5-sonnet@20240620',
  'anthropic:claude-3@20240229',
  'anthropic.claude-3-sonnet-20240229-v1:0',
  'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc',
  'Basic plan for the task-1234 of risk-takers',
  'Uses bearer tokens for authentication',
  'sk-learn',
  'me@example.com',
  '^User-Agent: claude',
  '{"routes":[{"name":"x","max_tokens":5}]}',
  '{"api_key":"os.environ/KEY","password":""}',
  '{broken',
  '*',
  '',
  null,
  false,
  0,
  1.5e-7,
]
it.each(openValues)('B4 %j stays readable', (value) => {
  expect(redactParams({ note: value })).toEqual({ note: value })
  expect(redactModelInfo({ note: value })).toEqual({ note: value })
})

it('B9 a reference under a secret name is shown, since it is a name', () => {
  const params = {
    azure_ad_token: 'os.environ/AD_TOKEN',
    extra_headers: { Authorization: 'os.environ/AUTH' },
  }
  expect(redactParams({ ...params, api_key: 'os.environ/KEY' })).toEqual(params)
})

it('J4 the mask keeps the shape', () => {
  const params = {
    tokens: ['a', 'b', 1],
    credentials: { type: 'service_account', retries: 3, inner: [{ on: true, none: null, empty: '' }] },
    password: 12345678,
    headers: { Accept: 'text/plain', 'X-Team': 'blue', 'X-Count': 3 },
  }
  expect(redactParams(params)).toEqual({
    tokens: [MASK, MASK, 1],
    credentials: { type: MASK, retries: 3, inner: [{ on: true, none: null, empty: '' }] },
    password: MASK,
    headers: { Accept: 'text/plain', 'X-Team': 'blue', 'X-Count': 3 },
  })
})

it('the value of a name and value pair is judged by that name', () => {
  const tags = [
    { Key: 'team', Value: 'blue' },
    { Key: 'password', Value: 'hunter22' },
  ]
  expect(redactParams({ aws_session_tags: tags, pairs: [{ name: 'api_key', value: 'hunter22' }] })).toEqual({
    aws_session_tags: [tags[0], { Key: 'password', Value: MASK }],
    pairs: [{ name: 'api_key', value: MASK }],
  })
})

it('an object that has a secret for a key is one mask', () => {
  expect(redactParams({ map: { 'sk-abcdefghijkl': 1 }, 'sk-abcdefghijkl': 1 })).toEqual({ map: MASK })
})

it('a member called __proto__ stays a member', () => {
  const params: JsonObject = JSON.parse('{"x":{"__proto__":{"api_key":"hunter22"}}}')
  expect(JSON.stringify(redactParams(params))).toBe(`{"x":{"__proto__":{"api_key":"${MASK}"}}}`)
})

it('any depth ends in a mask, not in an exhausted stack', () => {
  const text = `${'{"a":'.repeat(20_000)}{"api_key":"hunter22"}${'}'.repeat(20_000)}`
  const object: JsonObject = JSON.parse(text)
  const shown = JSON.stringify(redactParams({ object, text }))
  expect(shown).toContain(MASK)
  expect(shown).not.toContain('hunter')
})

const long = 2_000_000
const floods = [
  'a',
  'A',
  '1',
  'a:,',
  'a: ',
  '//',
  '/a@',
  '&a=',
  'eyJ',
  'eyJ-',
  'sk-',
  'Bearer ',
  '"',
  "'a'",
  '@',
  '{',
  ' ',
  '%',
  ':1',
]
it.each(floods)(
  'two million characters of %j take linear time',
  (piece) => {
    const value = piece.repeat(long / piece.length)
    // What is quadratic here takes minutes and runs into the limit of this test.
    for (const text of [value, `https://${value}`, `{${value}`])
      expect(Object.keys(redactParams({ note: text, key_of: 1 }))).toEqual(['note', 'key_of'])
  },
  60_000,
)

it.each([
  [MASK, true],
  ['*******', true],
  ['sk-1***********cdef', true],
  ['*', false],
  ['**', false],
  ['openai/*', false],
  ['gpt-4', false],
])('%s is a mask: %s', (text, expected) => {
  expect(isMask(text)).toBe(expected)
})
