import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../lib/config/load-config'
import { makeApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const good = '  - { model_name: good, litellm_params: { model: x } }\n'
const key = '__proto__'

/** Names of what every object inherits, in JavaScript and in tests of promises. */
const inherited = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
  '__defineGetter__',
]

function written(text: string): string {
  const file = join(folder, 'config.yaml')
  writeFileSync(file, text)
  return file
}

/** Everywhere that a file may have a key. */
const places: readonly (readonly [string, (name: string) => string])[] = [
  ['at the top', (name) => `model_list:\n${good}${name}: { polluted: 1 }\n`],
  ['at the top, as a list', (name) => `model_list:\n${good}${name}: [1]\n`],
  [
    'in an entry',
    (name) =>
      `model_list:\n${good}  - { model_name: odd, litellm_params: { model: x }, ${name}: { polluted: 1 } }\n`,
  ],
  [
    'in parameters',
    (name) =>
      `model_list:\n${good}  - { model_name: odd, litellm_params: { model: x, ${name}: { polluted: 1 } } }\n`,
  ],
  [
    'deep in parameters',
    (name) =>
      `model_list:\n${good}  - { model_name: odd, litellm_params: { model: x, a: [{ b: { ${name}: 1 } }] } }\n`,
  ],
  [
    'in model_info',
    (name) =>
      `model_list:\n${good}  - { model_name: odd, litellm_params: { model: x }, model_info: { ${name}: { polluted: 1 } } }\n`,
  ],
  ['in general_settings', (name) => `model_list:\n${good}general_settings: { ${name}: { master_key: x } }\n`],
  [
    'in router_settings',
    (name) => `model_list:\n${good}router_settings: { ${name}: 1, model_group_alias: { ${name}: good } }\n`,
  ],
  [
    'in litellm_settings',
    (name) => `model_list:\n${good}litellm_settings: { fallbacks: [{ ${name}: [good] }] }\n`,
  ],
  ['in environment_variables', (name) => `model_list:\n${good}environment_variables: { ${name}: x }\n`],
  ['behind a merge key', (name) => `model_list:\n${good}a: &a { ${name}: { polluted: 1 } }\nb: { <<: *a }\n`],
]

describe.each(places)('a key of every object %s of the config file', (_where, text) => {
  it.each(inherited)('%s keeps no model from being served', (name) => {
    const { rows, setAside, warnings } = loadConfig(written(text(name)))
    const models = rows.map(({ deployment }) => deployment.model_name)
    expect(models).toEqual(text(name).includes('odd') ? ['good', 'odd'] : ['good'])
    expect([setAside, ({} as Record<string, unknown>)['polluted']]).toEqual([[], undefined])
    const leftOut = warnings.filter((one) =>
      one.endsWith(': the key __proto__ is left out with all that is under it'),
    )
    expect([leftOut.length > 0, leftOut.length]).toEqual([name === key, warnings.length])
  })
})

it('the place of the key that is left out is told, in included files too', async () => {
  writeFileSync(
    join(folder, 'more.yaml'),
    `model_list:\n  - model_name: odd\n    ${key}: 1\n    litellm_params: { model: x }\n`,
  )
  const { router } = await makeApp({
    config: written(`include: [more.yaml]\n${key}: 1\nmodel_list:\n${good}`),
  })
  expect(router.registry.list().map(({ model_name: name }) => name)).toEqual(['good', 'odd'])
  expect(router.registry.status().warnings.slice(0, 2)).toEqual([
    'config.yaml:2:1: the key __proto__ is left out with all that is under it',
    'more.yaml:3:5: the key __proto__ is left out with all that is under it',
  ])
})

it.each(inherited)('%s is a name, an id, a group and a team like any other', async (name) => {
  const entry = {
    model_name: name,
    litellm_params: { model: name },
    model_info: { id: name, access_groups: [name] },
  }
  const { registry } = (await makeApp({ config: written(JSON.stringify({ model_list: [entry] })) })).router
  expect(registry.list()).toMatchObject([
    { model_name: name, model_info: { id: name, access_groups: [name] } },
  ])
  expect(registry.resolve(name)).toMatchObject([{ id: name }])
  expect(registry.resolve(`${name}-not`)).toEqual([])
})
