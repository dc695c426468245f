import { isReference, processEnvironment, resolveReferences, withDefaults } from '../../lib/yaml/environment'
import type { JsonValue } from '../../lib/json'

const variables: Readonly<Record<string, string>> = {
  KEY: 'sk-1',
  YES: 'TRUE',
  NO: 'false',
  RPM: '6',
  EMPTY: '',
  WIDE: ' true\n',
}
const environment = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined)

function nested(levels: number): JsonValue {
  return levels === 0 ? 'os.environ/KEY' : { a: nested(levels - 1) }
}

const cases: readonly [string, JsonValue, JsonValue, string[]][] = [
  ['a text that starts with it', { a: 'os.environ/KEY' }, { a: 'sk-1' }, []],
  ['a text that only holds it', { a: 'x os.environ/KEY' }, { a: 'x os.environ/KEY' }, []],
  ['true and false', { a: 'os.environ/YES', b: 'os.environ/NO' }, { a: true, b: false }, []],
  ['true with space around it', { a: 'os.environ/WIDE' }, { a: true }, []],
  ['a number stays text', { a: 'os.environ/RPM' }, { a: '6' }, []],
  ['an empty variable is set', { a: 'os.environ/EMPTY' }, { a: '' }, []],
  ['an unset one is left out and named', { a: 'os.environ/NOPE', b: 1 }, { b: 1 }, ['a NOPE']],
  ['nested and unset', { h: { x: 'os.environ/NOPE' } }, { h: {} }, ['h.x NOPE']],
  ['text in a list is no reference', { a: ['os.environ/KEY'] }, { a: ['os.environ/KEY'] }, []],
  ['a mapping in a list is looked into', { a: [{ b: 'os.environ/KEY' }] }, { a: [{ b: 'sk-1' }] }, []],
  ['a list in a list is not', { a: [[{ b: 'os.environ/KEY' }]] }, { a: [[{ b: 'os.environ/KEY' }]] }, []],
  [
    'the depth that LiteLLM reaches',
    nested(9),
    JSON.parse(JSON.stringify(nested(9)).replace('os.environ/KEY', 'sk-1')),
    [],
  ],
  ['one deeper', nested(10), nested(10), []],
  ['inherited names', { a: 'os.environ/constructor' }, {}, ['a constructor']],
]

test.each(cases)('B9 %s', (_, value, expected, unset) => {
  const before = JSON.stringify(value)
  const resolved = resolveReferences(value, environment)
  expect(resolved.value).toEqual(expected)
  expect(resolved.unset.map(({ path, variable }) => `${path} ${variable}`)).toEqual(unset)
  expect(JSON.stringify(value)).toBe(before)
})

test('a reference is a text with the prefix and nothing else', () => {
  expect(['os.environ/A', ' os.environ/A', 'OS.ENVIRON/A', 3, null].map(isReference)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
})

test('what is set already wins over defaults, and process.env is not touched', () => {
  const before = { ...process.env }
  const joined = withDefaults(
    environment,
    new Map([
      ['KEY', 'other'],
      ['NEW', 'value'],
    ]),
  )
  expect([joined('KEY'), joined('NEW'), joined('NONE')]).toEqual(['sk-1', 'value', undefined])
  expect(processEnvironment('__proto__')).toBeUndefined()
  expect({ ...process.env }).toEqual(before)
})
