import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../lib/config/load-config'
import type { Config } from '../../lib/config/load-config'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

function load(text: string, more = ''): Config {
  const file = join(folder, 'config.yaml')
  writeFileSync(join(folder, 'more.yaml'), more)
  writeFileSync(file, `model_list: []\n${text}`)
  return loadConfig(file, { env: (name) => ({ KEY: 'sk-a', NAME: 'named' })[name] })
}

test('reads names, values with their references, and info', () => {
  const { credentials, unsetCredentials, warnings } = load(`
environment_variables: { BASE: https://a.example }
credential_list:
  - credential_name: shared
    credential_info: { provider: openai, note: os.environ/KEY }
    credential_values:
      api_key: os.environ/KEY
      api_base: os.environ/BASE
      api_version: 2024-10-21
      project: os.environ/GONE
      vertex_credentials: { private_key: os.environ/KEY, other: os.environ/LOST }
  - { credential_name: os.environ/NAME, credential_values: {} }
`)
  const written = {
    api_key: 'os.environ/KEY',
    api_base: 'os.environ/BASE',
    api_version: '2024-10-21',
    project: 'os.environ/GONE',
    vertex_credentials: { private_key: 'os.environ/KEY', other: 'os.environ/LOST' },
  }
  const values = {
    api_key: 'sk-a',
    api_base: 'https://a.example',
    api_version: '2024-10-21',
    vertex_credentials: { private_key: 'sk-a' },
  }
  expect(credentials).toEqual([
    { name: 'shared', written, values, info: { provider: 'openai', note: 'os.environ/KEY' } },
    { name: 'named', written: {}, values: {}, info: {} },
  ])
  expect(unsetCredentials).toEqual([
    { path: 'credential_values.project', variable: 'GONE' },
    { path: 'credential_values.vertex_credentials.other', variable: 'LOST' },
  ])
  expect(warnings).toEqual([])
})

test('appends the lists of included files', () => {
  const entry = (name: string): string => `{ credential_name: ${name}, credential_values: { a: b } }`
  const { credentials, warnings } = load(
    `include: [more.yaml]\ncredential_list: [${entry('one')}]`,
    `credential_list:\n  - ${entry('two')}\n  - 7`,
  )
  expect(credentials.map(({ name }) => name)).toEqual(['one', 'two'])
  expect(warnings).toEqual(['more.yaml:3:5: the credential is ignored: an entry must be a mapping'])
})

const values = 'credential_values: { api_key: sk-hidden }'
const ignored: readonly [string, string][] = [
  ['sk-hidden', 'an entry must be a mapping'],
  ['null', 'an entry must be a mapping'],
  ['[sk-hidden]', 'an entry must be a mapping'],
  [`{ ${values} }`, 'it has no credential_name'],
  [`{ credential_name: "", ${values} }`, 'it has no credential_name'],
  [`{ credential_name: 5, ${values} }`, 'credential_name must be a text; put it in quotes'],
  [`{ credential_name: on, ${values} }`, 'credential_name must be a text; put it in quotes'],
  [`{ credential_name: [sk-hidden], ${values} }`, 'credential_name must be a text; put it in quotes'],
  [
    `{ credential_name: os.environ/GONE, ${values} }`,
    'the environment variable of its credential_name is not set',
  ],
  ['{ credential_name: a }', 'credential_values must be a mapping of parameters'],
  [
    '{ credential_name: a, credential_values: sk-hidden }',
    'credential_values must be a mapping of parameters',
  ],
  ['{ credential_name: a, credential_values: [{}] }', 'credential_values must be a mapping of parameters'],
  [`{ credential_name: a, ${values}, credential_info: sk-hidden }`, 'credential_info must be a mapping'],
  [
    `{ credential_name: good, ${values} }`,
    'an earlier entry of credential_list has the same credential_name',
  ],
]

test.each(ignored)('ignores the entry %s and keeps the others', (entry, problem) => {
  const good = '{ credential_name: good, credential_values: { api_key: first } }'
  const last = '{ credential_name: last, credential_values: {} }'
  const { credentials, warnings } = load(`credential_list:\n  - ${good}\n  - ${entry}\n  - ${last}`)
  expect(credentials.map(({ name, values: { api_key: key } }) => [name, key])).toEqual([
    ['good', 'first'],
    ['last', undefined],
  ])
  expect(warnings).toEqual([`config.yaml:4:5: the credential is ignored: ${problem}`])
})

test.each(['', 'null', '[]'])('has no credentials when credential_list is "%s"', (list) => {
  expect(load(`credential_list: ${list}`)).toMatchObject({ credentials: [], warnings: [] })
})

test.each(['{ shared: { api_key: sk-hidden } }', 'sk-hidden', '7'])('refuses credential_list: %s', (list) => {
  expect(() => load(`credential_list: ${list}`)).toThrow(
    'config.yaml:2:18: credential_list must be a list of mappings with credential_name and credential_values',
  )
})
