import { plain, str } from '../../lib/yaml/python-text'
import { describePlace, locate, member } from '../../lib/yaml/tree'
import { readYaml } from '../../lib/yaml/yaml-1-1'

function read(text: string) {
  const tree = readYaml(text, 'config.yaml')
  if (tree === undefined) throw new Error('nothing was read')
  return tree
}

function messageOf(text: string): string {
  try {
    readYaml(text, 'config.yaml')
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`
  }
  return 'no error'
}

/** What PyYAML 6 makes of each: the JSON, and Python's str(). */
const scalars: readonly [string, unknown, string][] = [
  ['on', true, 'True'],
  ['Off', false, 'False'],
  ['yes', true, 'True'],
  ['tRue', 'tRue', 'tRue'],
  ['y', 'y', 'y'],
  ['n', 'n', 'n'],
  ['~', null, 'None'],
  ['Null', null, 'None'],
  ['1e-7', '1e-7', '1e-7'],
  ['3E5', '3E5', '3E5'],
  ['1.5e3', '1.5e3', '1.5e3'],
  ['1.0e-7', 1e-7, '1e-07'],
  ['1.0e+7', 1e7, '10000000.0'],
  ['1.0e+16', 1e16, '1e+16'],
  ['6', 6, '6'],
  ['6.0', 6, '6.0'],
  ['.5', 0.5, '0.5'],
  ['-.5', '-.5', '-.5'],
  ['1_000', 1000, '1000'],
  ['010', 8, '8'],
  ['0o10', '0o10', '0o10'],
  ['08', '08', '08'],
  ['0b1_01', 5, '5'],
  ['0xFf', 255, '255'],
  ['-0x10', -16, '-16'],
  ['1:30', 90, '90'],
  ['-1:30', -90, '-90'],
  ['1:60', '1:60', '1:60'],
  ['1:30.5', 90.5, '90.5'],
  ['1:54:3.2079', 6843.207899999999, '6843.207899999999'],
  ['9007199254740993', 9007199254740992, '9007199254740993'],
  ['.inf', 'inf', 'inf'],
  ['-.INF', '-inf', '-inf'],
  ['.nan', 'nan', 'nan'],
  ['2024-02-01', '2024-02-01', '2024-02-01'],
  ['2024-2-1', '2024-2-1', '2024-2-1'],
  ['2024-02-01-preview', '2024-02-01-preview', '2024-02-01-preview'],
  ['2024-02-01T10:20:30Z', '2024-02-01 10:20:30+00:00', '2024-02-01 10:20:30+00:00'],
  ['2024-02-01 10:00:00.5 -3:30', '2024-02-01 10:00:00.500000-03:30', '2024-02-01 10:00:00.500000-03:30'],
  ["'on'", 'on', 'on'],
  ['"6.0"', '6.0', '6.0'],
  ['!!str 6', '6', '6'],
  ['!!float 6', 6, '6.0'],
  ['=', '=', '='],
]

test.each(scalars)('%s is typed as PyYAML types it', (text, json, python) => {
  const value = member(read(`p: ${text}`), 'p')
  if (value === undefined) throw new Error('no p')
  expect(plain(value)).toEqual(json)
  expect(str(value)).toBe(python)
})

const collections: readonly [string, string, string][] = [
  ['a duplicate key keeps its place and its last value', 'a: 1\nb: 2\na: 3', "{'a': 3, 'b': 2}"],
  ['merged keys come first and lose', 'd: &d {x: 1, y: 2}\np: {y: 0, <<: *d, z: 3}', '{x: 1, y: 0, z: 3}'],
  [
    'of a list of merges the first wins',
    'a: &a {x: 1}\nb: &b {x: 2, y: 2}\np: {<<: [*a, *b]}',
    '{x: 1, y: 2}',
  ],
  ['a quoted << is a key', "p: {'<<': {a: 1}}", "{'<<': {'a': 1}}"],
  ['equal numbers are one key', 'p: {1: a, 1.0: b, true: c}', "{1: 'c'}"],
]

test.each(collections)('%s', (_, text, python) => {
  const tree = read(text)
  expect(str(member(tree, 'p') ?? tree).replaceAll("'", '')).toBe(python.replaceAll("'", ''))
})

test('keys that are no strings become what Python calls them', () => {
  expect(plain(read('{2: a, on: b, ~: c, 1.0e-7: d, 2024-02-01: e}'))).toEqual({
    2: 'a',
    True: 'b',
    None: 'c',
    '1e-07': 'd',
    '2024-02-01': 'e',
  })
})

test.each(['', '# only a comment', '---'])('nothing to read: %j', (text) => {
  const tree = readYaml(text, 'config.yaml')
  expect(tree === undefined || tree.kind === 'null').toBe(true)
})

test('a JSON pointer is located, and a missing member at its parent', () => {
  const tree = read('model_list:\r\n  - model_name: a\r\n    litellm_params:\r\n      a/b: 1\r\n')
  expect(locate(tree, '/model_list/0/litellm_params/a~1b')).toEqual({
    file: 'config.yaml',
    line: 4,
    column: 12,
  })
  expect(locate(tree, '/model_list/0/nothing/here')).toEqual({ file: 'config.yaml', line: 2, column: 5 })
})

const secret = 'sk-canary-3141592653'
const broken: readonly [string, string, string][] = [
  ['an open quote', `a: 1\nkey: "${secret}`, 'invalid_config config.yaml:2:'],
  ['an open list', `a: [${secret}\nb: 1`, 'invalid_config config.yaml:2:'],
  ['a tab as indentation', `a:\n\tkey: ${secret}`, 'invalid_config config.yaml:2:'],
  ['a colon too many', `key: ${secret}: x`, 'invalid_config config.yaml:1:'],
  ['an unknown tag', `key: !!python/object ${secret}`, 'invalid_config config.yaml:1:'],
  ['an undeclared tag handle', `key: !${secret}!x y`, 'invalid_config config.yaml:1:'],
  ['an odd tag', `key: !!${secret}[ y`, 'invalid_config config.yaml:1:'],
  ['an alias without an anchor', `key: *${secret}`, 'invalid_config config.yaml:1:'],
  ['a value inside its own anchor', 'a: &a [*a]', 'invalid_config config.yaml:1:9: this alias stands inside'],
  ['a merge of a text', `a:\n  <<: ${secret}`, 'invalid_config config.yaml:2:7: << needs'],
  ['a second document', `a: 1\n---\nb: ${secret}`, 'invalid_config config.yaml:'],
  ['a day that is none', 'a: 2024-02-30', 'invalid_config config.yaml:1:4: this is no valid date'],
  ['a year that is none', 'a: 0000-01-01', 'invalid_config config.yaml:1:4: this is no valid date'],
  ['a number longer than Python takes', `a: 1${'0'.repeat(4300)}`, 'config.yaml:1:4: this is no valid'],
  ['a list as a key', `? [${secret}]\n: 1`, 'invalid_config config.yaml:1:'],
  ['a null byte', `a: ${secret}\0`, 'invalid_config config.yaml:1:'],
]

test.each(broken)('%s is refused with its place and without the text', (_, text, start) => {
  const message = messageOf(text)
  expect(message).toContain(start)
  expect(message).not.toContain('canary')
})

describe('a key __proto__', () => {
  const text = 'a: &a {__proto__: {polluted: true}, b: 1}\nc: {<<: *a, d: [{"__proto__": 1}]}\n__proto__: 2'
  const json = (tree: ReturnType<typeof readYaml>): string => JSON.stringify(tree && plain(tree))

  test('is a key like any other, and pollutes nothing', () => {
    const tree = readYaml(text, 'config.yaml')
    expect(json(tree)).toBe(
      '{"a":{"__proto__":{"polluted":true},"b":1},"c":{"__proto__":{"polluted":true},"b":1,"d":[{"__proto__":1}]},"__proto__":2}',
    )
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('is left out where that is asked for, and its place is told', () => {
    const places: string[] = []
    const tree = readYaml(text, 'config.yaml', { onProto: (place) => places.push(describePlace(place)) })
    expect(json(tree)).toBe('{"a":{"b":1},"c":{"b":1,"d":[{}]}}')
    expect(places).toEqual(['config.yaml:1:8', 'config.yaml:2:19', 'config.yaml:3:1'])
  })
})

test('aliases that multiply are refused before they fill the memory', () => {
  const levels = Array.from(
    { length: 9 },
    (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]`,
  )
  expect(messageOf(`a0: &a0 [x, x]\n${levels.join('\n')}`)).toContain('aliases stand for more than')
})

test('nesting through aliases is bounded like nesting itself', () => {
  const chain = Array.from({ length: 200 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}]`)
  expect(messageOf(`a0: &a0 [x]\n${chain.join('\n')}`)).toContain('nesting exceeded')
  expect(messageOf('['.repeat(200))).toContain('maxDepth')
})
