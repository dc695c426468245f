import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allReady, startInstance, stopInstances, type Instance, type Settings } from '../support/instances'
import { testDatabase } from '../support/postgres-database'
import { scaled } from '../support/scaled'
import { temporaryFolder } from '../support/temporary'

const rounds = scaled({ usual: 6, long: 100 })
const lanes = 3
/** A lock that nobody takes back would be waited for longer. */
const promptMs = 4000

const folder = temporaryFolder()
const database = testDatabase()
const yaml = join(folder, 'killed.yaml')
const sqlite = join(folder, 'killed.db')
afterEach(stopInstances)

const stores: readonly [name: string, store: Settings['store'], check: () => unknown, expected: unknown][] = [
  [
    'SQLite',
    { kind: 'sqlite', options: { file: sqlite } },
    () => readdirSync(folder).filter((name) => name.startsWith('killed.db') && !/-(wal|shm)$/.test(name)),
    ['killed.db'],
  ],
  [
    'YAML',
    { kind: 'yaml', options: { file: yaml } },
    () => [
      readdirSync(folder).filter((name) => name.startsWith('killed.yaml')),
      /^# mine\n[^]*\n# too$/.test(readFileSync(yaml, 'utf8').trimEnd()),
    ],
    [['killed.yaml'], true],
  ],
  [
    'Postgres',
    { kind: 'postgres', options: { url: database.url } },
    async () => {
      // The server finds out by itself that nobody is there any more.
      let open: unknown[]
      do
        open = await database.query(
          "select 1 from pg_locks join pg_database on oid = database where datname = current_database() and locktype = 'advisory'",
        )
      while (open.length > 0)
      return open
    },
    [],
  ],
]

test.each(stores)(
  `${rounds} times kill -9 of a writing gateway on %s: no acknowledged write is lost and nothing is in the way`,
  async (_name, store, check, expected) => {
    writeFileSync(yaml, '# mine\nmodel_list: []\nlitellm_settings: {a: 1}\n# too\n')
    let writer = await startInstance({ store })
    const models = Array.from({ length: lanes }, (_, lane) => ({ id: `lane-${lane}`, tried: 0, done: 0 }))
    let present = 0
    for (let round = 0; round < rounds; round += 1) {
      present = 0
      const next = startInstance({ store })
      await allReady([writer])
      await writeUntilKilled(writer, models, 2 + (round % 7))
      writer = await next
      await allReady([writer])
      const began = Date.now()
      await writer.json('/model/new', bodyOf(`after-${round}`, 1))
      await writer.json('/model/delete', { id: `after-${round}` })
      expect(Date.now() - began).toBeLessThan(promptMs)
      for (const { id, tried, done } of models) {
        const version = await versionOf(writer, id)
        // On a busy machine a lane may never have got its turn.
        if (version > 0) present += 1
        expect([id, version >= done && version <= tried]).toEqual([id, true])
      }
    }
    const status = await writer.json('/model_management/status')
    expect(status).toMatchObject({ degraded: false, set_aside: [], last_error: null, rows: present })
    await writer.stop()
    expect(await check()).toEqual(expected)
  },
  scaled({ usual: 60_000, long: 600_000 }),
)

interface Written {
  readonly id: string
  /** The last version that was sent, and the last that was acknowledged. */
  tried: number
  done: number
}

const bodyOf = (id: string, version: number) => ({
  model_name: id,
  litellm_params: { model: 'openai/gpt-4o' },
  model_info: { id, version },
})

/** All lanes write as fast as they can; after so many acknowledged writes the process is killed in the middle of others. */
async function writeUntilKilled(writer: Instance, models: readonly Written[], count: number): Promise<void> {
  let acknowledged = 0
  let killed: Promise<void> | undefined
  await Promise.all(
    models.map(async (model) => {
      const { id } = model
      while (killed === undefined) {
        model.tried += 1
        const path = model.done === 0 && (await isNew(writer, id)) ? '/model/new' : '/model/update'
        // A connection that ends without an answer acknowledges nothing.
        const answer = await writer.ask(path, bodyOf(id, model.tried)).catch(() => undefined)
        if (answer === undefined) break
        expect(answer).toMatchObject({ status: 200 })
        model.done = model.tried
        acknowledged += 1
        if (acknowledged >= count) killed ??= writer.stop('SIGKILL')
      }
    }),
  )
  await killed
}

async function isNew(writer: Instance, id: string): Promise<boolean> {
  const answer = await writer.ask(`/model/info?litellm_model_id=${id}`).catch(() => undefined)
  return answer?.status === 400
}

async function versionOf(instance: Instance, id: string): Promise<number> {
  const { status, text } = await instance.ask(`/model/info?litellm_model_id=${id}`)
  if (status === 400) return 0
  const { data } = JSON.parse(text) as { data: { model_info: { version: number } }[] }
  return data[0]?.model_info.version ?? 0
}
