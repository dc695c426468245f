import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import type supertest from 'supertest'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sealed } from '../../lib/adapters/sealed'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import type { JsonObject, JsonValue } from '../../lib/json'
import { checkDeployment } from '../../lib/registry/row'
import { deployments } from '../model-info/deployments'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { canary, canaryDeployment, findCanaries } from '../support/canary'
import { configFiles } from '../support/config'
import { testDatabase } from '../support/postgres-database'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const config = configFiles().write({
  model_list: [],
  credential_list: [{ credential_name: 'shared-openai', credential_values: {} }],
})
const database = testDatabase()
const sealing = { keys: [{ id: 'k1', secret: 'the first secret, long enough' }] }

const callers = {
  teamAdmin: 'sk-of-a-team-admin',
  inference: 'sk-of-an-application',
}
const auth = {
  masterKey,
  keys: [
    {
      key: callers.teamAdmin,
      userId: 'ta',
      role: 'internal_user' as const,
      teams: [{ id: 't', admin: true }],
    },
    { key: callers.inference, userId: 'i', role: 'customer' as const },
  ],
}

/** What an operator wants to read, beside all that is hidden. */
const readable: JsonObject = {
  max_tokens: 4096,
  input_cost_per_token: 0.0000015,
  tokens_per_minute: 1000,
  litellm_credential_name: 'shared-openai',
  rpm: 7,
}

interface Planted {
  readonly model_name: string
  readonly litellm_params: JsonObject
  readonly model_info: JsonObject
  readonly [extra: string]: JsonValue
}

/** Random deployments, those that may be stored: `__proto__` is refused, and typed fields have their types. */
const planted: fc.Arbitrary<Planted> = fc
  .record({ parts: deployments, extras: deployments, team: fc.boolean() })
  .map(({ parts, extras, team }) => ({
    model_name: 'm',
    ...storable({ notes: extras.litellm_params }),
    litellm_params: { ...storable(parts.litellm_params), model: 'gpt-4', ...readable },
    model_info: { ...storable(parts.model_info), my_custom_key: 'shown', ...(team ? { team_id: 't' } : {}) },
  }))
  .filter((model) => checkDeployment(model).ok)

function storable(object: JsonObject): JsonObject {
  const drop = new Set(['__proto__', 'model', 'max_tokens', 'input_cost_per_token', 'tags', 'mode'])
  return JSON.parse(JSON.stringify(object), (key, value: JsonValue) =>
    drop.has(key) ? undefined : value,
  ) as JsonObject
}

type Key = string | undefined
const keys = fc.constantFrom<Key>(undefined, callers.teamAdmin, callers.inference)

const calls: readonly ((app: TestApp, id: string, model: Planted, key: Key) => supertest.Test)[] = [
  (app, id, model, key) => app.post('/model/update', withId(model, id), key),
  (app, id, model, key) => app.send('patch', `/model/${id}/update`, model, key),
  (app, id, model, key) =>
    app.send('patch', `/model/${id}/update`, { litellm_params: model.litellm_params }, key),
  (app, id, model, key) =>
    app.send('patch', `/model/${id}/update`, { ...model, model_name: { api_key: canary(3) } }, key),
  (app, id, model, key) => app.send('patch', `/model/none/update`, withId(model, id), key),
  (app, id, model, key) => app.post('/model/new', withId(model, id), key),
  (app, id, model, key) => app.post('/model/new', { ...model, litellm_params: [model.litellm_params] }, key),
  (app, id, model, key) => app.post('/model/new', { ...withId(model, id), model_info: canary(4) }, key),
  (app, id, model, key) =>
    app.post('/model/new', { ...model, litellm_params: { ...model.litellm_params, rpm: canary(5) } }, key),
  (app, id, model, key) =>
    app.post('/model/new', JSON.stringify(withId(model, id)).slice(0, -2), key).type('json'),
  (app, id, model, key) => app.post('/model/new', JSON.stringify(model), key).type('text'),
  (app, id, model, key) => app.post('/model/block', { ...model, model_id: id }, key),
  (app, id, model, key) => app.post('/model/unblock', { ...model, model_id: [id] }, key),
  (app, id, model, key) => app.post('/model/delete', model, key),
  (app, _id, model, key) =>
    app.post('/access_group/new', { ...model, access_group: 'g', model_names: ['m'] }, key),
  (app, _id, model, key) => app.send('put', '/access_group/g/update', { ...model, model_names: [5] }, key),
  (app, _id, model, key) => app.send('delete', '/access_group/g/delete', model, key),
]

const reads = [
  '/model/info',
  '/v2/model/info',
  '/v2/model/info?search=m&sortBy=costs',
  '/model_group/info',
  '/v1/models?include_metadata=true&include_pricing=true',
  '/models/m',
  '/access_group/list',
  '/model_management/status',
  '/openapi.json',
  '/health/readiness',
]

function withId(model: Planted, id: string): Planted {
  return { ...model, model_info: { ...model.model_info, id } }
}

function said({ status, text, headers }: supertest.Response): string {
  return `${status} ${text} ${JSON.stringify(headers)}`
}

interface Sealed {
  readonly adapter: ModelAdapter
  /** Everything that storage holds, as text. */
  readonly dump: () => Promise<string>
}

const storages: readonly [string, () => Sealed][] = [
  [
    'memory',
    () => {
      const raw = memoryAdapter()
      return { adapter: sealed(raw, sealing), dump: async () => JSON.stringify(await raw.list()) }
    },
  ],
  [
    'SQLite',
    () => {
      const file = join(folder, 'secrets.db')
      const dump = async (): Promise<string> =>
        [file, `${file}-wal`].map((name) => readFileSync(name, 'latin1')).join('\n')
      return { adapter: sealed(sqliteAdapter({ file }), sealing), dump }
    },
  ],
  [
    'Postgres',
    () => {
      const adapter = sealed(postgresAdapter({ url: database.url, schema: 'secrets' }), sealing)
      return { adapter, dump: () => tablesAsText('secrets') }
    },
  ],
]

async function tablesAsText(schema: string): Promise<string> {
  const tables = await database.query('select tablename from pg_tables where schemaname = $1', [schema])
  const rows = await Promise.all(
    tables.map(({ tablename }) => database.query(`select t::text from "${schema}"."${String(tablename)}" t`)),
  )
  return JSON.stringify(rows)
}

describe.each(storages)('B1 canaries scattered through random deployments, over sealed %s', (name, open) => {
  it('are in no answer, log line, event, status or store, whoever sends them', async () => {
    const { adapter, dump } = open()
    const app = await makeApp({ adapter, auth, publicParams: 'all', config })
    const { registry } = app.router
    const events: unknown[] = []
    registry.on('change', (event) => void events.push(event))
    const outcomes = new Map<number, number>()
    let number = 0
    const one = async (model: Planted, next: Planted, key: Key, at: number): Promise<void> => {
      const id = `row-${number++}`
      const made = await app.post('/model/new', withId(model, id))
      const call = calls[at % calls.length]!
      const answers = [
        made,
        await call(app, id, next, key),
        await app.get(`/model/info?litellm_model_id=${id}`, key),
      ]
      for (const path of reads.slice(at % 3, (at % 3) + 3)) answers.push(await app.get(path, key))
      answers.push(await app.get(reads[at % reads.length]!))
      const listed = [registry.list(), await registry.get(id), registry.list({ userId: 'x', role: 'team' })]
      const left = JSON.stringify([answers.map(said), listed, app.log, events.splice(0), registry.status()])
      for (const { status } of answers) outcomes.set(status, (outcomes.get(status) ?? 0) + 1)
      expect(findCanaries(left)).toEqual([])
      expect(answers.filter(({ status }) => status >= 500).map(said)).toEqual([])
      expect(made.status).toBe(200)
      expect(made.body.litellm_params).toMatchObject(readable)
      expect(made.body.model_info.my_custom_key).toBe('shown')
      await app.post('/model/delete', { id })
    }
    await fc.assert(fc.asyncProperty(planted, planted, keys, fc.nat(), one), {
      numRuns: name === 'memory' ? 150 : 40,
    })
    // Enough of it was let in, and enough refused, for this to mean something.
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining([200, 400, 403, 422]))
    await app.post('/model/new', withId({ ...canaryDeployment(), model_name: 'm' }, 'kept'))
    const stored = await dump()
    expect(stored).toContain('kept')
    expect(findCanaries(stored)).toEqual([])
  }, 120_000)
})

it('B1 a config file that is broken anywhere tells no piece of what stood there', async () => {
  const file = join(folder, 'config.yaml')
  const good = yamlWith(canaryDeployment())
  writeFileSync(file, good)
  const app = await makeApp({ config: file, configWatchMs: 1_000_000 })
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat({ max: 255 }), fc.boolean(), async (at, byte, isCut) => {
      const bytes = Buffer.from(good)
      if (!isCut) bytes[at % bytes.length] = byte
      writeFileSync(file, isCut ? bytes.subarray(0, at % bytes.length) : bytes)
      await app.router.registry.reload()
      const status = app.router.registry.status()
      if (status.last_error !== null) refused++
      const answers = [await app.get('/model_management/status'), await app.get('/health/readiness')]
      expect(findCanaries(JSON.stringify([answers.map(said), status, app.log]))).toEqual([])
    }),
    { numRuns: 200 },
  )
  expect(refused).toBeGreaterThan(20)
})

/** Block style, as people write it, where each line can break in its own way. */
function yamlWith({ litellm_params: params }: { readonly litellm_params: JsonObject }): string {
  const lines = Object.entries(params).map(([name, value], at) => {
    const text =
      typeof value === 'string' && at % 3 !== 0 && !/[\n:{#]/.test(value) ? value : JSON.stringify(value)
    return `      ${JSON.stringify(name)}: ${text}`
  })
  return `model_list:\n  - model_name: canary\n    litellm_params:\n${lines.join('\n')}\n    model_info:\n      id: one\n`
}
