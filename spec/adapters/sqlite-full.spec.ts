import { join } from 'node:path'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { sqliteDriver, type SqliteLike } from '../../lib/adapters/sqlite-driver'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

test('a full disk is no reason to open the database anew, which would need space', async () => {
  const Driver = sqliteDriver()
  const connection = new Driver(join(folder, 'full.db'))
  let prepared = 0
  const database: SqliteLike = {
    exec: (sql) => connection.exec(sql),
    prepare(sql) {
      prepared += 1
      return connection.prepare(sql)
    },
  }
  const adapter = sqliteAdapter({ database })
  await adapter.create(draft('one'))
  const [{ page_count: pages } = {}] = connection.prepare('PRAGMA page_count').all() as {
    page_count?: number
  }[]
  connection.exec(`PRAGMA max_page_count = ${pages}`)
  const before = prepared
  const large = { model_name: 'x'.repeat(100_000), litellm_params: {}, model_info: {} }
  await expect(adapter.create(draft('two', { deployment: large }))).rejects.toMatchObject({
    code: 'storage_unavailable',
  })
  expect((await adapter.list()).map(({ id }) => id)).toEqual(['one'])
  expect(prepared).toBe(before)
  connection.exec('PRAGMA max_page_count = 1000000')
  expect(await adapter.create(draft('two', { deployment: large }))).toMatchObject({ ok: true })
  await adapter.close()
  connection.close()
})
