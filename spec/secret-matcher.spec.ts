import { createSecretMatcher } from '../lib/secret-matcher'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('a secret is recognised', () => {
  const isSecret = createSecretMatcher([
    'sk-master',
    'postgres://u:p%40ss@db.example/x',
    'abc',
    undefined,
    '',
  ])

  test.each([
    ['alone', 'sk-master'],
    ['with blanks around it', ' sk-master\n'],
    ['with a scheme', 'Bearer sk-master'],
    ['a short one with a scheme', 'bearer abc'],
    ['in quotes', '"abc"'],
    ['in Base64', base64('abc')],
    ['as a password', `Basic ${base64('user:abc')}`],
    ['in an object', '{"key":"sk-master"}'],
    ['in a URL', 'https://x:abc@host.example/'],
    ['in a query', 'https://host.example/?token=abc'],
    ['in a URL of its own', 'https://sk-master@host.example/'],
    ['percent-encoded', 'sk%2Dmaster'],
    ['a database', 'postgres://u:p%40ss@db.example/x'],
    ['the password of a database', 'p@ss'],
    ['the same, encoded', 'p%40ss'],
    ['another database of that password', 'host=h password=p@ss'],
  ])('%s', (_where, text) => {
    expect(isSecret(text)).toBe(true)
  })

  test.each([
    '',
    'u',
    'db.example',
    'sk-master-2',
    'my-sk-master',
    'abcd',
    'x abc y',
    'sk-other',
    'https://abc.example/',
  ])('unlike %j', (text) => {
    expect(isSecret(text)).toBe(false)
  })
})

test('the password of a connection string is one', () => {
  const isSecret = createSecretMatcher(["host=h password='pw1' user=u"])
  expect(['pw1', 'u', 'h'].map(isSecret)).toEqual([true, false, false])
})
