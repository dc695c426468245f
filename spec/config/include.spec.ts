import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadConfig } from '../../lib/config/load-config'
import { makeApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let count = 0

/** Files by name, in a folder of their own; the path of the first. */
function written(files: Readonly<Record<string, string>>): string {
  count += 1
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, String(count), name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  })
  return paths[0] ?? ''
}

const model = (name: string): string =>
  `model_list: [{ model_name: ${name}, litellm_params: { model: x }, model_info: { id: ${name} } }]\n`

function namesIn(files: Readonly<Record<string, string>>): readonly [readonly string[], readonly string[]] {
  const { rows, warnings } = loadConfig(written(files), { env: () => undefined })
  return [rows.map(({ deployment }) => deployment.model_name), warnings]
}

test('a nested include is looked for beside the file that names it', () => {
  expect(
    namesIn({
      'config.yaml': 'include: [a/one.yaml]',
      'a/one.yaml': `include: [two.yaml]\n${model('one')}`,
      'a/two.yaml': model('two'),
    }),
  ).toEqual([['one', 'two'], []])
})

test('then beside the main file, with a warning that says which was read', () => {
  expect(
    namesIn({
      'config.yaml': 'include: [a/one.yaml]',
      'a/one.yaml': `include: [a/two.yaml]\n${model('one')}`,
      'a/two.yaml': model('two'),
    }),
  ).toEqual([['one', 'two'], ['a/one.yaml:1:11: a/two.yaml is read; the include is not at a/a/two.yaml']])
})

test('of two files that match, the one beside the file that names it is read, with a warning', () => {
  expect(
    namesIn({
      'config.yaml': 'include: [a/one.yaml]',
      'a/one.yaml': `include: [two.yaml]\n${model('one')}`,
      'a/two.yaml': model('nested'),
      'two.yaml': model('main'),
    }),
  ).toEqual([
    ['one', 'nested'],
    ['a/one.yaml:1:11: a/two.yaml is read; the include also matches two.yaml, which is not read'],
  ])
})

test('files come in the order of LiteLLM, each once: those of the main file first, then those they name', () => {
  expect(
    namesIn({
      'config.yaml': `include: [one.yaml, two.yaml]\n${model('main')}`,
      'one.yaml': `include: [three.yaml]\n${model('one')}`,
      'two.yaml': `include: [three.yaml, one.yaml]\n${model('two')}`,
      'three.yaml': model('three'),
    }),
  ).toEqual([['main', 'one', 'two', 'three'], []])
})

describe('an include outside the folder of the config file', () => {
  const files = { 'inside/config.yaml': 'include: [../outside.yaml]', 'outside.yaml': model('outside') }

  it('keeps the router from starting, and the message names the option', async () => {
    const message =
      "config.yaml:1:11: ../outside.yaml is outside the config file's folder; the option 'allowOutsideIncludes' permits it"
    await expect(makeApp({ config: written(files) })).rejects.toMatchObject({
      code: 'invalid_config',
      message,
    })
  })

  it('is read with the option allowOutsideIncludes', async () => {
    const { router } = await makeApp({ config: written(files), allowOutsideIncludes: true })
    expect(router.registry.list().map(({ model_name: name }) => name)).toEqual(['outside'])
  })
})

test('with configWatchMs: 0 the file is read by reload() alone', async () => {
  const config = written({ 'config.yaml': model('one') })
  const { router } = await makeApp({ config, configWatchMs: 0 })
  writeFileSync(config, model('two'))
  expect(router.registry.list().map(({ model_name: name }) => name)).toEqual(['one'])
  expect(router.registry.status().options['configWatchMs']).toEqual({ value: 0, origin: 'option' })
  await router.registry.reload()
  expect(router.registry.list().map(({ model_name: name }) => name)).toEqual(['two'])
  rmSync(config)
})
