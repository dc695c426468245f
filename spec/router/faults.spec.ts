import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredModel } from '../../lib/adapters/adapter'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { child } from '../support/child'
import { configFiles } from '../support/config'
import { folder, fresh, handle, locked, unreadable, unwritable } from '../support/faults'
import type { Fault } from '../support/faults'
import { holding } from '../support/held'

const files = configFiles()

const body = (id: string) => ({
  model_name: 'm',
  litellm_params: { model: 'x' },
  model_info: { id, description: 'x'.repeat(100_000) },
})
const patch = { litellm_params: { api_version: 'y'.repeat(100_000) } }

async function appOver(
  fault: Fault,
): Promise<TestApp & { ids(): Promise<unknown>; source(): Promise<Record<string, unknown>> }> {
  const app = await makeApp({ adapter: fault.adapter })
  expect((await app.post('/model/new', body('kept'))).status).toBe(200)
  return {
    ...app,
    async ids() {
      const { data } = (await app.get('/model/info')).body as {
        data: { model_info: { id: string }; litellm_params: object }[]
      }
      return data.map(({ model_info: { id }, litellm_params }) => [id, litellm_params])
    },
    async source() {
      const { sources, ready, degraded } = (await app.get('/model_management/status')).body
      return { ...sources[0], ready, degraded }
    },
  }
}

async function assertRefused({ post, send }: TestApp): Promise<void> {
  const refused = { type: 'service_unavailable', param: null, code: '503' }
  for (const write of [
    post('/model/new', body('new')),
    send('patch', '/model/kept/update', patch),
    post('/model/delete', { id: 'kept' }),
  ]) {
    const { status, body: answer, headers } = await write
    expect([status, answer.error, headers['retry-after']]).toEqual([
      503,
      { ...refused, message: expect.stringMatching(/^The model store /) as string },
      '1',
    ])
  }
}

const whole = [['kept', { model: 'x' }]]

describe.each(unwritable)('%s', (_name, setUp) => {
  it('refuses writes whole, is read as ever, says what is wrong, and mends by itself', async () => {
    const fault = setUp()
    const app = await appOver(fault)
    await fault.begin()
    const { status } = await app.post('/model/new', body('new'))
    expect([status, await app.ids()]).toEqual([503, whole])
    expect((await app.send('patch', '/model/kept/update', patch)).status).toBe(503)
    expect(await app.source()).toMatchObject({
      last_write_error: { code: 'storage_unavailable', message: expect.stringMatching(fault.told) as string },
    })
    expect((await app.get('/health/readiness', null)).status).toBe(200)
    await fault.end()
    await app.router.registry.reload()
    expect(await app.ids()).toEqual(whole)
    expect((await app.post('/model/new', body('later'))).status).toBe(200)
    expect(await app.source()).toMatchObject({ last_error: null, last_write_error: null, degraded: false })
    expect((await fault.adapter.list()).map(({ id }) => id)).toEqual(['kept', 'later'])
  })
})

describe.each(unreadable)('%s', (_name, setUp) => {
  it('leaves the last good models, refuses writes whole, says what is wrong, and mends by itself', async () => {
    const fault = setUp()
    const app = await appOver(fault)
    await fault.begin()
    await expect(app.router.registry.reload()).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await app.ids()).toEqual(whole)
    await assertRefused(app)
    const error = { code: 'storage_unavailable', message: expect.stringMatching(fault.told) as string }
    expect(await app.source()).toMatchObject({ ready: true, degraded: true, last_error: error })
    const health = await app.get('/health/readiness', null)
    expect([health.status, health.body]).toEqual([200, { status: 'degraded', db: 'not connected' }])
    await fault.end()
    await app.router.registry.reload()
    expect(await app.ids()).toEqual(whole)
    expect((await app.post('/model/new', body('later'))).status).toBe(200)
    expect(await app.source()).toMatchObject({ last_error: null, last_write_error: null, degraded: false })
    expect((await fault.adapter.list()).map(({ id }) => id)).toEqual(['kept', 'later'])
  })
})

it('what PostgreSQL did not do in time is not done later', async () => {
  const fault = locked('share')
  const app = await appOver(fault)
  const before = await fault.adapter.list()
  await fault.begin()
  const answers = [
    await app.post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id: 'new' } }),
    await app.send('patch', '/model/kept/update', { litellm_params: { rpm: 1 } }),
    await app.post('/model/delete', { id: 'kept' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503])
  await fault.end()
  expect(await fault.adapter.list()).toEqual(before)
})

it('a file in which a model cannot be changed without another is told as such, and the others are changed', async () => {
  const file = fresh('yaml')
  const one = '- &a {model_name: m, litellm_params: {model: x}, model_info: {id: one}}'
  const text = `model_list:\n${one}\n- {<<: *a, model_info: {id: two}}\n- {model_name: n, litellm_params: {}, model_info: {id: three}}\n`
  writeFileSync(file, text)
  const { post, router } = await makeApp({ adapter: yamlFileAdapter({ file }) })
  const { status, body: answer } = await post('/model/delete', { id: 'one' })
  expect([status, answer.error.type]).toEqual([409, 'conflict_error'])
  expect(JSON.stringify(answer)).not.toContain(file)
  expect(readFileSync(file, 'utf8')).toBe(text)
  const [source] = router.registry.status().sources
  expect(source).toMatchObject({ last_error: null, last_write_error: { code: 'storage_refused' } })
  expect((await post('/model/delete', { id: 'three' })).status).toBe(200)
})

describe('a disk in trouble', () => {
  const canLimit = spawnSync('prlimit', ['--version']).status === 0
  const cases: readonly [string, string, RegExp][] = [
    ['sqlite', 'full', /^SQLite database .*: .*(full|I\/O error)/],
    ['yaml', 'full', /^Models file .* cannot be used: .*/],
    ['yaml', 'full to the last byte', /^Models file .* cannot be used: .*/],
    [
      'yaml',
      'read-only',
      /^Models file .* cannot be used: this process may not read or write it, or its folder\.$/,
    ],
  ]
  // Only Linux can limit a process that runs.
  it.each(canLimit ? cases : cases.filter(([, trouble]) => trouble === 'read-only'))(
    '%s on a disk that is %s',
    async (kind, trouble, told) => {
      const place = mkdtempSync(join(folder, 'disk-'))
      chmodSync(folder, 0o755)
      chmodSync(place, 0o755)
      const started = child('limited.ts', kind, trouble, join(place, 'models'))
      const { code, stderr } = await started.ended()
      expect([code, stderr]).toEqual([0, ''])
      const message = expect.stringMatching(told) as string
      const [before, after] = ['before', 'after']
      const well = { error: null, litter: [] }
      expect(started.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
        { stage: before, written: 'done', ids: [before], kept: [before], ...well },
        {
          stage: 'during',
          written: 'storage_unavailable',
          ids: [before],
          kept: [before],
          error: message,
          litter: [],
        },
        { stage: after, written: 'done', ids: [before, after], kept: [before, after], ...well },
      ])
    },
  )
})

it('I4 a row that hands have spoilt is set aside and told, the others are served, and it can be deleted', async () => {
  const file = fresh('db')
  const app = await appOver({ adapter: sqliteAdapter({ file }), begin() {}, end() {}, told: /./ })
  await app.post('/model/new', body('spoilt'))
  handle(file).exec(
    "UPDATE express_model_management_models SET deployment = '{\"model_name\":' WHERE id = 'spoilt'",
  )
  await app.router.registry.reload()
  expect(await app.ids()).toEqual(whole)
  const { set_aside: aside, degraded } = (await app.get('/model_management/status')).body
  expect([aside, degraded]).toEqual([[expect.objectContaining({ id: 'spoilt', where: 'sqlite' })], false])
  expect((await app.send('patch', '/model/spoilt/update', patch)).status).toBe(404)
  expect((await app.post('/model/delete', { id: 'spoilt' })).status).toBe(200)
  expect((await app.get('/model_management/status')).body.set_aside).toEqual([])
})

it('I4 a row that hands have nested without end is set aside like any other that is spoilt', async () => {
  const file = fresh('db')
  const app = await appOver({ adapter: sqliteAdapter({ file }), begin() {}, end() {}, told: /./ })
  for (const [id, levels] of [
    ['odd', 190],
    ['spoilt', 20_000],
  ] as const) {
    await app.post('/model/new', body(id))
    const nested = `${'['.repeat(levels)}${']'.repeat(levels)}`
    const deployment = `{"model_name":"m","litellm_params":{"nested":${nested}},"model_info":{}}`
    handle(file)
      .prepare(`UPDATE express_model_management_models SET deployment = ? WHERE id = ?`)
      .all(deployment, id)
  }
  await app.router.registry.reload()
  const { set_aside: aside, degraded } = (await app.get('/model_management/status')).body
  const problem = { type: 'value_error', loc: [], msg: 'Value error, nested deeper than 200 levels' }
  expect([aside, degraded]).toEqual([[{ id: 'spoilt', where: 'sqlite', problems: [problem] }], false])
  for (const path of ['/model/info', '/v2/model/info', '/model_group/info', '/v1/models'])
    expect((await app.get(path)).status).toBe(200)
  expect(app.router.registry.resolve('m').map(({ id }) => id)).toEqual(['kept', 'odd'])
  expect((await app.send('patch', '/model/odd/update', { litellm_params: { rpm: 1 } })).status).toBe(200)
  expect((await app.post('/model/delete', { id: 'spoilt' })).status).toBe(200)
})

it('I4 a row of which an adapter makes what is no JSON is set aside like any other that is spoilt', async () => {
  const { adapter } = await holding({ good: {}, bad: {} })
  const made = (model: StoredModel): StoredModel =>
    model.id === 'bad'
      ? {
          ...model,
          deployment: { model_name: 'm', litellm_params: { limits: [{ rpm: 5n }] }, model_info: {} },
        }
      : model
  const { get, router } = await makeApp({
    adapter: { ...adapter, list: async () => (await adapter.list()).map(made) },
  })
  const problem = { type: 'value_error', loc: [], msg: 'Value error, a BigInt is no JSON value' }
  expect(router.registry.status().set_aside).toEqual([{ id: 'bad', where: 'memory', problems: [problem] }])
  expect((await get('/model/info')).status).toBe(200)
  expect(router.registry.resolve('m').map(({ id }) => id)).toEqual(['good'])
})

it('C4 a config file that disappears leaves its last good models, is told of, and mends by itself', async () => {
  const content = {
    model_list: [{ model_name: 'f', litellm_params: { model: 'x' }, model_info: { id: 'f' } }],
  }
  const config = files.write(content)
  const { get, post, router } = await makeApp({ config, configWatchMs: 3_600_000 })
  rmSync(config)
  await router.registry.reload()
  const ids = async () =>
    ((await get('/model/info')).body.data as { model_info: { id: string } }[]).map((row) => row.model_info.id)
  expect(await ids()).toEqual(['f'])
  // Storage is another source, and works.
  expect((await post('/model/new', body('new'))).status).toBe(200)
  const { degraded, sources } = (await get('/model_management/status')).body
  expect([degraded, sources[0].last_error]).toEqual([
    true,
    {
      at: expect.any(String) as string,
      code: 'invalid_config',
      message: expect.stringContaining(config) as string,
    },
  ])
  expect((await get('/health/readiness', null)).body).toMatchObject({ status: 'degraded' })
  files.rewrite(config, content)
  await router.registry.reload()
  expect((await get('/health/readiness', null)).body).toMatchObject({ status: 'healthy' })
})
