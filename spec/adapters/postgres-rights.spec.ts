import { Pool } from 'pg'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'

const database = testDatabase()
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

let schemas = 0

/** Tables with one model, made by their owner, and a user of the database who has no right to them. */
async function shared(schema = `Rights "${(schemas += 1)}"`) {
  const owner = postgresAdapter({ url: database.url, schema })
  ends.push(() => owner.close())
  await owner.create(draft('one'))
  await owner.writeSettings({ set: true })
  const user = `user_${process.pid}_${(schemas += 1)}`
  await database.query(`create role ${user} login`)
  ends.push(() => database.query(`drop owned by ${user}; drop role ${user}`))
  const url = new URL(database.url)
  url.username = user
  return { owner, schema, user, url: url.href, quoted: `"${schema.replaceAll('"', '""')}"` }
}

function open(url: string, schema: string) {
  const adapter = postgresAdapter({ url, schema, heartbeatMs: 50 })
  ends.push(() => adapter.close())
  return adapter
}

async function messageOf(work: () => Promise<unknown>): Promise<string> {
  const error = await work().then(
    () => undefined,
    (reason: unknown) => reason as Error & { code: string },
  )
  expect(error?.code).toBe('storage_unavailable')
  return error?.message ?? ''
}

describe('28 a user with exactly the rights that the message names', () => {
  test('does everything that a gateway does', async () => {
    const { url, schema, user } = await shared()
    const message = await messageOf(() => open(url, schema).list())
    const grants = message.match(/GRANT [^;]+?TO the_user/g) ?? []
    expect(grants).toHaveLength(4)
    await database.query(grants.join(';').replaceAll('the_user', user))

    const adapter = open(url, schema)
    await adapter.init()
    const unwatch = await adapter.watch(() => {})
    expect(await adapter.create(draft('two'))).toMatchObject({ ok: true })
    expect(await adapter.update(draft('two', { blocked: true }))).toMatchObject({ ok: true })
    expect((await adapter.list()).map(({ id }) => id)).toEqual(['one', 'two'])
    expect(await adapter.revisions()).toHaveLength(2)
    expect(await adapter.get('two')).toMatchObject({ blocked: true })
    expect(await adapter.batch([{ kind: 'create', draft: draft('three') }])).toMatchObject({ ok: true })
    expect(await adapter.delete('three')).toMatchObject({ ok: true })
    await adapter.writeSettings({ written: true })
    expect(await adapter.readSettings()).toEqual({ written: true })
    await unwatch()
  })

  test('needs each of them', async () => {
    const { url, schema, user } = await shared()
    const grants = (await messageOf(() => open(url, schema).list())).match(/GRANT [^;]+?TO the_user/g) ?? []
    for (const missing of grants) {
      const rest = grants.filter((grant) => grant !== missing).map((grant) => grant.replace('the_user', user))
      await database.query(`drop owned by ${user}; ${rest.join(';')}`)
      const adapter = open(url, schema)
      const message = await messageOf(() => adapter.create(draft('new')))
      expect(message).toContain('the user lacks a right')
      expect(message).toContain(missing)
    }
  })

  test('makes the tables with the rights that the message of the first start names', async () => {
    const { url, user } = await shared()
    const message = await messageOf(() => open(url, 'first').init())
    const rights =
      /: the user may not make the tables\. As an administrator run: (.*); or start once as a user who may\.$/.exec(
        message,
      )
    await database.query((rights?.[1] ?? '').replace('the_user', user))
    expect(await open(url, 'first').create(draft('one'))).toMatchObject({ ok: true })
  })

  test('is told that a new release needs the owner', async () => {
    const { url, schema, user, quoted } = await shared()
    await database.query(
      `grant usage, create on schema ${quoted} to ${user}; grant all on all tables in schema ${quoted} to ${user};
       delete from ${quoted}.express_model_management_migrations where name = '3-revisions-in-notes'`,
    )
    expect(await messageOf(() => open(url, schema).init())).toMatch(
      /: this release changes the tables in schema "Rights ""\d+""", which only their owner may do; start it once as their owner\.$/,
    )
  })
})

describe('28 row level security is not taken for models that are not there', () => {
  const hidden =
    /: row level security hides rows of its tables from this user; .*BYPASSRLS.*DISABLE ROW LEVEL SECURITY/

  async function secured(table: string, policy = '') {
    const made = await shared()
    const { quoted, user } = made
    const name = `${quoted}.express_model_management_${table}`
    await database.query(
      `grant usage on schema ${quoted} to ${user}; grant all on all tables in schema ${quoted} to ${user};
       grant usage on all sequences in schema ${quoted} to ${user};
       alter table ${name} enable row level security;`,
    )
    if (policy !== '') await database.query(`create policy partly on ${name} ${policy}`)
    return made
  }

  const policies: readonly (readonly [string, string])[] = [
    ['without a policy', ''],
    ['with a policy that shows some of them', "using (id = 'one') with check (true)"],
  ]
  test.each(policies)('%s', async (_, policy) => {
    const { url, schema, owner } = await secured('models', policy)
    await owner.create(draft('two'))
    const adapter = open(url, schema)
    await adapter.init()
    for (const work of [
      () => adapter.list(),
      () => adapter.revisions(),
      () => adapter.revisions(['one', 'two']),
      () => adapter.get('two'),
      () => adapter.get('absent'),
      () => adapter.create(draft('two')),
      () => adapter.update(draft('two')),
      () => adapter.delete('two'),
      () => adapter.batch([{ kind: 'delete', id: 'two' }]),
    ])
      expect(await messageOf(work)).toMatch(hidden)
    expect(await owner.list()).toHaveLength(2)
  })

  test('of the settings', async () => {
    const { url, schema, owner } = await secured('settings')
    const adapter = open(url, schema)
    expect(await messageOf(() => adapter.readSettings())).toMatch(hidden)
    expect(await messageOf(() => adapter.writeSettings({}))).toMatch(hidden)
    expect(await owner.readSettings()).toEqual({ set: true })
  })

  test('of the list of migrations, which are not run anew', async () => {
    const { url, schema } = await secured('migrations')
    expect(await messageOf(() => open(url, schema).init())).toMatch(hidden)
  })

  test('switched on while the gateway runs, and forced upon the owner', async () => {
    const { quoted, schema, user, url } = await shared()
    const table = `${quoted}.express_model_management_models`
    await database.query(
      `grant usage, create on schema ${quoted} to ${user}; grant all on all tables in schema ${quoted} to ${user};
       alter table ${table} owner to ${user}`,
    )
    const pool = new Pool({ connectionString: url })
    ends.push(() => pool.end())
    const adapter = postgresAdapter({ pool, schema, listenUrl: false })
    expect(await adapter.list()).toHaveLength(1)
    await database.query(`alter table ${table} enable row level security`)
    expect(await adapter.list()).toHaveLength(1)
    await database.query(`alter table ${table} force row level security`)
    expect(await messageOf(() => adapter.list())).toMatch(hidden)
    await database.query(`alter table ${table} disable row level security`)
    expect(await adapter.list()).toHaveLength(1)
    // Nothing of it is left in the sessions of the host's pool.
    expect((await pool.query('show row_security')).rows).toEqual([{ row_security: 'on' }])
  })
})
