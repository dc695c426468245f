import type { ModelAdapter } from '../../lib/adapters/adapter'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'

const database = testDatabase()
const table = 'express_model_management_models'
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

let schemas = 0
async function opened(): Promise<{ readonly adapter: ModelAdapter; readonly schema: string }> {
  const schema = `groups_${(schemas += 1)}`
  const adapter = postgresAdapter({ url: database.url, schema })
  ends.push(() => adapter.close())
  await adapter.init()
  return { adapter, schema }
}

describe('models added at once', () => {
  test('are one transaction', async () => {
    const { adapter, schema } = await opened()
    const ids = Array.from({ length: 10 }, (_, at) => `m${at}`)
    const results = await Promise.all(ids.map((id) => adapter.create(draft(id))))
    expect(results.map((result) => result.ok && result.model.id)).toEqual(ids)
    const [counted] = await database.query(`select count(distinct xmin::text) from ${schema}.${table}`)
    expect(counted).toEqual({ count: '1' })
    expect((await adapter.list()).map(({ id }) => id)).toEqual(ids)
  })

  test('with one id are one model: the first', async () => {
    const { adapter } = await opened()
    const results = await Promise.all(
      ['ann', 'ben', 'cid'].map((createdBy) => adapter.create(draft('one', { createdBy }))),
    )
    expect(results.map((result) => (result.ok ? result.model.createdBy : result.reason))).toEqual([
      'ann',
      'exists',
      'exists',
    ])
    expect((await adapter.get('one'))?.createdBy).toBe('ann')
  })

  test('of which the server refuses one are added without it', async () => {
    const { adapter } = await opened()
    const results = await Promise.allSettled([
      adapter.create(draft('one')),
      adapter.create(draft('bad', { createdBy: '\0' })),
      adapter.create(draft('two')),
    ])
    expect(results).toEqual([
      { status: 'fulfilled', value: expect.objectContaining({ ok: true }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'storage_refused' }) },
      { status: 'fulfilled', value: expect.objectContaining({ ok: true }) },
    ])
    expect((await adapter.list()).map(({ id }) => id)).toEqual(['one', 'two'])
  })

  test('by two gateways in different order wait for each other, not for ever', async () => {
    const { adapter, schema } = await opened()
    const other = postgresAdapter({ url: database.url, schema })
    ends.push(() => other.close())
    await other.init()
    const ids = Array.from({ length: 40 }, (_, at) => `m${at}`)
    const results = await Promise.all([
      ...ids.map((id) => adapter.create(draft(id))),
      ...ids.toReversed().map((id) => other.create(draft(id))),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(40)
    expect(new Set((await adapter.list()).map(({ id }) => id))).toEqual(new Set(ids))
  })
})

test('a list of more than one page is in creation order, and so are the revisions', async () => {
  const { adapter, schema } = await opened()
  await database.query(`insert into ${schema}.${table}
    (id, deployment, blocked, created_at, updated_at)
    select 'm' || at, '{}', false, to_char(99999 - at, 'FM00000'), '' from generate_series(0, 10999) as at`)
  const ids = Array.from({ length: 11_000 }, (_, at) => `m${10_999 - at}`)
  expect((await adapter.list()).map(({ id }) => id)).toEqual(ids)
  expect((await adapter.revisions?.())?.map(({ id }) => id)).toEqual(ids)
})
