import type { StoredModel } from '../../lib/adapters/adapter'
import { costMap } from '../../lib/model-info/cost-map'
import { presenterOf } from '../../lib/model-info/present'
import { createKnownTeams } from '../../lib/registry/known-teams'
import { listing } from '../../lib/registry/listing'
import type { ReadyBytes } from '../../lib/registry/list-bytes'
import { readsOf } from '../../lib/registry/reads'
import { isRow, storedRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { snapshotOf, withStored } from '../../lib/registry/snapshot'
import { everything, scopeOf } from '../../lib/registry/visibility'
import { createTimeSlices } from '../../lib/time-slices'
import { draft } from '../support/rows'

function row(at: number, revision = '1'): Row {
  const model: StoredModel = { ...draft(`m${at}`, at), updatedBy: `at ${revision}`, revision }
  const read = storedRow(model, 'test')
  if (!isRow(read)) throw new Error('not a row')
  return read
}

/** A hundred rows, the lists of them, and how many rows were made into JSON since that was last asked. */
function hundred() {
  const map = costMap({})
  let looked = 0
  const presenter = presenterOf({
    ...map,
    describe(deployment) {
      looked++
      return map.describe(deployment)
    },
  })
  presenter.model(row(0), everything.audience(row(0)))
  const looksEach = looked
  looked = 0
  let snapshot = snapshotOf(
    [],
    Array.from({ length: 100 }, (_, at) => row(at)),
    1,
  )
  const noNames: ReadonlySet<string> = new Set()
  const fallbacks = { general: new Map(), context_window: new Map(), content_policy: new Map() }
  const none = { fallbacks, publicGroups: noNames }
  const slices = createTimeSlices()
  const reads = readsOf({
    slices,
    snapshot: () => snapshot,
    latest: () => snapshot,
    presenter: () => presenter,
    listing: listing({ slices, policy: 'show', expand: () => () => [] }),
    fileLists: () => none,
    teams: createKnownTeams([]),
    publicNames: () => noNames,
    costMap: () => map,
    publicInfo: [],
    maxPageSize: 1000,
  })
  return {
    reads,
    presenter,
    change: (at: number, changed: Row | undefined) => (snapshot = withStored(snapshot, `m${at}`, changed)),
    built: () => {
      const rows = looked / looksEach
      looked = 0
      return rows
    },
  }
}

const textOf = ({ parts }: ReadyBytes): string => Buffer.concat(parts).toString()

it('H2 of a list in which one row changed no other row is made into JSON again', async () => {
  const { reads, presenter, change, built } = hundred()
  await reads.models(everything)
  expect(built()).toBe(100)
  await reads.models(everything)
  expect(built()).toBe(0)
  const before = (await reads.models(everything)).etag
  change(7, row(7, '2'))
  const list = await reads.models(everything)
  expect([built(), list.etag === before]).toEqual([1, false])
  change(8, undefined)
  const { data } = JSON.parse(textOf(await reads.models(everything))) as { data: unknown[] }
  expect(built()).toBe(0)
  expect(data).toHaveLength(99)
  const rows = Array.from({ length: 100 }, (_, at) => row(at, at === 7 ? '2' : '1'))
  expect(JSON.parse(textOf(list))).toEqual({
    data: rows.map((one) => presenter.model(one, everything.audience(one))),
  })
})

it('H2 callers share what was made of rows, however they may use them', async () => {
  const { reads, presenter, built } = hundred()
  const scope = (team: string, ...models: string[]) =>
    scopeOf({ userId: 'ann', role: 'internal_user', teams: [{ id: team, models }] })
  const list = await reads.models(scope('a', 'm1', 'm2', 'm3'))
  expect(built()).toBe(3)
  await reads.models(scope('a', 'm2', 'm3', 'm4'))
  expect(built()).toBe(1)
  const others = scope('b', 'm1', 'm3')
  const other = await reads.models(others)
  expect(built()).toBe(0)
  expect(JSON.parse(textOf(other))).toEqual({
    data: [row(1), row(3)].map((one) => presenter.model(one, others.audience(one))),
  })
  expect(textOf(list)).toContain('"access_via_team_ids":["a"]')
})

it('a list that is the same has the same validator, however it came to be', async () => {
  const [first, second] = [hundred(), hundred()]
  const before = await first.reads.models(everything)
  first.change(3, row(3, '2'))
  const changed = await first.reads.models(everything)
  first.change(3, row(3))
  second.change(3, row(3, '2'))
  expect((await second.reads.models(everything)).etag).toBe(changed.etag)
  expect((await first.reads.models(everything)).etag).toBe(before.etag)
})

it('requests for one list at one time share what is made of it', async () => {
  const { reads, built } = hundred()
  const user = scopeOf({ userId: 'ann', role: 'internal_user', models: ['m*'] })
  const lists = await Promise.all([reads.models(user), reads.models(user), reads.models(user)])
  expect(built()).toBe(100)
  expect(lists.map((list) => list === lists[0])).toEqual([true, true, true])
})

it('H6 a list of everything holds the bytes that the rows hold, not copies', async () => {
  const { reads, presenter } = hundred()
  const { parts } = await reads.models(everything)
  const [, second] = reads.rows(everything)
  const own = presenter.bytes(second!, everything.audience(second!))
  expect(parts.some((part) => part.buffer === own.buffer)).toBe(true)
  expect(JSON.parse(own.toString())).toEqual(presenter.model(second!, everything.audience(second!)))
})

it('a list of one caller holds nothing but its own bytes', async () => {
  const { reads } = hundred()
  const { parts } = await reads.models(scopeOf({ userId: 'ann', role: 'internal_user', models: ['m1'] }))
  expect(parts.map(({ buffer, length }) => buffer.byteLength - length)).toEqual([0])
})

it('what is prepared is not built for the first request', async () => {
  const { reads, built } = hundred()
  await reads.prepare()
  expect(built()).toBe(100)
  await reads.models(everything)
  expect(built()).toBe(0)
})
