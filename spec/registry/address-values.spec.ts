import { addressesIn } from '../../lib/registry/address-values'

const found = (text: string): readonly string[] =>
  addressesIn(text).map(({ text: address, certainty }) => `${certainty} ${address}`)

describe('a text that is an address', () => {
  test.each([
    ['https://a.example/v1', ['certain https://a.example/v1']],
    ['ht\ttp://a.example/', ['certain http://a.example/', 'mentioned tp://a.example/']],
    ['http:/169.254.169.254', ['certain http:/169.254.169.254']],
    ['huggingface/https://a.example', ['certain https://a.example']],
    ['2024?x=https://a.example', ['certain https://a.example']],
    ['//a.example/', ['certain //a.example/']],
    ['\\\\a.example', ['certain \\\\a.example']],
    ['10.0.0.1', ['certain 10.0.0.1']],
    ['10.0.0.1:80/x', ['certain 10.0.0.1:80/x']],
    ['u@10.0.0.1', ['certain u@10.0.0.1']],
    ['[::1]:80', ['certain [::1]:80']],
    ['fe80::1', ['certain fe80::1']],
    ['localhost', ['certain localhost']],
    ['localhost:80', ['certain localhost:80']],
    ['a.example:1', ['certain a.example:1']],
    ['a.example', ['likely a.example']],
    ['A.Example./path', ['likely A.Example./path']],
    ['@a.example', ['likely @a.example']],
    ['cache:6379', ['likely cache:6379']],
    ['http://a.example, http://b.example', ['certain http://a.example', 'certain http://b.example']],
    ['"http://a.example"', ['certain http://a.example']],
    ['see http://a.example for more', ['mentioned http://a.example']],
  ])('%j', (text, addresses) => {
    expect(found(text)).toEqual(addresses)
  })

  test.each([
    '',
    'fast',
    'gpt-4.1',
    '16:9',
    '12:30',
    'llama3:8',
    'model.json',
    'ann@corp.example',
    'Europe/Oslo',
    'a/b/c',
    '@cf/meta/llama-3',
    '1.5',
    '2024-02-01',
    'arn:aws:iam::1:role/x',
    's3://bucket/x',
    'gs://bucket/x',
    '...',
    'openai/gpt-4o',
    'ollama/qwen:/4b',
    'us.anthropic.claude-3-5',
    'good day',
    ':',
    '//',
    '[',
    '@',
  ])('not %j', (text) => {
    expect(found(text)).toEqual([])
  })

  test.each(['//', 'a.', 'a:', ':/', '@', '[::', 'http:', ' x', 'a.example,'])(
    'takes time in proportion to the length of %j',
    (part) => {
      const start = process.cpuUsage()
      addressesIn(part.repeat(100_000))
      const { user, system } = process.cpuUsage(start)
      expect((user + system) / 1000).toBeLessThan(1000)
    },
  )
})
