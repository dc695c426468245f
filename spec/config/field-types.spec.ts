import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../lib/config/load-config'
import { fieldsOf } from '../../lib/schema/coerce'
import { schemas } from '../../lib/schema/schemas'
import { validator } from '../../lib/schema/validator'
import { makeApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const written = (text: string): string => {
  const file = join(folder, 'config.yaml')
  writeFileSync(file, text)
  return file
}
const load = (text: string) => loadConfig(written(text), { env: () => undefined })
const entry = (more: string): string =>
  `model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/x\n${more}`
const params = (more: string): string => entry(`      ${more}\n`)
const info = (more: string): string => entry(`    model_info:\n      ${more}\n`)

const boolean = 'Input should be a valid boolean'
const kept = 'The value is kept as it is.'
const number = 'This is a number to YAML; put it in quotes to make it text'

/** Text, what is served under the last key, and the warning. */
const tolerated: readonly [string, unknown, string][] = [
  [
    params('drop_params: ["tool_choice"]'),
    ['tool_choice'],
    `5:20: litellm_params.drop_params: ${boolean}. ${kept}`,
  ],
  [params('tenant_id: 5'), 5, `5:18: litellm_params.tenant_id: ${number}. ${kept}`],
  [params('aws_external_id: 123456'), 123456, `5:24: litellm_params.aws_external_id: ${number}. ${kept}`],
  [
    params('keepalive_seconds: x'),
    'x',
    `5:26: litellm_params.keepalive_seconds: Input should be a valid number, unable to parse string as a number. ${kept}`,
  ],
  [
    params('api_version: 2024-02-01'),
    '2024-02-01',
    `5:20: litellm_params.api_version: This is a date to YAML; put it in quotes to make it text. ${kept}`,
  ],
  [
    params('region_name: no'),
    false,
    `5:20: litellm_params.region_name: This is a boolean to YAML; put it in quotes to make it text. ${kept}`,
  ],
  [params('tags: [1]'), [1], `5:14: litellm_params.tags.0: ${number}. ${kept}`],
  [info('tier: gold'), 'gold', `6:13: model_info.tier: Input should be 'free' or 'paid'. ${kept}`],
  [info('team_id: 7'), '7', `6:16: model_info.team_id: ${number}. It is read as text.`],
  [
    info('blocked: maybe'),
    true,
    `6:16: model_info.blocked: ${boolean}, unable to interpret input. The model is blocked.`,
  ],
]

test.each(tolerated)('a field of a wrong type costs no model: %j', (text, value, warning) => {
  const { rows, setAside, warnings } = load(text)
  const { litellm_params, model_info } = rows[0]!.deployment
  const [last] = Object.values({ ...litellm_params, ...model_info }).slice(-1)
  expect([setAside, last, warnings]).toEqual([[], value, [`config.yaml:${warning}`]])
})

test('the id is over the values as they are written', () => {
  const [row] = load(params('drop_params: ["tool_choice"]\n      tenant_id: 5\n      rpm: "6"')).rows
  expect(row).toMatchObject({
    // sha256("mmodelopenai/xdrop_params['tool_choice']tenant_id5rpm6")
    id: 'dbf90c533921b7995bcaa65422fbf588edc3437993b0bdf0afb053a9df42351b',
    deployment: { litellm_params: { model: 'openai/x', drop_params: ['tool_choice'], tenant_id: 5, rpm: 6 } },
  })
})

test('dates of model_info need no quotes', () => {
  const names = ['created_at', 'updated_at', 'ptu_effective_from', 'ptu_effective_to']
  const text = names.map((name) => `${name}: 2024-01-01T00:00:00Z`).join('\n      ')
  const { rows, setAside, warnings } = load(info(text))
  const date = '2024-01-01T00:00:00+00:00'
  expect([rows[0]?.deployment.model_info, setAside, warnings]).toEqual([
    Object.fromEntries(names.map((name) => [name, date])),
    [],
    [],
  ])
})

test('a reference to a value of a wrong type stays a reference', () => {
  const file = written(params('rpm: os.environ/KEY'))
  const { rows, warnings } = loadConfig(file, { env: (name) => (name === 'KEY' ? 'canary-1' : undefined) })
  expect(rows[0]?.deployment.litellm_params['rpm']).toBe('os.environ/KEY')
  expect(warnings).toEqual([expect.stringContaining('config.yaml:5:12: litellm_params.rpm: ')])
  expect(JSON.stringify(warnings)).not.toContain('canary')
})

test.each([
  ['no name', '- litellm_params: { model: x }', 'model_name'],
  ['a name that is a number', '- { model_name: 5, litellm_params: { model: x } }', 'model_name'],
  ['a name that is a switch', '- { model_name: on, litellm_params: { model: x } }', 'model_name'],
  ['no parameters', '- model_name: m', 'litellm_params'],
  ['parameters that are a list', '- { model_name: m, litellm_params: [] }', 'litellm_params'],
  ['a model that is a number', '- { model_name: m, litellm_params: { model: 5 } }', 'litellm_params.model'],
  [
    'a team that cannot be read',
    '- { model_name: m, litellm_params: { model: x }, model_info: { team_id: [a] } }',
    'model_info.team_id',
  ],
])('an entry with %s is not served', (_, text, path) => {
  const { rows, setAside } = load(`model_list:\n  ${text}`)
  expect([rows, setAside.map(({ problems }) => problems.map(({ loc }) => loc.join('.')))]).toEqual([
    [],
    [[path]],
  ])
})

describe('every declared field', () => {
  const values = [5, 'text', [{ text: 5 }]]
  const validate = validator('deployment')
  const fields = (['litellm-params', 'model-info'] as const).flatMap((name) => {
    const part = name.replace('-', '_')
    return [...fieldsOf(schemas[name]).keys()].map((field) => [part, field] as const)
  })
  const deployment = (part: string, field: string, value: unknown): Record<string, object | string> => {
    const blocks = { litellm_params: { model: 'openai/x' }, model_info: {} }
    return {
      model_name: `${part}.${field}`,
      ...blocks,
      [part]: { ...blocks[part as keyof typeof blocks], [field]: value },
    }
  }
  const wrong = fields.flatMap(([part, field]) =>
    values
      .map((value) => deployment(part, field, value))
      .filter(
        (each) => !validate(each).ok && !['model', 'team_id', 'supported_environments'].includes(field),
      ),
  )

  it('is served with a value of any type, in every list', async () => {
    const file = written(JSON.stringify({ model_list: wrong }))
    const { get, router } = await makeApp({ config: file })
    const { warnings, set_aside: setAside } = router.registry.status()
    expect([wrong.length > 200, setAside]).toEqual([true, []])
    const names = wrong.map(({ model_name: name }) => name as string)
    const told = warnings.join('\n')
    expect(names.filter((name) => !told.includes(`: ${name}`))).toEqual([])
    const paths = ['/model/info', '/v2/model/info?size=10000', '/model_group/info', '/v1/models']
    const answers = await Promise.all([...paths, '/v1/models?include_pricing=true'].map((path) => get(path)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const shown = answers[0]?.body.data.map(({ model_name: name }: { model_name: string }) => name)
    expect(shown.sort()).toEqual(names.toSorted())
  })
})
