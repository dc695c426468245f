import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sealed } from '../../lib/adapters/sealed'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { cpuMs } from '../support/cpu'
import { temporaryFolder } from '../support/temporary'

const place = temporaryFolder()

const text = `# ours
general_settings:
  master_key: sk-from-the-file
model_list:
  - model_name: one
    litellm_params: { model: x }
    model_info: { id: first }
`

describe('one config.yaml as config and as adapter', () => {
  it.each([false, true])(
    'C11 its models are stored ones, its settings hold (through a link: %s)',
    async (linked) => {
      const folder = mkdtempSync(join(place, 'same-file-'))
      const file = join(folder, 'config.yaml')
      writeFileSync(file, text)
      const config = linked ? join(folder, 'link.yaml') : file
      if (linked) symlinkSync(file, config)
      const { get, post, router } = await makeApp({
        config,
        adapter: yamlFileAdapter({ file }),
        auth: undefined,
      })
      const key = 'sk-from-the-file'
      await post('/model/new', { model_name: 'two', litellm_params: { model: 'y' } }, key)
      const { body } = await get('/model/info', key)
      const shown = body.data.map((row: { model_name: string; model_info: { db_model: boolean } }) => [
        row.model_name,
        row.model_info.db_model,
      ])
      expect(shown).toEqual([
        ['one', true],
        ['two', true],
      ])
      expect(router.registry.status()).toMatchObject({ rows: 2, conflicts: [], set_aside: [] })
      expect((await post('/model/delete', { id: 'first' }, key)).status).toBe(200)
      await router.registry.reload()
      expect((await get('/model/info', key)).body.data).toHaveLength(1)
      expect(readFileSync(file, 'utf8')).toContain('# ours')
    },
  )
})

describe('the same of a large file', () => {
  const entries = Array.from(
    { length: 3000 },
    (_, at) => `  - model_name: name-${at}
    litellm_params: { model: x, api_base: "https://eu.example/v1", tags: [a, b, c, d] }
    model_info: { id: id-${at} }
`,
  ).join('')

  it('is not read again for the config when a model changes, and a mistake behind the models has its place', async () => {
    const file = join(mkdtempSync(join(place, 'large-')), 'config.yaml')
    const settings = 'general_settings:\n  master_key: sk-from-the-file\n'
    writeFileSync(file, `model_list:\n${entries}${settings}`)
    const { get, post, router } = await makeApp({
      config: file,
      adapter: yamlFileAdapter({ file }),
      auth: undefined,
    })
    const key = 'sk-from-the-file'
    const spent = await cpuMs(async () => {
      await post('/model/new', { model_name: 'new', litellm_params: {}, model_info: { id: 'new' } }, key)
      await router.registry.reload()
    })
    expect(spent).toBeLessThan(1000)
    expect(router.registry.status()).toMatchObject({
      rows: 3001,
      degraded: false,
      warnings: [],
      set_aside: [],
    })
    expect((await get('/model/info?litellm_model_id=new', key)).status).toBe(200)
    const written = readFileSync(file, 'utf8')
    writeFileSync(file, written.replace(settings, 'general_settings: 5\n'))
    await router.registry.reload()
    const line = written.slice(0, written.indexOf(settings)).split('\n').length
    expect(router.registry.status()).toMatchObject({
      last_error: { message: `config.yaml:${line}:19: general_settings must be a mapping` },
    })
  })
})

describe('sealed models in a config.yaml', () => {
  const keys = 'a key of sixteen characters'

  it('are opened where the adapter is sealed, and are served nowhere else', async () => {
    const file = join(mkdtempSync(join(place, 'sealed-')), 'config.yaml')
    writeFileSync(file, 'model_list: []\n')
    const adapter = sealed(yamlFileAdapter({ file }), { keys })
    const app = await makeApp({ config: file, adapter })
    await app.post('/model/new', {
      model_name: 'm',
      litellm_params: { model: 'x' },
      model_info: { id: 'one' },
    })
    await app.router.registry.reload()
    expect(app.router.registry.resolve('m')).toMatchObject([{ litellm_params: { model: 'x' } }])
    expect(app.router.registry.status()).toMatchObject({ rows: 1, conflicts: [], set_aside: [] })
    const other = await makeApp({ config: file })
    expect(other.router.registry.resolve('m')).toEqual([])
    expect(other.router.registry.status()).toMatchObject({
      rows: 0,
      set_aside: [
        {
          id: null,
          name: 'm',
          problems: [
            {
              type: 'key_ring',
              loc: ['litellm_params', 'sealed'],
              msg: 'It is sealed, and only sealed(yamlFileAdapter({ file }), { keys }) opens it',
            },
          ],
        },
      ],
    })
  })
})

describe('a config.yaml beside a file of the adapter', () => {
  it('has its models and leaves the other its own, whether or not that one is there already', async () => {
    const folder = mkdtempSync(join(place, 'two-files-'))
    const [config, file] = [join(folder, 'config.yaml'), join(folder, 'models.yaml')]
    writeFileSync(config, text)
    const shown = async ({ get }: TestApp): Promise<unknown> => {
      const { body } = await get('/model/info', 'sk-from-the-file')
      return body.data.map((row: { model_name: string; model_info: { db_model: boolean } }) => [
        row.model_name,
        row.model_info.db_model,
      ])
    }
    const open = () => makeApp({ config, adapter: yamlFileAdapter({ file }), auth: undefined })
    const app = await open()
    expect(await shown(app)).toEqual([['one', false]])
    await app.post('/model/new', { model_name: 'two', litellm_params: {} }, 'sk-from-the-file')
    await app.router.close()
    expect(await shown(await open())).toEqual([
      ['one', false],
      ['two', true],
    ])
  })
})
