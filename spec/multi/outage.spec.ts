import { allReady, eventually, startInstance, startInstances, stopInstances } from '../support/instances'
import type { Instance, Settings } from '../support/instances'
import { testDatabase } from '../support/postgres-database'
import { silentProxy, type SilentProxy } from '../support/silent-proxy'

const database = testDatabase()
/** Everything is as it was so soon after the trouble is over. */
const healedMs = 5000
let server: SilentProxy
let listening: SilentProxy
let settings: Settings
let schemas = 0

beforeEach(async () => {
  server = await silentProxy(database.url)
  listening = await silentProxy(database.url)
  const schema = `s${(schemas += 1)}`
  const options = { url: server.url(database.url), listenUrl: listening.url(database.url), schema }
  settings = { store: { kind: 'postgres', options } }
})
afterEach(async () => {
  await stopInstances()
  await Promise.all([server.close(), listening.close()])
})

const bodyOf = (id: string) => ({
  model_name: id,
  litellm_params: { model: 'openai/gpt-4o', api_base: 'https://one.example' },
  model_info: { id, version: 1 },
})
const byId = (id: string) => `/model/info?litellm_model_id=${id}`

/** Down for the gateways, as a server that was stopped; asked directly, the database still answers. */
function stop(): void {
  server.stop()
  listening.stop()
}

function start(): void {
  server.start()
  listening.start()
}

function tableOf() {
  return database.query(
    `select id, deployment from s${schemas}.express_model_management_models order by created_at, sequence`,
  )
}

/** A write on each is heard by all of them, which then give one and the same list: that of the table. */
async function assertHealed(instances: readonly Instance[], ms = healedMs): Promise<void> {
  const deadline = Date.now() + ms
  const left = (): number => Math.max(0, deadline - Date.now())
  for (const [at, instance] of instances.entries()) {
    await eventually(
      left(),
      () => instance.ask('/model/new', bodyOf(`healed-${at}`)),
      ({ status }) => status === 200 || status === 409,
    )
  }
  const ids = (await tableOf()).map(({ id }) => id)
  await eventually(
    left(),
    () => Promise.all(instances.map((instance) => instance.ask('/model/info'))),
    (answers) =>
      answers.every(({ text }) => {
        const { data } = JSON.parse(text) as { data: { model_info: { id: string } }[] }
        return JSON.stringify(data.map(({ model_info: info }) => info.id)) === JSON.stringify(ids)
      }) && new Set(answers.map(({ text }) => text)).size === 1,
  )
  for (const instance of instances)
    await eventually(
      left(),
      () => instance.json('/health/readiness'),
      (body) => (body as { status: string }).status === 'healthy',
    )
}

async function listed(instances: readonly Instance[], ids: readonly string[], ms: number): Promise<void> {
  await eventually(
    ms,
    () => Promise.all(instances.map((instance) => instance.ask('/v1/models'))),
    (answers) => answers.every(({ text }) => ids.every((id) => text.includes(`"${id}"`))),
  )
}

test('I1, I2: Postgres stops and starts again: reads go on, writes are 503 and not half done, all heals', async () => {
  const instances = await startInstances(3, settings)
  await allReady(instances)
  await instances[0]!.json('/model/new', bodyOf('one'))
  await listed(instances, ['one'], healedMs)
  const before = (await instances[0]!.ask('/model/info')).text
  stop()
  const late = await startInstance(settings)
  expect(await late.ask('/health/readiness')).toMatchObject({ status: 503 })
  expect(await late.ask('/model/info')).toMatchObject({ status: 503 })

  for (const [at, instance] of instances.entries()) {
    expect(await instance.ask('/model/info')).toMatchObject({ status: 200, text: before })
    expect(await instance.ask(byId('one'))).toMatchObject({ status: 200, text: before })
    // It may have been made elsewhere a moment ago.
    expect(await instance.ask(byId('unheard-of'))).toMatchObject({ status: 503 })
    expect(await instance.ask('/model/new', bodyOf(`refused-${at}`))).toMatchObject({ status: 503 })
    const patch = { model_name: 'renamed', litellm_params: { api_base: 'https://two.example' } }
    expect(await instance.ask('/model/one/update', patch, 'PATCH')).toMatchObject({ status: 503 })
    expect(await instance.ask('/model/block', { model_id: 'one' })).toMatchObject({ status: 503 })
    expect(await instance.ask('/model/delete', { id: 'one' })).toMatchObject({ status: 503 })
    expect(await instance.ask('/model/info')).toMatchObject({ status: 200, text: before })
    await eventually(
      healedMs,
      () => instance.json('/health/readiness'),
      (body) => (body as { status: string }).status === 'degraded',
    )
  }
  expect(await tableOf()).toEqual([{ id: 'one', deployment: expect.objectContaining({ model_name: 'one' }) }])

  start()
  await Promise.all([assertHealed([...instances]), allReady([late], healedMs)])
  await assertHealed([...instances, late])
}, 60_000)

test('writes go on while connections are killed: each is done and told so, or neither, and all heals', async () => {
  const instances = await startInstances(3, settings)
  await allReady(instances)
  const acknowledged: string[] = []
  const statuses = new Set<number>()
  let kills = 0
  const lanes = instances.map(async (instance, lane) => {
    for (let step = 0; step < 40; step += 1) {
      const id = `k-${lane}-${step}`
      const { status } = await instance.ask('/model/new', bodyOf(id))
      statuses.add(status)
      if (status === 200) acknowledged.push(id)
      if (step % 8 === 0) {
        kills += 1
        await database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'express-model-management'`,
        )
      }
    }
  })
  await Promise.all(lanes)
  expect(kills).toBe(15)
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([])
  const rows = await tableOf()
  const ids = new Set(rows.map(({ id }) => id))
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  expect(rows.map(({ deployment }) => deployment)).toEqual(
    rows.map(({ id }) => expect.objectContaining({ model_name: id, model_info: { version: 1 } })),
  )
  await assertHealed(instances)
}, 60_000)

test('a listening connection that is half-open is found and replaced, and what it missed is read', async () => {
  const instances = await startInstances(3, settings)
  await allReady(instances)
  await assertHealed(instances)
  listening.silence()
  // Each of them has missed something.
  const missed = ['unheard-0', 'unheard-1', 'unheard-2']
  await Promise.all(instances.map((instance, at) => instance.json('/model/new', bodyOf(missed[at]!))))
  await listed(instances, missed, healedMs)
  await instances[1]!.json('/model/new', bodyOf('heard'))
  await listed(instances, ['heard'], 1000)
}, 60_000)

test('all connections half-open: reads by list go on, and all heals', async () => {
  const instances = await startInstances(3, settings)
  await allReady(instances)
  await assertHealed(instances)
  server.silence()
  listening.silence()
  expect(await instances[0]!.ask('/model/info')).toMatchObject({ status: 200 })
  const { status } = await instances[1]!.ask('/model/new', bodyOf('in the dark'))
  expect([200, 503]).toContain(status)
  // An idle connection of the pool is given up once a question on it stayed without an answer for 5 seconds.
  await assertHealed(instances, 20_000)
}, 60_000)
