import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { loadConfig } from '../../lib/config/load-config'
import { plain } from '../../lib/yaml/python-text'
import { readYaml } from '../../lib/yaml/yaml-1-1'
import { makeApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const read = (text: string): unknown => {
  const tree = readYaml(text, 'f.yaml')
  return tree && plain(tree)
}

/** What PyYAML makes of each. */
const accepted: readonly [string, unknown][] = [
  ['a:\n  b: {\n  c: 1\n  }\n', { a: { b: { c: 1 } } }],
  ['a:\n  b: {\nc: 1\n}\nd: 2', { a: { b: { c: 1 } }, d: 2 }],
  ['a:\n  b: [\n1,\n2\n]\n', { a: { b: [1, 2] } }],
  ['a:\r\n  b: {\r\n  c: 1\r\n  }\r\n', { a: { b: { c: 1 } } }],
  ['- a: {\n  x: 1\n  }\n  b: 2\n', [{ a: { x: 1 }, b: 2 }]],
  ['a: [\n{ b: {\n} },\n[\n]\n]\n', { a: [{ b: {} }, []] }],
  ['a: "b\nc"\n', { a: 'b c' }],
  ["a: 'it''s\n\nc'\n", { a: "it's\nc" }],
  ['a: "b\\\n  c"\nd: {\n}', { a: 'bc', d: {} }],
  [
    'a: {\n# } not yet ]\nb: "}",\nc: it\'s,\nd: http://x/#y\n}',
    { a: { b: '}', c: "it's", d: 'http://x/#y' } },
  ],
  ['a: &x {\nb: 1\n}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
  ['t: |\n  { not\n  "this\na: {\n}\n', { t: '{ not\n"this\n', a: {} }],
  ['t: some\n  [ text\n  "more\na: {\n}\n', { t: 'some [ text "more', a: {} }],
  ['"k [": [\n]\n', { 'k [': [] }],
]

test.each(accepted)('lines in brackets and quotes are indented as they like: %j', (text, expected) => {
  expect(read(text)).toEqual(expected)
})

test.each([
  ['a: |\n  text', 'text'],
  ['a: |+\n  text', 'text'],
  ['a: >\n  some\n  text', 'some text'],
  ['a: |\n  text\n', 'text\n'],
  ['a: |\n  text\n  ', 'text\n'],
  ['a: |\n  text\n   ', 'text\n '],
  ['a: |\n  text\nb: 1', 'text\n'],
  ['a: |-\n  text', 'text'],
  ['a: |\r\n  text', 'text'],
])('a block of text ends as PyYAML ends it: %j', (text, expected) => {
  expect(read(text)).toMatchObject({ a: expected })
})

test.each([
  ['a: {\nb: 1\n', 'f.yaml:3:1: '],
  ['a: {\nb: 1\n}\nc: [\n1 }\n', 'f.yaml:5:'],
  ['a: {\n}\n  b: 1', 'f.yaml:3:'],
  ['a: {\nb: 1\n}\nc: *none\n', 'f.yaml:4:5: '],
  ['a: {\nb: *none\n}\n', 'f.yaml:2:5: '],
  ['a: {\nb: 1\n}\n c: 2\n', 'f.yaml:4:'],
])('what is wrong beside them is found at its place: %j', (text, place) => {
  expect(() => read(text)).toThrow(place)
})

const file = (text: string): string => {
  const path = join(folder, 'config.yaml')
  writeFileSync(path, text)
  return path
}
const config =
  'model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/x\n      extra_body: {\n        "top_k": 5\n      }\n      api_bse: x\n'

test('a config file with them is served, with LiteLLM’s id and the places of the file', () => {
  const { rows, warnings } = loadConfig(file(config), { env: () => undefined })
  expect(rows.map(({ id, deployment }) => [id, deployment.litellm_params])).toEqual([
    [
      // sha256('mmodelopenai/xextra_body{"top_k": 5}api_bsex')
      'bed0461bf1cdc909013d868f8bb85e77d4431392f55198a6cf53a66e97dcaeb3',
      { model: 'openai/x', extra_body: { top_k: 5 }, api_bse: 'x' },
    ],
  ])
  expect(warnings).toEqual([expect.stringMatching(/^config\.yaml:8:7: litellm_params\.api_bse /)])
})

test('a model of such a file is changed in its place', async () => {
  const path = file(config.replace('api_bse: x', 'rpm: 5'))
  const { router, post } = await makeApp({ adapter: yamlFileAdapter({ file: path }) })
  const id = router.registry.list()[0]?.model_info['id']
  const answer = await post('/model/update', { model_info: { id }, litellm_params: { rpm: 7 } })
  expect(answer.status).toBe(200)
  expect(loadConfig(path, { env: () => undefined }).rows[0]?.deployment.litellm_params).toEqual({
    model: 'openai/x',
    extra_body: { top_k: 5 },
    rpm: 7,
  })
})

test('a text of many of them is read in linear time', () => {
  const text = 'k: {\n"a": [\n1\n]\n}\n'.replaceAll('k', 'key')
  const large = `a: "b\nc"\n${Array.from({ length: 5000 }, (_, at) => text.replace('key', `key${at}`)).join('')}`
  const before = process.cpuUsage()
  const tree = readYaml(large, 'f.yaml')
  const { user, system } = process.cpuUsage(before)
  expect(tree?.kind === 'map' && tree.entries.size).toBe(5001)
  expect((user + system) / 1000).toBeLessThan(1000)
})
