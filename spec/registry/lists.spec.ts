import { costMap } from '../../lib/model-info/cost-map'
import { presenterOf } from '../../lib/model-info/present'
import type { Presenter } from '../../lib/model-info/present'
import { lists } from '../../lib/registry/lists'
import type { Basis } from '../../lib/registry/lists'
import { configRow } from '../../lib/registry/row'
import { emptySnapshot } from '../../lib/registry/snapshot'
import { everything } from '../../lib/registry/visibility'
import { collectGarbage } from '../support/garbage'

const fallbacks = { general: new Map(), context_window: new Map(), content_policy: new Map() }
const presenter = presenterOf(costMap({}))

/** What is asked about at this revision, when there was one row, of that revision. */
function basis(revision: number, changes: { readonly presenter?: Presenter } = {}): Basis {
  const rows = [configRow('a', { model_name: 'm', litellm_params: {}, model_info: {} }, String(revision))]
  const snapshot = { ...emptySnapshot, revision, rows }
  return { snapshot, listed: rows, presenter, fallbacks, scope: everything, ...changes }
}

it('what is asked for again while nothing changed is not made again', () => {
  const kept = lists<object>({ most: 2 })
  const at = basis(1)
  const made = ['a', 'b', 'a', 'b'].map((key) => kept.get(key, at, () => ({ key })))
  expect(made).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'a' }, { key: 'b' }])
  expect([made[2] === made[0], made[3] === made[1]]).toEqual([true, true])
})

it('of more than so many the one that was not asked for longest goes', () => {
  const kept = lists<object>({ most: 2 })
  const at = basis(1)
  const ask = (key: string): object => kept.get(key, at, () => ({ key }))
  const [a, b] = [ask('a'), ask('b')]
  ask('a')
  ask('c')
  expect([ask('a') === a, ask('b') === b]).toEqual([true, false])
})

it('lists are kept while all together are no more than so many bytes, the latest eight of any size', () => {
  const kept = lists<Buffer>({ most: 100, mostBytes: 20, bytesOf: ({ length }) => length })
  const at = basis(1)
  /** Those of the keys that have to be made. */
  const made = (keys: string, size: number): string => {
    let those = ''
    for (const key of keys)
      kept.get(key, at, () => {
        those += key
        return Buffer.alloc(size)
      })
    return those
  }
  expect([made('abcdefghij', 2), made('abcdefghij', 2)]).toEqual(['abcdefghij', ''])
  expect([made('k', 1), made('bcdefghijk', 2), made('a', 2)]).toEqual(['k', '', 'a'])
  expect([made('ABCDEFGH', 100), made('ABCDEFGH', 100)]).toEqual(['ABCDEFGH', ''])
  expect([made('I', 100), made('BCDEFGHI', 100), made('A', 100)]).toEqual(['I', '', 'A'])
})

it('once one is asked for after a reload of the cost map, nothing made from the map before is held', async () => {
  const kept = lists<object>({ most: 100 })
  const before = (() => {
    const old = presenterOf(costMap({}))
    kept.get('a', basis(1, { presenter: old }), () => ({}))
    return new WeakRef(old)
  })()
  kept.get('b', basis(1), () => ({}))
  await collectGarbage()
  expect(before.deref()).toBeUndefined()
})

it('a list that nobody asked for during many changes holds its rows no longer', async () => {
  const kept = lists<object>({ most: 1000 })
  const before = (() => {
    const old = basis(1)
    kept.get('a', old, () => ({}))
    return new WeakRef(old.listed[0] ?? {})
  })()
  for (let revision = 2; revision <= 300; revision++) kept.get('b', basis(revision), () => ({}))
  await collectGarbage()
  expect(before.deref()).toBeUndefined()
})
