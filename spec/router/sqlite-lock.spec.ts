import { join } from 'node:path'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { sqliteDriver } from '../../lib/adapters/sqlite-driver'
import { makeApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

it('answers liveness while a foreign lock keeps writes waiting, and says that it is a lock', async () => {
  const file = join(folder, 'models.db')
  const { get, post, send, router } = await makeApp({ adapter: sqliteAdapter({ file }) })
  const ids = ['a', 'b', 'c']
  for (const id of ids)
    await post('/model/new', { model_name: id, litellm_params: { model: 'x' }, model_info: { id } })
  const other = new (sqliteDriver())(file)
  other.exec('BEGIN IMMEDIATE')
  const over = new AbortController()
  const patched = Promise.all(
    ids.map(async (id) => send('patch', `/model/${id}/update`, { litellm_params: { rpm: 5 } })),
  ).finally(() => over.abort())
  let answers = 0
  while (!over.signal.aborted) {
    expect((await get('/health/liveliness')).status).toBe(200)
    expect((await get('/model/info?litellm_model_id=a')).status).toBe(200)
    answers += 1
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(answers).toBeGreaterThan(5)
  const refused = {
    error: {
      message: expect.stringMatching(/^The model store did not take the change\./),
      type: 'service_unavailable',
      param: null,
      code: '503',
    },
  }
  for (const { status, body } of await patched) expect([status, body]).toEqual([503, refused])
  expect(router.registry.status().sources).toMatchObject([
    {
      last_write_error: {
        code: 'storage_unavailable',
        message: `SQLite database ${file}: database is locked; another process or connection holds its lock: end the transaction, backup or shell that does`,
      },
    },
  ])
  other.exec('COMMIT')
  other.close()
  expect((await send('patch', '/model/a/update', { litellm_params: { rpm: 5 } })).status).toBe(200)
  expect(router.registry.status().sources).toMatchObject([{ last_write_error: null }])
})
