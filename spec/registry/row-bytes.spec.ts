import type { StoredModel } from '../../lib/adapters/adapter'
import { costMap } from '../../lib/model-info/cost-map'
import { presenterOf } from '../../lib/model-info/present'
import { listing } from '../../lib/registry/listing'
import { readsOf } from '../../lib/registry/reads'
import { isRow, storedRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { snapshotOf, withStored } from '../../lib/registry/snapshot'
import { everything, scopeOf } from '../../lib/registry/visibility'
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
  const none = { general: new Map(), context_window: new Map(), content_policy: new Map() }
  const reads = readsOf({
    snapshot: () => snapshot,
    presenter: () => presenter,
    listing: listing({ policy: 'show', expand: () => () => [] }),
    fallbacks: () => none,
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

it('H2 of a list in which one row changed no other row is made into JSON again', () => {
  const { reads, presenter, change, built } = hundred()
  reads.models(everything)
  expect(built()).toBe(100)
  reads.models(everything)
  expect(built()).toBe(0)
  const before = reads.models(everything).etag
  change(7, row(7, '2'))
  const { bytes, etag } = reads.models(everything)
  expect([built(), etag === before]).toEqual([1, false])
  change(8, undefined)
  const { data } = JSON.parse(reads.models(everything).bytes.toString()) as { data: unknown[] }
  expect(built()).toBe(0)
  expect(data).toHaveLength(99)
  const rows = Array.from({ length: 100 }, (_, at) => row(at, at === 7 ? '2' : '1'))
  expect(JSON.parse(bytes.toString())).toEqual({
    data: rows.map((one) => presenter.model(one, everything.audience(one))),
  })
})

it('H2 callers who see rows in the same way share what was made of them', () => {
  const { reads, built } = hundred()
  const scope = (...models: string[]) => scopeOf({ userId: 'ann', role: 'internal_user', models })
  reads.models(scope('m1', 'm2', 'm3'))
  expect(built()).toBe(3)
  reads.models(scope('m2', 'm3', 'm4'))
  expect(built()).toBe(1)
})

it('H6 a row’s own bytes are a part of the list of everything', () => {
  const { reads, presenter } = hundred()
  const { bytes } = reads.models(everything)
  const { bytes: own } = presenter.bytes(row(5), everything.audience(row(5)))
  expect(bytes.includes(own)).toBe(true)
  const [, second] = reads.rows(everything)
  const { bytes: part } = presenter.bytes(second!, everything.audience(second!))
  expect(part.buffer).toBe(bytes.buffer)
  expect(JSON.parse(part.toString())).toEqual(presenter.model(second!, everything.audience(second!)))
})
