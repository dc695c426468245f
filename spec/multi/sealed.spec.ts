import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { canary, findCanaries } from '../support/canary'
import { allReady, startCluster, startInstances, stopInstances } from '../support/instances'
import type { Instance, Settings } from '../support/instances'
import { testDatabase } from '../support/postgres-database'
import { one, two } from '../support/sealed'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sealed } from '../../lib/adapters/sealed'
import type { ModelAdapter, StoredModel } from '../../lib/adapters/adapter'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const database = testDatabase()
const file = join(folder, 'sealed.db')
const yaml = join(folder, 'sealed.yaml')
afterEach(stopInstances)

interface Case {
  readonly store: Settings['store']
  readonly adapter: () => ModelAdapter
  /** Everything that storage keeps, as text. */
  readonly dump: () => Promise<string>
}

const cases: readonly [name: string, store: Case][] = [
  [
    'Postgres',
    {
      store: { kind: 'postgres', options: { url: database.url } },
      adapter: () => postgresAdapter({ url: database.url }),
      dump: async () => JSON.stringify(await database.query('select * from express_model_management_models')),
    },
  ],
  [
    'SQLite',
    {
      store: { kind: 'sqlite', options: { file } },
      adapter: () => sqliteAdapter({ file }),
      dump: async () =>
        readdirSync(folder)
          .map((name) => readFileSync(join(folder, name), 'latin1'))
          .join('\n'),
    },
  ],
  [
    'YAML',
    {
      store: { kind: 'yaml', options: { file: yaml } },
      adapter: () => yamlFileAdapter({ file: yaml }),
      dump: async () => readFileSync(yaml, 'utf8'),
    },
  ],
]

test.each(cases)(
  'I7, I8: the key is rotated under load on %s: nothing is lost, no other column changes, no secret is in the dump',
  async (_name, { store, adapter, dump }) => {
    const quiet = Array.from({ length: 30 }, (_, at) => `quiet-${at}`)
    const busy = ['busy-0', 'busy-1', 'busy-2']
    const old = await startInstances(1, { store, keys: [one] })
    await allReady(old)
    for (const [at, id] of [...quiet, ...busy].entries()) await old[0]!.json('/model/new', bodyOf(id, at))
    await old[0]!.json('/model/block', { model_id: 'quiet-3' })
    await Promise.all(old.map((instance) => instance.stop()))

    const raw = adapter()
    const opened = (keys: readonly (typeof one)[]) => sealed(raw, { keys })
    const before = await opened([one]).list()
    // All instances know the new key before anything is sealed with it.
    const instances = await startInstances(3, { store, keys: [two, one] })
    await allReady(instances)
    const rotated = rotateTwice(instances)
    const versions = await Promise.all(busy.map((id, at) => bump(instances, id, at, rotated)))
    expect(await rotated).toMatchObject([{ failed: [] }, { failed: [] }])

    // The first key is not needed any more.
    const after = new Map((await opened([two]).list()).map((model) => [model.id, model]))
    for (const model of before) {
      const now = after.get(model.id)
      if (model.id.startsWith('quiet')) expect(unrevised(now)).toEqual(unrevised(model))
    }
    for (const [at, id] of busy.entries()) {
      const { deployment } = after.get(id) as { deployment: Record<string, Record<string, unknown>> }
      expect(deployment['model_info']).toMatchObject({ version: versions[at] })
      expect(deployment['litellm_params']).toMatchObject({ api_key: canary(quiet.length + at) })
    }
    expect(after.size).toBe(quiet.length + busy.length)
    const dumped = await dump()
    expect(dumped).toContain(`sealed:v1:${two.id}:`)
    expect(findCanaries(dumped)).toEqual([])
    const lists = await Promise.all(instances.map((instance) => instance.ask('/model/info')))
    expect(lists.map(({ text }) => findCanaries(text))).toEqual([[], [], []])
    await raw.close?.()
  },
  60_000,
)

test('A1, A9: workers of one cluster on SQLite read what each other wrote, and follow within a second', async () => {
  const workers = await startCluster(3, {
    store: { kind: 'sqlite', options: { file: join(folder, 'cluster.db') } },
  })
  expect(new Set(workers.map(({ pid }) => pid)).size).toBe(3)
  await allReady(workers)
  for (let step = 0; step < 30; step += 1) {
    const id = `c-${step}`
    const [writer, remover] = [workers[step % 3]!, workers[(step + 1) % 3]!]
    await writer.json('/model/new', bodyOf(id, step))
    for (const worker of workers)
      expect(await worker.ask(`/model/info?litellm_model_id=${id}`)).toMatchObject({ status: 200 })
    if (step % 2 > 0) await remover.json('/model/delete', { id })
  }
  const deadline = Date.now() + 1000
  let texts: readonly string[] = []
  do texts = await Promise.all(workers.map(async (worker) => (await worker.ask('/model/info')).text))
  while (new Set(texts).size > 1 && Date.now() < deadline)
  expect(new Set(texts).size).toBe(1)
  const { data } = JSON.parse(texts[0]!) as { data: { model_name: string }[] }
  expect(data.map(({ model_name: name }) => name)).toEqual(
    Array.from({ length: 15 }, (_, at) => `c-${at * 2}`),
  )
}, 60_000)

const bodyOf = (id: string, number: number) => ({
  model_name: id,
  litellm_params: { model: 'openai/gpt-4o', api_key: canary(number) },
  model_info: { id, version: 0 },
})

/** On two instances at once, as operators do. */
function rotateTwice([first, second]: readonly Instance[]): Promise<readonly unknown[]> {
  return Promise.all([first!.json('/rotate', {}), second!.json('/rotate', {})])
}

/** Writes over all instances for as long as the rotation takes, and at least once over each. */
async function bump(
  instances: readonly Instance[],
  id: string,
  lane: number,
  until: Promise<unknown>,
): Promise<number> {
  const state = { over: false }
  void until.finally(() => (state.over = true))
  let version = 0
  while (!state.over || version < instances.length) {
    version += 1
    const instance = instances[(lane + version) % instances.length]!
    await instance.json('/model/update', { model_info: { id, version } })
  }
  return version
}

function unrevised(model: StoredModel | undefined): object | undefined {
  const { revision: _, ...rest } = model ?? ({} as StoredModel)
  return rest
}
