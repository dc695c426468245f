import { keyCheck } from '../../lib/http/authenticate'

const master = 'sk-master-0123456789'
const ann = { key: 'sk-ann', userId: 'ann', role: 'internal_user' } as const
const { key: _, ...annIs } = ann
const masterIs = { userId: 'default_user_id', role: 'proxy_admin' }

function check(own?: () => string | undefined, masterKey: string | undefined = master) {
  return keyCheck({ keys: [ann], maxKeyLength: 30 }, () => masterKey, own)
}

function codeOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return (error as { readonly code?: unknown }).code
  }
}

/** [headers, the host's own header, who that is or why it is nobody] */
const cases: readonly [string, Readonly<Record<string, string>>, string | undefined, unknown][] = [
  ['the master key', { authorization: `Bearer ${master}` }, undefined, masterIs],
  ['a key of the list', { authorization: 'bearer   sk-ann ' }, undefined, annIs],
  ['no header', {}, undefined, 'no_key'],
  ['an empty header', { authorization: '' }, undefined, 'no_key'],
  ['an empty key before another', { 'x-api-key': 'Bearer ', 'x-goog-api-key': 'sk-ann' }, undefined, annIs],
  ['nothing but Bearer', { authorization: 'Bearer  ' }, undefined, 'no_key'],
  ['no Bearer', { authorization: 'sk-ann' }, undefined, 'malformed_key'],
  ['an empty header before another', { authorization: '', 'api-key': 'sk-ann' }, undefined, annIs],
  ['two keys, the first counts', { 'x-litellm-api-key': master, 'x-api-key': 'sk-ann' }, undefined, masterIs],
  ["the host's header", { 'my-key': 'sk-ann' }, 'My-Key', annIs],
  [
    "the host's header before others",
    { 'my-key': 'sk-ann', authorization: `Bearer ${master}` },
    'MY-KEY',
    annIs,
  ],
  ["others where the host's is absent", { 'x-api-key': 'sk-ann' }, 'My-Key', annIs],
  ["a header that is not the host's", { 'my-key': 'sk-ann' }, undefined, 'no_key'],
  ['an unknown key', { 'x-api-key': 'sk-bob' }, undefined, 'unknown_key'],
  ['a key of the greatest length', { 'x-api-key': 'x'.repeat(30) }, undefined, 'unknown_key'],
]

it.each(cases)('%s', (_what, headers, own, expected) => {
  expect(codeOf(() => check(() => own)(headers))).toEqual(expected)
})

it('without a host header of its own', () => {
  expect(check()({ 'x-api-key': 'sk-ann' })).toEqual(annIs)
})

it('a key of the greatest length is taken, a longer one is not', () => {
  const longest = 'k'.repeat(30)
  const known = keyCheck({ keys: [], maxKeyLength: 30 }, () => longest)
  expect(known({ 'x-api-key': longest })).toEqual(masterIs)
  const longer = keyCheck({ keys: [], maxKeyLength: 29 }, () => longest)
  expect(codeOf(() => longer({ 'x-api-key': longest }))).toBe('unknown_key')
})

it('without keys and a master key nobody is known', () => {
  const known = keyCheck({ maxKeyLength: 30 }, () => undefined)
  expect(codeOf(() => known({ 'x-api-key': 'undefined' }))).toBe('unknown_key')
})

it.each([
  [{}, 'no_key', 'Authentication Error, No api key passed in.', undefined],
  [
    { 'x-api-key': 'sk-bob' },
    'unknown_key',
    'Authentication Error, Invalid proxy server token passed.',
    'key',
  ],
  [
    { authorization: 'sk-ann' },
    'malformed_key',
    'Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix.',
    undefined,
  ],
])('%j is told as LiteLLM tells it', (headers, code, message, param) => {
  expect(() => check()(headers)).toThrow(expect.objectContaining({ code, message, param }))
})
