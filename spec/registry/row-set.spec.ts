import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { createRowSet } from '../../lib/registry/row-set'
import { snapshotOf, withStored } from '../../lib/registry/snapshot'
import { createTimeSlices } from '../../lib/time-slices'

function row(id: string, name: string, stored = true): Row {
  return { ...configRow(id, { model_name: name, litellm_params: {}, model_info: {} }, name), stored }
}

/** The rows whose name is odd, and how many were looked at. */
function oddRows(count: number) {
  const state = {
    snapshot: snapshotOf(
      [row('file', 'odd', false)],
      Array.from({ length: count }, (_, at) => row(`m${at}`, at % 2 === 0 ? 'even' : 'odd')),
      1,
    ),
    basis: {} as object,
    looks: 0,
    odd: 'odd',
  }
  const set = createRowSet({
    snapshot: () => state.snapshot,
    basis: () => state.basis,
    test: (one) => (state.looks++, one.publicName === state.odd),
    slices: createTimeSlices(),
  })
  return { set, state, put: (id: string, to?: Row) => (state.snapshot = withStored(state.snapshot, id, to)) }
}

it('few rows are counted at once, those of the file included', () => {
  const { set, state } = oddRows(10)
  expect([set.current().count, [...set.current().stored], state.looks]).toEqual([
    6,
    ['m1', 'm3', 'm5', 'm7', 'm9'],
    11,
  ])
})

it('after a change only the row that changed is looked at', () => {
  const { set, state, put } = oddRows(10)
  set.current()
  state.looks = 0
  put('m0', row('m0', 'odd'))
  put('m1', row('m1', 'even'))
  put('m3', undefined)
  put('new', row('new', 'odd'))
  expect([set.current().count, [...set.current().stored].sort(), state.looks]).toEqual([
    6,
    ['m0', 'm5', 'm7', 'm9', 'new'],
    3,
  ])
})

it('with another basis all rows are looked at', () => {
  const { set, state } = oddRows(10)
  set.current()
  state.basis = {}
  state.odd = 'even'
  expect(set.current().count).toBe(5)
})

it('many rows are counted in slices, and until then the last count holds', async () => {
  const { set, state } = oddRows(2000)
  expect(set.current().count).toBe(0)
  expect((await set.update()).count).toBe(1001)
  expect([set.current().count, state.looks]).toEqual([1001, 2001])
  state.basis = {}
  state.odd = 'none'
  expect(set.current().count).toBe(1001)
  expect([(await set.update()).count, set.current().count]).toEqual([0, 0])
})

it('what changes while rows are counted counts too', async () => {
  const { set, put } = oddRows(2000)
  const updated = set.update()
  put('m0', row('m0', 'odd'))
  expect((await updated).count).toBe(1002)
})
