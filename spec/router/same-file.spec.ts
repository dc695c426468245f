import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
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
