import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../lib/config/load-config'
import { fieldsOf } from '../../lib/schema/coerce'
import { schemas } from '../../lib/schema/schemas'
import { makeApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
function load(text: string) {
  const file = join(folder, 'config.yaml')
  writeFileSync(file, text)
  return loadConfig(file, { env: () => undefined })
}

const entry = '  - model_name: m\n    litellm_params: { model: x }\n'
const unknown = (place: string, path: string, intended: string): string =>
  `config.yaml:${place}: ${path} is no name that LiteLLM knows; did you mean ${intended}?`

const params = (key: string): string => `model_list:\n  - model_name: m\n    litellm_params: { ${key}: 1 }\n`
const info = (key: string): string => `model_list:\n${entry}    model_info: { ${key}: x }\n`

const misspelled: readonly [string, string, string, string][] = [
  ['models: []', '1:1', 'models', 'model_list'],
  ['general_setting: {}', '1:1', 'general_setting', 'general_settings'],
  ['router-settings: {}', '1:1', 'router-settings', 'router_settings'],
  ['general_settings:\n  masterKey: x', '2:3', 'general_settings.masterKey', 'master_key'],
  [
    'router_settings: { model_group_aliases: {} }',
    '1:20',
    'router_settings.model_group_aliases',
    'model_group_alias',
  ],
  ['litellm_settings: { drop_param: true }', '1:21', 'litellm_settings.drop_param', 'drop_params'],
  [`model_list:\n${entry}    model_infos: {}`, '4:5', 'model_infos', 'model_info'],
  [params('api_bse'), '3:23', 'litellm_params.api_bse', 'api_base'],
  [params('apiBase'), '3:23', 'litellm_params.apiBase', 'api_base'],
  [params('rmp'), '3:23', 'litellm_params.rmp', 'rpm'],
  [params('ouput_cost_per_token'), '3:23', 'litellm_params.ouput_cost_per_token', 'output_cost_per_token'],
  [
    params('input_cost_per_1m_token'),
    '3:23',
    'litellm_params.input_cost_per_1m_token',
    'input_cost_per_token',
  ],
  [
    params('output_cost_per_million_tokens'),
    '3:23',
    'litellm_params.output_cost_per_million_tokens',
    'output_cost_per_token',
  ],
  [params('reasoning_efort'), '3:23', 'litellm_params.reasoning_efort', 'reasoning_effort'],
  [info('supports_vison'), '4:19', 'model_info.supports_vison', 'supports_vision'],
  [info('max_input_token'), '4:19', 'model_info.max_input_token', 'max_input_tokens'],
]

test.each(misspelled)('a misspelled key is told with its place: %j', (text, place, path, intended) => {
  expect(load(text).warnings).toEqual([unknown(place, path, intended)])
})

test('an included file is checked too', () => {
  writeFileSync(
    join(folder, 'more.yaml'),
    'model_list:\n  - model_name: n\n    litellm_params: { modle: x }\n',
  )
  expect(load('include: [more.yaml]').warnings).toEqual([
    'more.yaml:3:23: litellm_params.modle is no name that LiteLLM knows; did you mean model?',
  ])
})

test('keys of LiteLLM and of users are not told of', () => {
  const ofParams =
    'some_parameter another_parameter extra_body extra_headers top_k min_p num_ctx keep_alive thinking safety_settings ' +
    'repetition_penalty chat_template_kwargs weight order region provider fallbacks max_parallel_requests vertex_location'
  const ofInfo =
    'my_custom_key description author version metadata tags owner team provider context_window family note label region ' +
    'category priority group source url license pricing quality type vendor account created updated icon node role code title status'
  const block = (names: readonly string[]): string => `{ ${names.map((name) => `${name}: 5`).join(', ')} }`
  const declared = (name: 'litellm-params' | 'model-info') => [...fieldsOf(schemas[name]).keys()]
  const { warnings } = load(
    `x-common: {}\ndefaults: {}\nmodel_list:\n  - model_name: m\n    owner: a\n    tags: []\n` +
      `    litellm_params: ${block([...ofParams.split(' '), ...declared('litellm-params').filter((one) => one !== 'model')])}\n` +
      `    model_info: ${block([...ofInfo.split(' '), ...declared('model-info').filter((one) => one !== 'supported_environments')])}\n`,
  )
  expect(warnings.filter((one) => one.includes('did you mean'))).toEqual([])
})

test('a key beside the one it is near to is a key of its own', () => {
  expect(load(`model_list:\n${entry}    model_info: { mode: chat, modes: [chat] }`).warnings).toEqual([])
})

test('an entry without its parameters says what was probably meant', () => {
  const { setAside } = load('model_list:\n  - model_name: m\n    litellm_param: { model: x }')
  expect(setAside).toEqual([
    {
      where: 'config.yaml:2:5',
      id: null,
      name: 'm',
      problems: [
        {
          type: 'missing',
          loc: ['litellm_params'],
          msg: 'Field required; did you mean litellm_params by litellm_param?',
        },
      ],
    },
  ])
})

test('the log tells of warnings in one line at the start, and again when they are others', async () => {
  const file = join(folder, 'config.yaml')
  writeFileSync(file, `model_list:\n${entry}general_setting: {}\n`)
  const app = await makeApp({ config: file, configWatchMs: 3_600_000 })
  const first = [unknown('4:1', 'general_setting', 'general_settings')]
  const message = 'the config file has mistakes that keep nothing from being served; status tells of each'
  expect(app.log).toEqual([{ level: 'warn', details: { count: 1, first }, message }])
  writeFileSync(file, `model_list:\n${entry}general_setting: {}\n# more\n`)
  await app.router.registry.reload()
  expect(app.log).toHaveLength(1)
})
