import { costMap } from '../../lib/model-info/cost-map'
import { presenterOf } from '../../lib/model-info/present'
import { lists } from '../../lib/registry/lists'
import type { Basis } from '../../lib/registry/lists'
import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { snapshotOf, withStored } from '../../lib/registry/snapshot'
import type { Snapshot } from '../../lib/registry/snapshot'
import { everything, scopeOf } from '../../lib/registry/visibility'
import type { Scope } from '../../lib/registry/visibility'

const fallbacks = { general: new Map(), context_window: new Map(), content_policy: new Map() }
const presenter = presenterOf(costMap({}))
const user = scopeOf({ userId: 'u', role: 'internal_user', models: ['shown'] })

function row(id: string, name: string, revision = '1'): Row {
  const deployment = { model_name: name, litellm_params: {}, model_info: {} }
  return { ...configRow(id, deployment, revision), stored: true }
}

const shown = row('a', 'shown')
const hidden = row('b', 'hidden')
const first = snapshotOf([], [shown, hidden], 1)

/** The rows of each list that was made, in turn, for one key. */
function asked(scope: Scope, steps: readonly Partial<Basis>[]): readonly (readonly string[])[] {
  const kept = lists<readonly string[]>({ most: 9 })
  const made: string[][] = []
  for (const step of steps) {
    const { snapshot = first } = step
    const basis = { snapshot, listed: snapshot.rows, presenter, fallbacks, scope, ...step }
    kept.get('key', basis, (rows) => {
      made.push(rows.map(({ id, revision }) => id + revision))
      return made.at(-1) as string[]
    })
  }
  return made
}

const changed = (from: Snapshot, ...rows: readonly Row[]): Snapshot =>
  rows.reduce((snapshot, one) => withStored(snapshot, one.id, one), from)

describe('a list that was made is made again', () => {
  it('when a row in it changed, not when another did', () => {
    const other = changed(first, row('b', 'hidden', '2'))
    const both = changed(other, row('a', 'shown', '2'), row('b', 'hidden', '3'))
    const steps = [{}, { snapshot: other }, { snapshot: both }, { snapshot: both }]
    expect(asked(user, steps)).toEqual([['a1'], ['a2']])
    expect(asked(everything, steps)).toEqual([
      ['a1', 'b1'],
      ['a1', 'b2'],
      ['a2', 'b3'],
    ])
  })

  it('when what changed is not known, only if a row in it is another', () => {
    const anew = snapshotOf([], [shown, row('b', 'hidden', '2')], 9)
    expect(asked(user, [{}, { snapshot: anew }])).toEqual([['a1']])
    const more = snapshotOf([], [shown, row('c', 'shown')], 9)
    expect(asked(user, [{}, { snapshot: more }])).toEqual([['a1'], ['a1', 'c1']])
    const replaced = snapshotOf([], [row('a', 'shown', '2')], 9)
    expect(asked(user, [{}, { snapshot: replaced }])).toEqual([['a1'], ['a2']])
  })

  it('when what stands for other rows came or went, though no row changed that is seen', () => {
    const alias = row('alias', 'shown')
    const later = changed(first, row('b', 'hidden', '2'))
    const steps = [
      {},
      { snapshot: later, listed: [...later.rows, alias] },
      { snapshot: changed(later, hidden) },
    ]
    expect(asked(user, steps)).toEqual([['a1'], ['a1', 'alias1'], ['a1']])
  })

  it('with other prices or other fallbacks', () => {
    const steps = [{}, { presenter: presenterOf(costMap({})) }, {}, { fallbacks: { ...fallbacks } }, {}]
    expect(asked(user, steps)).toEqual([['a1'], ['a1'], ['a1'], ['a1'], ['a1']])
  })
})
