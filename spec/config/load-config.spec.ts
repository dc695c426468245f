import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadConfig } from '../../lib/config/load-config'
import type { Config, LoadOptions } from '../../lib/config/load-config'

const fixtures = join(__dirname, '../fixtures/config')
const noVariables = () => undefined

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

function load(text: string, options: LoadOptions = {}): Config {
  return loadConfig(write('config.yaml', text), { env: noVariables, ...options })
}

function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`.replaceAll(folder, '')
  }
  return 'no error'
}

const entry = '  - model_name: m\n    litellm_params:\n      model: openai/x\n'

test('B9 a whole file: includes, references, settings, rows that are set aside', () => {
  const variables: Readonly<Record<string, string>> = {
    NAME: 'named',
    MODEL: 'openai/named',
    RPM: '60',
    REGION: 'process',
    STORE: 'False',
    MASTER: 'sk-m',
  }
  const config = loadConfig(join(fixtures, 'full.yaml'), { env: (name) => variables[name] })
  expect(config.rows).toEqual([
    {
      id: 'e889baacd17f591cce4c63639275ba5e8dc60765d6c553e6ee5a504b19e50ddc',
      deployment: {
        model_name: 'gpt-4',
        litellm_params: { model: 'gpt-4', api_key: 'os.environ/OPENAI_API_KEY' },
        model_info: { my_custom_key: 'my_custom_value' },
      },
      where: { file: 'full.yaml', line: 17 },
      unsetReferences: [{ path: 'litellm_params.api_key', variable: 'OPENAI_API_KEY' }],
    },
    {
      id: '7',
      deployment: {
        model_name: 'named',
        litellm_params: {
          model: 'openai/named',
          api_base: 'os.environ/BASE',
          rpm: 60,
          extra_headers: { 'X-Region': 'os.environ/REGION' },
        },
        model_info: { id: '7', note: 'from the file' },
      },
      where: { file: 'full.yaml', line: 24 },
      unsetReferences: [
        { path: 'model_info.owner', variable: 'UNSET_OWNER' },
        { path: 'litellm_params.tpm', variable: 'UNSET_TPM' },
        { path: 'litellm_params.api_base', variable: 'BASE' },
      ],
    },
    expect.objectContaining({ where: { file: 'full.yaml', line: 36 } }),
    expect.objectContaining({ where: { file: 'models/azure.yaml', line: 5 } }),
    expect.objectContaining({ where: { file: 'more.yaml', line: 2 } }),
  ])
  expect(config.setAside).toEqual([
    {
      where: 'full.yaml:41:5',
      id: null,
      name: null,
      problems: [expect.objectContaining({ type: 'model_type' })],
    },
  ])
  expect(config.generalSettings).toEqual({ store_model_in_db: false, master_key: 'sk-m' })
  expect(config.routerSettings).toEqual({ num_retries: 2 })
  expect([config.environment('REGION'), config.environment('FILE_ONLY')]).toEqual([
    'process',
    'from the file',
  ])
  expect(config.files.map((file) => file.slice(fixtures.length))).toEqual([
    '/full.yaml',
    '/models/azure.yaml',
    '/more.yaml',
  ])
  expect(config.warnings).toEqual([
    'full.yaml:39:12: litellm_params.rpm: Input should be a valid integer, unable to parse string as an integer. The value is kept as it is.',
  ])
})

test('a file without models starts with none', () => {
  expect(load('general_settings: {}')).toMatchObject({ rows: [], setAside: [], hasModelList: false })
  expect(load('model_list: []').hasModelList).toBe(true)
})

const refused: readonly [string, string, string][] = [
  ['an empty file', '', 'Config cannot be None or Empty. Write at least model_list: []'],
  ['a comment', '# nothing', 'Config cannot be None or Empty.'],
  ['a list', '- a', 'config.yaml:1:1: the file must be a mapping'],
  ['a model_list that is none', 'model_list: gpt', 'config.yaml:1:13: model_list must be a list'],
  ['a text as include', 'a: 1\ninclude: x.yaml', 'config.yaml:2:10: include must be a list'],
  [
    'a missing include',
    'include: [gone.yaml]',
    'Config file not found: /gone.yaml (included at config.yaml:1:11)',
  ],
  ['including itself', 'include: [config.yaml]', 'include loop: config.yaml → config.yaml'],
  ['a way out', 'include: [../outside.yaml]', 'Config file not found: '],
  [
    'settings that are a list',
    'general_settings: []',
    'config.yaml:1:19: general_settings must be a mapping',
  ],
]

test.each(refused)('%s is refused', (_, text, message) => {
  expect(messageOf(() => load(text))).toContain(message)
})

test.each(['[]', '[num_retries: 2]', 'text', '7'])(
  'router_settings: %s is ignored with a warning',
  (value) => {
    const { routerSettings, warnings, rows } = load(`model_list:\n${entry}router_settings: ${value}`)
    expect([routerSettings, rows.length]).toEqual([{}, 1])
    expect(warnings).toEqual(['config.yaml:5:18: router_settings must be a mapping, and is ignored'])
  },
)

test('a missing file, a folder and other encodings are refused by name', () => {
  expect(messageOf(() => loadConfig(join(folder, 'no.yaml')))).toBe(
    'invalid_config Config file not found: /no.yaml',
  )
  expect(messageOf(() => loadConfig(folder))).toContain('cannot be read (EISDIR)')
  const latin = write('latin.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xe9]))
  expect(messageOf(() => loadConfig(latin))).toContain('not UTF-8')
})

test('an include outside the folder, also by a symbolic link, needs allowOutside', () => {
  const outside = write('outside.yaml', 'model_list: []')
  const main = write('inside/config.yaml', 'include: [link.yaml]')
  symlinkSync(outside, join(folder, 'inside/link.yaml'))
  expect(messageOf(() => loadConfig(main))).toContain('link.yaml is outside the config file')
  expect(loadConfig(main, { allowOutside: true }).rows).toEqual([])
  const plainMain = write('inside/plain.yaml', 'include: [../outside.yaml]')
  expect(messageOf(() => loadConfig(plainMain))).toContain("the option 'allowOutsideIncludes' permits it")
})

test('a loop over several files is named', () => {
  write('a.yaml', 'include: [b.yaml]')
  write('b.yaml', 'include: [a.yaml]')
  expect(messageOf(() => load('include: [a.yaml]'))).toContain('include loop: a.yaml → b.yaml → a.yaml')
})

const dates: readonly [string, string, object][] = [
  [
    'as a name is a problem',
    '  - model_name: 2024-02-01\n    litellm_params: {}',
    { rows: 0, where: 'config.yaml:2:17' },
  ],
  ['elsewhere becomes text', `${entry}      released: 2024-02-01`, { rows: 1 }],
  ['in quotes is text', `${entry}      api_version: '2024-02-01'`, { rows: 1 }],
]

test.each(dates)('a date %s', (_, text, expected) => {
  const config = load(`model_list:\n${text}`)
  const [aside] = config.setAside
  expect({ rows: config.rows.length, ...(aside && { where: aside.where }) }).toEqual(expected)
  expect(aside?.problems[0]?.msg ?? 'put it in quotes').toContain('put it in quotes')
})

test('an organization list makes a row of each, all with LiteLLM’s one id', () => {
  const config = load(`model_list:\n${entry}      organization: [org-1, org-2]`)
  expect(config.rows.map(({ deployment }) => deployment.litellm_params['organization'])).toEqual([
    'org-1',
    'org-2',
  ])
  expect(new Set(config.rows.map(({ id }) => id)).size).toBe(1)
  expect(config.warnings).toHaveLength(1)
})

test('equal entries both stay, with a warning that names both lines', () => {
  const config = load(`model_list:\n${entry}${entry}`)
  expect(config.rows).toHaveLength(2)
  expect(config.warnings).toEqual([
    expect.stringContaining('config.yaml:5: same id as the deployment at config.yaml:2'),
  ])
})

test.each([
  ['production', 1, 0],
  ['staging', 0, 0],
  ['elsewhere', 0, 1],
  [undefined, 0, 1],
])('supported_environments while LITELLM_ENVIRONMENT is %s', (current, rows, setAside) => {
  const text = `model_list:\n${entry}    model_info: {supported_environments: [production]}`
  const config = load(text, { env: (name) => (name === 'LITELLM_ENVIRONMENT' ? current : undefined) })
  expect([config.rows.length, config.setAside.length]).toEqual([rows, setAside])
})

test.each([
  ['7', '7'],
  ['12345678901234567890', '12345678901234567890'],
  ['given', 'given'],
])('model_info.id %s wins', (id, expected) => {
  const [row] = load(`model_list:\n${entry}    model_info: {id: ${id}}`).rows
  expect([row?.id, row?.deployment.model_info['id']]).toEqual([expected, expected])
})

test('a name whose variable is not set sets the row aside and names the variable', () => {
  const [aside] = load(
    'model_list:\n  - model_name: os.environ/NOBODY\n    litellm_params: {model: x}',
  ).setAside
  expect(aside?.problems.map(({ type, loc, msg }) => [type, loc.join('.'), msg])).toEqual([
    ['missing', 'model_name', expect.any(String)],
    ['unset_reference', 'model_name', 'Environment variable NOBODY is not set'],
  ])
})

test('a parameter named like an inherited member survives', () => {
  const [row] = load(`model_list:\n${entry}      constructor: mine`).rows
  expect(row?.deployment.litellm_params).toEqual({ model: 'openai/x', constructor: 'mine' })
})

test('B1 no problem and no message quotes a value', () => {
  const secret = 'canary-2718281828'
  const config = load(`model_list:\n${entry}      rpm: ${secret}\n      api_key: [${secret}]\n  - ${secret}`)
  expect([config.setAside.length, config.warnings.length]).toEqual([1, 2])
  expect(JSON.stringify([config.setAside, config.warnings])).not.toContain('canary')
})
