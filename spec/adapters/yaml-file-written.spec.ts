import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { makeApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const file = join(temporaryFolder(), 'models.yaml')
const model = (id: string) =>
  `  - model_name: m\n    litellm_params: { model: x }\n    model_info: { id: ${id} }\n`
const one = `model_list:\n${model('a')}`
const created = { model_name: 'n', litellm_params: { model: 'y' }, model_info: { id: 'n' } }

async function over(text: string) {
  writeFileSync(file, text)
  return makeApp({ adapter: yamlFileAdapter({ file }) })
}

const refused =
  'The model store cannot take this change, and trying again does not help: the log and the status of this instance say why.'
const twice = (line: number): string =>
  `The key model_list on line ${line} stands in its mapping twice; remove one of the two.`
const bare = (line: number): string => `Line ${line} ends in a carriage return alone; write line feeds.`

describe('a file that cannot be edited', () => {
  it.each([
    ['an empty list before it', `model_list: []\n${one}`, twice(2)],
    ['no value before it', `model_list:\n${one}`, twice(2)],
    ['a list before it', `${one}${one}`, twice(5)],
    ['another name before it', `"model_list": 5\n${one}`, twice(2)],
    ['carriage returns', one.replaceAll('\n', '\r'), bare(1)],
    ['some carriage returns', `# c\n${one.replaceAll('\n', '\r')}`, bare(2)],
  ])('with %s answers 409 that names the line, and stays as it is', async (_, text, reason) => {
    const { post } = await over(text)
    const answers = [await post('/model/new', created), await post('/model/delete', { id: 'a' })]
    expect(answers.map(({ status, body }) => [status, body.error.message])).toEqual([
      [409, `${refused} ${reason}`],
      [409, `${refused} ${reason}`],
    ])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

describe('creating and deleting a model', () => {
  const block = `${one}  - model_name: b\n    litellm_params: { model: x }\n    model_info:\n      id: b\n      note: |\n        text\n`
  const texts = [
    one,
    one.trimEnd(),
    one.replaceAll('\n', '\r\n'),
    one.replaceAll('\n', '\r\n').trimEnd(),
    `${one}\n\n`,
    `${one}# end`,
    `${one}\n${model('b')}`,
    `${one}\n${model('b').trimEnd()}`,
    `${one}other: 1`,
    `${one}...\n`,
    'model_list: []',
    'model_list: []\n',
    'model_list: [{ model_name: m, litellm_params: { model: x } }]',
    block,
  ]

  it.each(['|', '|+', '> # c'])(
    'leaves a text block at the end without a line break as it was: %s',
    async (header) => {
      const text = block.trimEnd().replace('|', header)
      const { post, router } = await over(text)
      const notes = (): unknown => router.registry.list().map(({ model_info: { note } }) => note)
      const before = notes()
      expect((await post('/model/new', created)).status).toBe(200)
      expect((await post('/model/delete', { id: 'n' })).status).toBe(200)
      expect([before, notes()]).toEqual([
        [undefined, 'text'],
        [undefined, 'text'],
      ])
    },
  )

  it.each(texts)('leaves the file as it was: %j', async (text) => {
    const { post } = await over(text)
    const statuses = [await post('/model/new', created), await post('/model/delete', { id: 'n' })]
    expect(statuses.map(({ status }) => status)).toEqual([200, 200])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})
