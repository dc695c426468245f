import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { snapshotOf, withStored } from '../../lib/registry/snapshot'
import type { Snapshot } from '../../lib/registry/snapshot'
import { createVisibility } from '../../lib/registry/visible-rows'
import { everything, scopeOf } from '../../lib/registry/visibility'
import type { Scope } from '../../lib/registry/visibility'
import { createTimeSlices } from '../../lib/time-slices'
import { collectGarbage } from '../support/garbage'

function row(id: string, name: string, revision = '1'): Row {
  return {
    ...configRow(id, { model_name: name, litellm_params: {}, model_info: {} }, revision),
    stored: true,
  }
}

/** The scope of somebody who sees models of this name, and how many rows were looked at. */
function counted(name = 'shown'): { readonly scope: Scope; readonly looks: () => number } {
  let looks = 0
  const scope = scopeOf({ userId: 'u', role: 'internal_user', models: [name] })
  const lists: Scope['lists'] = (one) => (looks++, scope.lists(one))
  const sees: Scope['sees'] = (one) => (looks++, scope.sees(one))
  return { scope: { ...scope, sees, lists }, looks: () => looks }
}

const first = snapshotOf([], [row('a', 'shown'), row('b', 'hidden'), row('c', 'shown')], 1)
const changed = (from: Snapshot, ...rows: readonly Row[]): Snapshot =>
  rows.reduce((snapshot, one) => withStored(snapshot, one.id, one), from)
const ids = (rows: readonly Row[]): readonly string[] => rows.map(({ id, revision }) => id + revision)

it('is computed once for a scope and snapshot', async () => {
  const visibility = createVisibility(createTimeSlices())
  const { scope, looks } = counted()
  const both = [1, 2].map(() => visibility.of(scope, first, first.rows))
  const seen = [...(await Promise.all(both)), await visibility.of(scope, first, first.rows)]
  expect(seen.map(({ rows }) => ids(rows))).toEqual([
    ['a1', 'c1'],
    ['a1', 'c1'],
    ['a1', 'c1'],
  ])
  expect([new Set(seen.map(({ version }) => version)).size, looks()]).toEqual([1, 3])
})

it('after a change of a row that is not seen nothing else is looked at', async () => {
  const visibility = createVisibility(createTimeSlices())
  const { scope, looks } = counted()
  const before = await visibility.of(scope, first, first.rows)
  const next = changed(first, row('b', 'hidden', '2'))
  const after = await visibility.of(scope, next, next.rows)
  expect([after.version === before.version, after.rows === before.rows, looks()]).toEqual([true, true, 5])
})

it('after a change of a row that is or was seen only that row is looked at', async () => {
  const visibility = createVisibility(createTimeSlices())
  const { scope, looks } = counted()
  const before = await visibility.of(scope, first, first.rows)
  const next = changed(first, row('c', 'hidden', '2'), row('b', 'shown', '2'), row('d', 'shown'))
  const after = await visibility.of(scope, next, next.rows)
  expect([ids(after.rows), after.version === before.version]).toEqual([['a1', 'b2', 'd1'], false])
  expect(looks()).toBeLessThanOrEqual(3 + 2 + 3)
})

it('is the same where what changed is not known, but no row that is seen is another', async () => {
  const visibility = createVisibility(createTimeSlices())
  const { scope } = counted()
  const before = await visibility.of(scope, first, first.rows)
  const anew = snapshotOf([], [first.rows[0]!, row('b', 'hidden', '2'), first.rows[2]!], 9)
  expect((await visibility.of(scope, anew, anew.rows)).version).toBe(before.version)
  const other = snapshotOf([], [row('a', 'shown', '2')], 10)
  const after = await visibility.of(scope, other, other.rows)
  expect([ids(after.rows), after.version === before.version]).toEqual([['a2'], false])
})

it('is computed anew where something that stands for other rows is or was listed', async () => {
  const visibility = createVisibility(createTimeSlices())
  const { scope } = counted()
  const alias = row('alias', 'shown')
  const next = changed(first, row('b', 'hidden', '2'))
  const last = changed(next, row('b', 'hidden', '3'))
  const lists = [
    [first, first.rows],
    [next, [...next.rows, alias]],
    [last, last.rows],
  ] as const
  const seen = []
  for (const [snapshot, listed] of lists) seen.push(ids((await visibility.of(scope, snapshot, listed)).rows))
  expect(seen).toEqual([
    ['a1', 'c1'],
    ['a1', 'c1', 'alias1'],
    ['a1', 'c1'],
  ])
})

it('administrators see the list itself', async () => {
  const visibility = createVisibility(createTimeSlices())
  const [one, again] = [
    await visibility.of(everything, first, first.rows),
    await visibility.of(everything, first, first.rows),
  ]
  const next = changed(first, row('b', 'hidden', '2'))
  const other = await visibility.of(everything, next, next.rows)
  expect([one.rows === first.rows, one.version === again.version, one.version === other.version]).toEqual([
    true,
    true,
    false,
  ])
})

it('of many callers those who were not seen for longest are computed anew', async () => {
  const visibility = createVisibility(createTimeSlices(), { maxReferences: 5 })
  const callers = [counted('shown'), counted('sh*'), counted('s*')]
  for (const { scope } of callers) await visibility.of(scope, first, first.rows)
  for (const { scope } of callers.toReversed()) await visibility.of(scope, first, first.rows)
  expect(callers.map(({ looks }) => looks())).toEqual([6, 3, 3])
})

it.each([
  ['many changes', 300],
  ['a rebuilt snapshot', 0],
])('what nobody asked for since %s holds its rows no longer', async (_, changes) => {
  const visibility = createVisibility(createTimeSlices())
  let snapshot = snapshotOf([], [], 1)
  const before = await (async () => {
    const old = row('a', 'shown')
    snapshot = changed(snapshot, old)
    await visibility.of(counted('shown').scope, snapshot, snapshot.rows)
    return new WeakRef(old)
  })()
  snapshot =
    changes === 0 ? snapshotOf([], [], snapshot.revision + 1) : changed(snapshot, row('a', 'other', '2'))
  for (let at = 0; at < changes; at++) snapshot = changed(snapshot, row('b', 'hidden', String(at)))
  await visibility.of(counted('other').scope, snapshot, snapshot.rows)
  await collectGarbage()
  expect(before.deref()).toBeUndefined()
})
