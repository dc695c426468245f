import type { ModelSource } from '../../lib/adapters/adapter'
import type { Config } from '../../lib/config/load-config'
import type { JsonObject } from '../../lib/json'
import { configured } from '../../lib/registry/configured'

const storage = (file?: string): ModelSource => ({
  name: 'test',
  durable: true,
  list: async () => [],
  get: async () => undefined,
  ...(file === undefined ? {} : { file }),
})

/** Files of a folder that is not there, with one model each that has the file's name as its id. */
function config(files: readonly string[], litellm_params: JsonObject = {}): Config {
  const rows = files.map((file) => ({
    id: file,
    deployment: { model_name: 'm', litellm_params, model_info: {} },
    where: { file, line: 1 },
    unsetReferences: [],
  }))
  return { rows, files: files.map((file) => `/nowhere/${file}`) } as unknown as Config
}

describe('which models of a config file are its own', () => {
  it.each<[string, string | undefined, readonly string[]]>([
    ['all, where storage is no file', undefined, ['config.yaml', 'more.yaml']],
    [
      'all, where storage is another file that is not there yet',
      '/nowhere/models.yaml',
      ['config.yaml', 'more.yaml'],
    ],
    ['those of other files, where storage is one of them', '/nowhere/./more.yaml', ['config.yaml']],
  ])('%s', (_which, file, ids) => {
    const rows = configured(storage(file))(config(['config.yaml', 'more.yaml']))
    expect(rows.map(({ id, stored }) => [id, stored])).toEqual(ids.map((id) => [id, false]))
  })

  it.each([undefined, '/nowhere/models.yaml'])('none without a config file, storage in %s', (file) => {
    expect(configured(storage(file))(undefined)).toEqual([])
  })
})

it('the revision of a model tells whether it changed, and to nobody else what is in it', () => {
  const [own, other] = [configured(storage()), configured(storage())]
  const revisionOf = (rowsOf: typeof own, key: string): string | undefined =>
    rowsOf(config(['config.yaml'], { api_key: key }))[0]?.revision
  const revision = revisionOf(own, 'sk-one')
  expect(revision).toMatch(/^[\w-]{43}$/)
  expect(revisionOf(own, 'sk-one')).toBe(revision)
  expect(revisionOf(own, 'sk-two')).not.toBe(revision)
  expect(revisionOf(other, 'sk-one')).not.toBe(revision)
})
