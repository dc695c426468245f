import { copyJson, type JsonObject } from '../../lib/json'
import { redactExtras, redactModelInfo, redactParams } from '../../lib/model-info/redact'

const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at))

/** About a megabyte each, of what is dear to look through. */
const heavy: readonly [string, JsonObject][] = [
  ['queries', { note: times(9, () => `https://h.example/?${'a=b&'.repeat(28_000)}`) }],
  [
    'queries with names of their own',
    { note: `https://h.example/?${times(90_000, (at) => `k${at}=b`).join('&')}` },
  ],
  ['assignments', { note: times(9, () => 'a='.repeat(55_000)) }],
  ['assignments under harmless names', { note: times(60_000, (at) => `monkey${at}=b`).join(' ') }],
  ['names and numbers', { note: 'max_tokens=5, '.repeat(70_000) }],
  ['texts of JSON', { note: times(9, () => JSON.stringify(times(8_000, () => ({ a: 'b=c' })))) }],
  ['keys', Object.fromEntries(times(50_000, (at) => [`k${at}`, 'some text']))],
  [
    'keys of secrets',
    Object.fromEntries(times(20_000, (at) => [`x-api-key-name-${at}`, 'some text of a secret'])),
  ],
  ['long keys', Object.fromEntries(times(4_000, (at) => [`a_b-${'aB'.repeat(100)}${at}`, 'some text']))],
  ['pairs', { list: times(50_000, (at) => [`k${at}`, 'some text']) }],
  ['names and values', { list: times(25_000, (at) => ({ name: `n${at}`, value: 'some text' })) }],
  ['URLs with passwords', { list: times(20_000, (at) => `https://u:p@h${at}.example/v1?key=abc&v=${at}`) }],
  ['keys of providers', { list: times(30_000, (at) => `sk-abcdef${at}0123456789`) }],
  ['what begins like such keys', { list: times(40_000, (at) => `sk-a${at} xai-b${at} x`) }],
  ['bearer tokens', { note: 'bearer token '.repeat(75_000) }],
  ['users', { note: 'a:b@ '.repeat(200_000) }],
]

it.each(heavy)('a megabyte of %s is redacted in linear time, and only once', (_what, object) => {
  for (const redact of [redactParams, redactExtras, redactModelInfo]) {
    // The best of some, and a bound far above what it takes: the machine may be busy. Quadratic work takes minutes.
    const runs = times(3, () => copyJson(object))
    const fast = runs.find((fresh) => cpuMs(() => redact(fresh)) < 1000)
    expect(fast).toBeDefined()
    expect(cpuMs(() => redact(fast!))).toBeLessThan(50)
  }
})

it('what nothing is hidden in is shown as it is, and not as a copy', () => {
  const inner = { list: [{ a: 'b' }, ['c', 1, null]], text: '{"a":1}' }
  const params = { model: 'openai/x', inner, tags: [{ Key: 'a', Value: 'b' }] }
  expect(redactParams(params)).toBe(params)
  expect(redactParams({ ...params, hf_token: 'hunter22' }).inner).toBe(inner)
})

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
