import { deploymentId } from '../../lib/yaml/deployment-id'
import { floatRepr, jsonDumps } from '../../lib/yaml/python-text'
import { readYaml } from '../../lib/yaml/yaml-1-1'
import recorded from '../fixtures/litellm/ids.json'

function idOf(name: string, params: string, variables: Readonly<Record<string, string>> = {}): string {
  const tree = readYaml(params, 'config.yaml')
  if (tree === undefined) throw new Error('nothing was read')
  return deploymentId(name, tree, (variable) => variables[variable])
}

/** Computed with LiteLLM's rule in Python. */
const vectors: readonly [string, string, string][] = [
  ['gpt-4', 'model: gpt-4', 'e889baacd17f591cce4c63639275ba5e8dc60765d6c553e6ee5a504b19e50ddc'],
  [
    'gpt-4',
    '{model: gpt-4, api_key: null}',
    'de074d9b469e7072548ae4dbe5758205cc13e9c1934a981d774cc974e83c177b',
  ],
  [
    'fake-openai-endpoint',
    'model: openai/fake\napi_key: fake-key\napi_base: https://exampleopenaiendpoint-production.up.railway.app/',
    '112f74fab24a7a5245d2ced3536dd8f5f9192c57ee6e332af0f0512e08bed5af',
  ],
  ['m', '{model: openai/x, rpm: 6}', '4c2e4b9d08adc733325fa6e4c8fa6a468e00a4b4fd81b10096c3543b5f38e6b1'],
  [
    'm',
    '{model: openai/x, timeout: 6.0}',
    'ce5462227c095352afe5db40621b81b99ce6ca377b3077608572359fd521fc04',
  ],
  [
    'm',
    '{model: openai/x, timeout: 0.5}',
    '7bf760c5fd230e3f68751c60a946cb4db9de2775bc27c38c6b2bb7f8dbf74dc3',
  ],
  [
    'm',
    '{model: openai/x, drop_params: true}',
    '1a3d19f27db3ace42cccaff7313dbd0446b91b0bdfc072698156461cee6be1bc',
  ],
  [
    'm',
    '{model: openai/x, input_cost_per_token: 0.000002}',
    '13a3f295be70f51a3efd7bb4aa0f8ff060d22d9149550ae7e5f074b1d19c5fd6',
  ],
  [
    'm',
    '{model: openai/x, input_cost_per_token: 1.0e-07}',
    '908ccd1564712e88d274b4027d76400b70a7184a740421d480026158917a1a84',
  ],
  [
    'm',
    '{model: openai/x, input_cost_per_token: 1e-07}',
    '908ccd1564712e88d274b4027d76400b70a7184a740421d480026158917a1a84',
  ],
  [
    'm',
    '{model: openai/x, extra_headers: {"X-A": "1", n: {b: [1, 2.0, true, null]}}}',
    'bdd2b66af2eda89e1a7660da0a511cb867844532370e8ee54e598501f4cab956',
  ],
  [
    'm',
    `{model: openai/x, tags: [a, "b's"]}`,
    '4178dab10bd650199390f0916aad3f28dffca8db0972c7419f4a04ed1c08eb00',
  ],
  [
    'm',
    '{model: openai/x, extra_headers: {X: é}}',
    '7aa2304acb9dd2959a108ea8648d184b9a91664d799d7fea89a896c38174291d',
  ],
  ['m', 'model: openai/é', 'da6e203f646a27d60b1574200b95fad4eef1ff0b2323c5685aa841286422d09a'],
  [
    'm',
    '{model: openai/x, l: [{a: 1, b: x}, null, true, 1.5, []]}',
    'fb8616a9d307f47cdd3d462392a695aaa689185c851a7b1480c7243a4e1e047e',
  ],
]

test.each(vectors)('the id of %s %s is LiteLLM’s', (name, params, id) => {
  expect(idOf(name, params)).toBe(id)
})

test('every recorded Python vector comes out, or is refused where Python refuses', () => {
  const wrong = recorded.filter(({ yaml, id }) => {
    try {
      return idOf('m', yaml) !== id
    } catch {
      return id !== undefined
    }
  })
  expect(recorded.length).toBeGreaterThan(400)
  expect(wrong).toEqual([])
})

const references: readonly [string, string, string][] = [
  ['an unset reference takes no part', 'model: x\napi_key: os.environ/NO', 'model: x'],
  ['a nested unset reference takes no part', 'model: x\nh: {a: os.environ/NO, b: 1}', 'model: x\nh: {b: 1}'],
  ['a set reference counts as its value', 'model: x\napi_key: os.environ/KEY', 'model: x\napi_key: sk-1'],
  ['the text true counts as a boolean', 'model: x\nstream: os.environ/YES', 'model: x\nstream: true'],
  ['a number stays text', 'model: x\nrpm: os.environ/RPM', "model: x\nrpm: '6'"],
  ['a mapping in a list is resolved', 'l: [{a: os.environ/KEY}]', 'l: [{a: sk-1}]'],
  ['a text in a list is not', 'l: [os.environ/KEY]', "l: ['os.environ/KEY']"],
]

test('a mapping below the depth that LiteLLM reaches counts unresolved', () => {
  const at = (levels: number, value: string) => `${'{a: '.repeat(levels)}${value}${'}'.repeat(levels)}`
  const variables = { KEY: 'sk-1' }
  expect(idOf('m', at(9, 'os.environ/KEY'), variables)).toBe(idOf('m', at(9, 'sk-1')))
  expect(idOf('m', at(10, 'os.environ/KEY'), variables)).not.toBe(idOf('m', at(10, 'sk-1')))
})

test('JSON text escapes the delete character as Python does', () => {
  const tree = readYaml('"\\x7f\\e\\b/"', 'config.yaml')
  expect(tree && jsonDumps(tree)).toBe('"\\u007f\\u001b\\b/"')
})

test.each(references)('%s', (_, one, other) => {
  const variables = { KEY: 'sk-1', YES: 'True', RPM: '6' }
  expect(idOf('m', one, variables)).toBe(idOf('m', other))
  expect(idOf('m', one, { ...variables, KEY: 'sk-2' }) === idOf('m', other)).toBe(
    !one.includes('KEY') || other.includes('KEY'),
  )
})

test.each([
  [1e16, '1e+16'],
  [9999999999999998, '9999999999999998.0'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [5e-324, '5e-324'],
  [-0, '-0.0'],
  [123456.789, '123456.789'],
])('%d is written as Python writes it', (value, text) => {
  expect(floatRepr(value)).toBe(text)
})
