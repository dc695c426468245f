import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ModelDraft } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp } from '../support/app'
import { child } from '../support/child'
import { configWith } from '../support/config'
import { gate } from '../support/gate'
import { testDatabase } from '../support/postgres-database'
import { temporaryFolder } from '../support/temporary'

const database = testDatabase()
const folder = temporaryFolder()
const config = configWith('c')

/** Each moment of closing: what became of what was under way, and what kept the process alive afterwards. */
const clean = [
  ['starting', 'ended', []],
  ['idle', 'done', []],
  ['writing', ['done', 'closed', 'done', ['before']], []],
  ['reloading', expect.stringMatching(/^(done|closed)$/), []],
  ['scheduled', 'done', []],
  ['twice', ['done', 'done'], []],
]

async function closed(...given: readonly string[]): Promise<unknown> {
  const started = child('closing.ts', ...given)
  const impatience = setTimeout(() => started.process.kill('SIGKILL'), 25_000)
  const end = await started.ended()
  clearTimeout(impatience)
  return { ...end, moments: started.lines.map((line) => JSON.parse(line) as unknown) }
}

const peaceful = { code: 0, signal: null, stderr: '', moments: clean }

describe('after close() nothing is left and the process ends by itself', () => {
  it.each([
    ['memory', () => ''],
    ['sqlite', () => join(folder, 'models.db')],
    ['yaml', () => join(folder, 'models.yaml')],
    ['postgres', () => database.url],
    ['sealed', () => join(folder, 'sealed.db')],
  ])('%s', async (kind, place) => {
    expect(await closed(kind, place())).toEqual(peaceful)
  })

  it('a config file that is watched', async () => {
    expect(await closed('memory', '', config)).toEqual(peaceful)
  })

  it('a cost map under way from a server that never answers', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/map.json`
    const result = await closed('memory', '', '', url)
    silent.closeAllConnections()
    silent.close()
    expect(result).toEqual(peaceful)
  })
})

it('a closed router refuses writes and says so, and reads what it knew', async () => {
  const { get, post, router } = await makeApp()
  await post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id: 'a' } })
  await router.close()
  const { status, body } = await post('/model/new', { model_name: 'm', litellm_params: {} })
  const message = 'This router was closed; make a new one.'
  expect([status, body]).toEqual([
    503,
    { error: { message, type: 'service_unavailable', param: null, code: '503' } },
  ])
  expect((await get('/model/info')).body.data).toMatchObject([{ model_info: { id: 'a' } }])
})

it('readiness is 503 from the moment it is closed, while what is under way is still awaited', async () => {
  const { passed, open } = gate()
  const storage = memoryAdapter()
  const adapter = { ...storage, create: (draft: ModelDraft) => passed.then(() => storage.create(draft)) }
  const { get, router } = await makeApp({ adapter })
  const written = router.registry.create({ model_name: 'm', litellm_params: { model: 'x' } })
  const readiness = async (): Promise<unknown> => {
    const { status, body } = await get('/health/readiness', null)
    return [status, body]
  }
  expect(await readiness()).toEqual([200, { status: 'healthy', db: 'connected' }])
  const closing = router.close()
  const gone = [503, { status: 'closed', db: 'not connected' }]
  expect(await readiness()).toEqual(gone)
  expect((await get('/health/liveliness', null)).status).toBe(200)
  open()
  await Promise.all([written, closing])
  expect(await readiness()).toEqual(gone)
})
