import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'

const database = testDatabase()
const folder = join(__dirname, '../fixtures/postgres')
/** The schema as each migration leaves it, with something in it. */
const released = readdirSync(folder).sort()

test('the schema as each migration leaves it is kept', async () => {
  await makeNew('fresh')
  const applied = await database.query(
    'select name from fresh.express_model_management_migrations order by name',
  )
  expect(released).toEqual(applied.map(({ name }) => `${String(name)}.sql`))
})

describe.each(released)('models of %s', (file) => {
  const schema = `from_${file.replaceAll(/\W/g, '_')}`

  test('are all there after the start of this release, in order, with content and revision', async () => {
    await database.query(
      `create schema ${schema}; set search_path to ${schema}; ${readFileSync(join(folder, file), 'utf8')}; reset search_path`,
    )
    const before = await database.query(
      `select id, revision::text from ${schema}.express_model_management_models order by sequence`,
    )
    const adapter = postgresAdapter({ url: database.url, schema })
    const list = await adapter.list()
    expect(list.map(({ id, revision }) => ({ id, revision }))).toEqual(before)
    expect(list.map(({ revision, ...model }) => model)).toEqual([
      {
        id: 'first',
        deployment: {
          model_name: 'smart',
          litellm_params: { model: 'openai/gpt-4o', price: 1.5e-7, a: [null, 0, false, ''] },
          model_info: {},
        },
        blocked: false,
        createdAt: '2026-01-02T03:04:05.000006Z',
        createdBy: 'ann',
        updatedAt: '2026-01-02T03:04:05.000007Z',
        updatedBy: 'ben',
      },
      {
        id: 'second',
        deployment: {
          model_name: 'größer',
          litellm_params: { z: 1, a: '\u0001' },
          model_info: {},
          extra: [],
        },
        blocked: true,
        createdAt: '2026-01-02T03:04:05.000006Z',
        createdBy: null,
        updatedAt: '2026-01-02T03:04:05.000006Z',
        updatedBy: null,
      },
    ])
    expect(await adapter.readSettings()).toEqual(file < '2' ? null : { kept: [1.5e-7] })
    expect(await adapter.create(draft('third'))).toMatchObject({ ok: true })
    await adapter.close()
  })

  test('lie in the same schema as new ones', async () => {
    await makeNew('made_new')
    expect(await shapeOf(schema)).toEqual(await shapeOf('made_new'))
  })
})

test('a migration that fails leaves nothing, and the next start tries again', async () => {
  // A name that is taken, in the middle of the migration.
  await database.query(
    'create schema taken; create function taken.express_model_management_tell() returns int as $$ select 1 $$ language sql',
  )
  const adapter = postgresAdapter({ url: database.url, schema: 'taken' })
  await expect(adapter.init()).rejects.toMatchObject({ code: 'storage_unavailable' })
  const tables = "select tablename from pg_tables where schemaname = 'taken'"
  expect(await database.query(tables)).toEqual([])
  await database.query('drop function taken.express_model_management_tell()')
  await adapter.init()
  expect(await database.query(tables)).toHaveLength(3)
  await adapter.close()
})

test('28 tables of a newer release are refused with what to do, and left as they are', async () => {
  await makeNew('newer')
  await database.query("insert into newer.express_model_management_migrations (name) values ('99-later')")
  const adapter = postgresAdapter({ url: database.url, schema: 'newer' })
  const refusal = {
    code: 'storage_unavailable',
    message: expect.stringMatching(
      /: the tables in schema "newer" are those of a newer release of express-model-management; update it here as well, or restore a backup from before\.$/,
    ) as string,
  }
  await expect(adapter.init()).rejects.toMatchObject(refusal)
  await expect(adapter.list()).rejects.toMatchObject(refusal)
  await expect(adapter.create(draft('one'))).rejects.toMatchObject(refusal)
  // The same where it has made no use of the older ones.
  await database.query("delete from newer.express_model_management_migrations where name <> '99-later'")
  await expect(adapter.init()).rejects.toMatchObject(refusal)
  expect(await database.query('select from newer.express_model_management_models')).toEqual([])
  await adapter.close()
})

async function makeNew(schema: string) {
  const adapter = postgresAdapter({ url: database.url, schema })
  await adapter.init()
  await adapter.close()
}

/** Columns, constraints, functions and triggers, without the name of the schema and without layout. */
async function shapeOf(schema: string) {
  const questions = [
    `select table_name, column_name, ordinal_position, data_type, collation_name, is_nullable, column_default, is_identity
       from information_schema.columns where table_schema = $1 order by table_name, ordinal_position`,
    `select conrelid::regclass::text as on, pg_get_constraintdef(oid) as definition from pg_constraint
       where connamespace = $1::regnamespace order by 1, 2`,
    'select proname, prosrc from pg_proc where pronamespace = $1::regnamespace order by 1',
    `select pg_get_triggerdef(t.oid) as definition from pg_trigger t join pg_class c on c.oid = tgrelid
       where relnamespace = $1::regnamespace and not tgisinternal order by 1`,
  ]
  const answers: string[] = []
  for (const question of questions) {
    const rows = await database.query(question, [schema])
    expect(rows).not.toEqual([])
    answers.push(
      ...rows.map((row) =>
        JSON.stringify(row)
          .replaceAll(schema, 'schema')
          .replaceAll(/(\s|\\n)+/g, ' '),
      ),
    )
  }
  return answers
}
