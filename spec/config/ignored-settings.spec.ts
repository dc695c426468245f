import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryAdapter } from '../../lib/adapters/memory'
import { honouredSettings } from '../../lib/config/ignored-settings'
import { loadConfig } from '../../lib/config/load-config'
import { makeApp } from '../support/app'
import { filesIn, read } from '../support/sources'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
function written(text: string): string {
  const file = join(folder, 'config.yaml')
  writeFileSync(file, text)
  return file
}

const settings = `
x-common: {}
guardrails: []
general_settings: { master_key: sk-m, database_url: 'postgres://u:canary@h/d', alerting: [slack] }
router_settings: { routing_strategy: least-busy, model_group_alias: {} }
litellm_settings: { drop_params: true, fallbacks: [], my_own: 1 }
`
const ignored = [
  'guardrails',
  'general_settings.database_url',
  'general_settings.alerting',
  'router_settings.routing_strategy',
  'litellm_settings.drop_params',
  'litellm_settings.my_own',
]
const message = 'the config file has settings that have no effect here; status lists them as ignored_settings'

test('status and one line of the log tell which settings have no effect', async () => {
  const { router, log } = await makeApp({ config: written(settings), adapter: memoryAdapter() })
  expect(router.registry.status().ignored_settings).toEqual(ignored)
  expect(log).toEqual([{ level: 'warn', details: { count: 6, first: ignored.slice(0, 5) }, message }])
})

test('settings that have an effect are not told of', () => {
  const { sections, ...within } = honouredSettings
  const blocks = Object.entries(within).map(
    ([name, keys]) => `${name}: { ${keys.replaceAll(/\w+/g, '$&: null,')} }`,
  )
  const others = sections.split(' ').filter((name) => !Object.hasOwn(within, name))
  const text = [...blocks, ...others.map((name) => `${name}:`)].join('\n')
  expect(loadConfig(written(text)).ignoredSettings).toEqual([])
})

test('every setting that the source reads is in the table', () => {
  const sources = filesIn('lib')
    .filter((file) => file.endsWith('.ts'))
    .map(read)
    .join('\n')
  for (const section of ['general', 'router', 'litellm'] as const) {
    const reading = new RegExp(`${section}Settings\\['(\\w+)'\\]`, 'g')
    const names = Array.from(sources.matchAll(reading), ([, name]) => name)
    const known: readonly string[] = honouredSettings[`${section}_settings`].split(' ')
    expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([])
  }
})

describe('a database that only LiteLLM would use', () => {
  const sentence = (name: string): string =>
    `general_settings.${name} does not choose a database here: models added at run time are lost by a restart until the option 'adapter' is given, as postgresAdapter({ url }).`

  it.each([
    ['database_url: postgres://u:canary@h/d', 'database_url'],
    ['store_model_in_db: true', 'store_model_in_db'],
    ['store_model_in_db: os.environ/STORE', 'store_model_in_db'],
  ])('is told of where no adapter is given: %s', async (setting, name) => {
    const config = written(`general_settings: { ${setting} }`)
    const { router, log } = await makeApp({ config, env: { STORE: 'True' }, adapter: undefined })
    expect(router.registry.status().warnings[0]).toBe(sentence(name))
    expect(log.map(({ details }) => details)).toContainEqual({ count: 1, first: [sentence(name)] })
    expect(JSON.stringify([log, router.registry.status()])).not.toContain('canary')
  })

  it.each(['store_model_in_db: false', 'database_url: ""', 'database_url: null'])(
    'is not told of where the file names none: %s',
    async (setting) => {
      const config = written(`general_settings: { ${setting} }`)
      const { router } = await makeApp({ config, adapter: undefined })
      expect(router.registry.status().warnings).toEqual([
        "Models added at run time are kept in 'memory': a restart loses them.",
      ])
    },
  )
})

describe('a provider', () => {
  const warningsOf = (params: string, more = ''): readonly string[] =>
    loadConfig(written(`model_list:\n  - model_name: m\n    litellm_params: { ${params} }\n${more}`)).warnings

  it.each([
    ['model: opnai/gpt-4o', "3:30: litellm_params.model: 'opnai' is no provider", "did you mean 'openai'?"],
    [
      'model: Qwen/Qwen3',
      "3:30: litellm_params.model: 'Qwen' is no provider",
      'name the provider in custom_llm_provider',
    ],
    [
      'model: x, custom_llm_provider: antropic',
      "3:54: litellm_params.custom_llm_provider: 'antropic' is no provider",
      "did you mean 'anthropic'?",
    ],
    [
      'model: "https://u:canary@host/x"',
      '3:31: litellm_params.model: this is no provider',
      'name the provider in custom_llm_provider',
    ],
  ])('that LiteLLM does not have is told of: %s', (params, at, remedy) => {
    expect(warningsOf(params)).toEqual([`config.yaml:${at} that LiteLLM knows; ${remedy}`])
  })

  it.each([
    ['model: gpt-4o', ''],
    ['model: openai/meta-llama/Llama-3', ''],
    ['model: meta-llama/Llama-3, custom_llm_provider: openai', ''],
    ['model: "*"', ''],
    ['model: "*/x"', ''],
    ['model: os.environ/UNSET', ''],
    ['model: mine/x', 'litellm_settings: { custom_provider_map: [{ provider: mine, custom_handler: h.x }] }'],
  ])('that LiteLLM has, or the file brings, is not: %s', (params, more) => {
    expect(warningsOf(params, more)).toEqual([])
  })
})
