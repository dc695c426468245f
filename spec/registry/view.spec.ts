import type { ModelDraft, StoredModel } from '../../lib/adapters/adapter'
import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { changedSince } from '../../lib/registry/snapshot'
import { viewOf } from '../../lib/registry/view'
import type { View, ViewChange } from '../../lib/registry/view'
import { draft, named } from '../support/rows'

interface Watched {
  readonly view: View
  readonly changes: ViewChange[]
}

function watched(...models: readonly StoredModel[]): Watched {
  const changes: ViewChange[] = []
  const view = viewOf('store', (change) => void changes.push(change))
  all(view, models)
  changes.length = 0
  return { view, changes }
}

/** As storage has it: `at` numbers the moment of its creation. */
function model(id: string, at: number, revision = '1', change: Partial<ModelDraft> = {}): StoredModel {
  return { ...draft(id, at, change), revision }
}

const odd = (id: string, revision = '1'): StoredModel =>
  model(id, 0, revision, { deployment: { broken: true } as never })
const file = (id: string, revision = '1'): Row => configRow(id, named(id), revision)

/** What a list says, of which all is news but these ids. Returns what is unsettled. */
function all(view: View, models: readonly StoredModel[], old: readonly string[] = []): readonly string[] {
  return view.putAll(models.map(view.reading), (id) => !old.includes(id))
}

const shown = ({ snapshot }: View): readonly string[] =>
  snapshot.rows.map(({ id, revision }) => id + revision)
const told = (changes: readonly ViewChange[]): readonly unknown[] => changes.map(({ ids }) => ids)
const idsAside = ({ setAside }: View): readonly unknown[] => setAside.map(({ id }) => id)

describe('what storage says of one model', () => {
  it('is shown and told once, with what was before', () => {
    const { view, changes } = watched()
    const [empty, added] = [view.snapshot, view.put('a', model('a', 1))]
    expect(view.put('a', model('a', 1))).toBe(added)
    const second = view.put('a', model('a', 1, '2'))
    expect([view.put('a', undefined), view.put('a', undefined)]).toEqual([undefined, undefined])
    expect(changes.map(({ ids, before, after }) => [ids, before.rows, after.rows, after.revision])).toEqual([
      [['a'], [], [added], empty.revision + 1],
      [['a'], [added], [second], empty.revision + 2],
      [['a'], [second], [], empty.revision + 3],
    ])
    expect(changes[2]?.after).toBe(view.snapshot)
  })

  it('is set aside while it is no model, with others like it', () => {
    const { view, changes } = watched(model('a', 1))
    expect([view.put('a', odd('a', '2')), view.put('b', odd('b'))]).toEqual([undefined, undefined])
    expect(view.setAside).toEqual([
      { where: 'store', id: 'a', problems: expect.arrayContaining([expect.anything()]) },
      { where: 'store', id: 'b', problems: expect.arrayContaining([expect.anything()]) },
    ])
    expect([told(changes), shown(view), view.known('b')?.revision]).toEqual([[['a']], [], '1'])
    view.put('c', undefined)
    expect(idsAside(view)).toEqual(['a', 'b'])
    view.put('b', model('b', 1, '2'))
    view.put('a', undefined)
    expect([idsAside(view), shown(view)]).toEqual([[], ['b2']])
  })

  it('is known and not shown where the config file has a model of its id', () => {
    const { view } = watched()
    view.configure([file('same', 'f')])
    expect(view.put('same', model('same', 1))).toBe(view.snapshot.rows[0])
    expect([shown(view), view.known('same')?.revision]).toEqual([['samef'], '1'])
    view.configure([])
    expect(shown(view)).toEqual(['same1'])
  })
})

describe('what the config file says', () => {
  it('is told where it is something else than before, and keeps the rows that stay', () => {
    const { view, changes } = watched(model('stored', 1))
    const alias = { alias: 'best', target: 'a', hidden: false }
    view.configure([file('a'), file('b')])
    expect(view.snapshot.aliases).toEqual([])
    const [a] = view.snapshot.rows
    view.configure([file('a'), file('b')])
    view.configure([file('a'), file('b')], [alias])
    view.configure([file('a'), file('b')], [{ ...alias }])
    view.configure([file('a'), file('b', '2')], [alias])
    view.configure([file('b', '2'), file('a')], [alias])
    view.configure([file('a')], [alias])
    expect(told(changes)).toEqual([['a', 'b'], [], ['b'], [], ['b']])
    expect([view.snapshot.rows[0], view.snapshot.aliases, shown(view)]).toEqual([
      a,
      [alias],
      ['a1', 'stored1'],
    ])
    expect(view.snapshot.rows[0]).toBe(a)
    expect(changes.map(({ before, after }) => after.revision - before.revision)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('what a list of storage says', () => {
  it('is shown in its order and told once', () => {
    const { view, changes } = watched(model('a', 1), model('b', 2), model('c', 3))
    const kept = view.snapshot.rows[0]
    expect(all(view, [model('a', 1), model('b', 2), model('c', 3)])).toEqual([])
    expect(changes).toEqual([])
    expect(all(view, [model('a', 1), model('b', 2, '2'), model('d', 4)])).toEqual([])
    expect([shown(view), told(changes)]).toEqual([['a1', 'b2', 'd1'], [['b', 'd', 'c']]])
    expect(view.snapshot.rows[0]).toBe(kept)
    all(view, [])
    expect([shown(view), told(changes)[1]]).toEqual([[], ['a', 'b', 'd']])
  })

  it('may be nothing but another order', () => {
    const { view, changes } = watched(model('a', 1), model('b', 1))
    all(view, [model('b', 1), model('a', 1)])
    expect([shown(view), told(changes)]).toEqual([['b1', 'a1'], [[]]])
    expect(changes.map(({ before, after }) => after.revision - before.revision)).toEqual([1])
    all(view, [model('a', 1, '0'), model('b', 1)], ['a', 'b'])
    expect(shown(view)).toEqual(['a1', 'b1'])
  })

  it('leaves what is newer than it, and says where it says something else', () => {
    const { view } = watched(model('a', 1, '2'), model('b', 2, '2'), model('c', 3, '2'), model('d', 4, '2'))
    const unsettled = all(
      view,
      [model('a', 1, '1'), model('b', 2, '2'), model('gone', 5), model('d', 4, '3')],
      ['a', 'b', 'c', 'gone'],
    )
    expect([shown(view), [...unsettled].sort()]).toEqual([
      ['a2', 'b2', 'c2', 'd3'],
      ['a', 'c', 'gone'],
    ])
  })

  it('that is older leaves a model where it was created again', () => {
    const { view } = watched(model('b', 2), model('a', 3, '2'))
    expect(all(view, [model('a', 1, '1'), model('b', 2)], ['a'])).toEqual(['a'])
    expect(shown(view)).toEqual(['b1', 'a2'])
  })

  it('that is older and cannot be served leaves a model as it is', () => {
    const { view } = watched(model('a', 1, '2'))
    expect(all(view, [odd('a')], ['a'])).toEqual(['a'])
    expect([shown(view), view.setAside]).toEqual([['a2'], []])
  })

  it('replaces what was set aside', () => {
    const { view } = watched(odd('a'), odd('b'), model('c', 1))
    expect([shown(view), idsAside(view)]).toEqual([['c1'], ['a', 'b']])
    all(view, [model('a', 0, '2'), odd('c', '2')])
    expect([shown(view), idsAside(view)]).toEqual([['a2'], ['c']])
  })

  it.each([
    [64, 'each change is known'],
    [65, 'only that everything may have changed'],
  ])('after %i changes at once %s', (count) => {
    const { view } = watched()
    const { revision } = view.snapshot
    const many = Array.from({ length: count }, (_, at) => model(`m${String(at).padStart(2, '0')}`, at))
    all(view, many)
    expect(view.snapshot.rows.map(({ id }) => id)).toEqual(many.map(({ id }) => id))
    expect(changedSince(view.snapshot, revision)?.map(({ id }) => id)).toEqual(
      count === 64 ? many.map(({ id }) => id) : undefined,
    )
  })
})

describe('the order of models of one moment', () => {
  it('is guessed when they come one by one, and known from a list', () => {
    const view = viewOf('store', () => {})
    const steps = [view.isOrderGuessed]
    const put = (one: StoredModel): void => {
      view.put(one.id, one)
      steps.push(view.isOrderGuessed)
    }
    put(model('a', 1))
    put(model('b', 2))
    put(model('c', 2))
    put(model('d', 3))
    all(view, [model('a', 1), model('b', 2), model('c', 2), model('d', 3)])
    put(model('c', 2, '2'))
    put(odd('d', '2'))
    put(model('e', 1))
    expect(steps).toEqual([false, false, false, true, true, false, false, true])
  })

  it('is guessed for a model that a list does not tell of yet', () => {
    const { view } = watched(model('a', 1), model('b', 1), model('c', 2))
    all(view, [model('a', 1), model('c', 2)], ['b'])
    expect([shown(view), view.isOrderGuessed]).toEqual([['a1', 'b1', 'c1'], true])
    all(view, [model('a', 1), model('b', 1)], ['c'])
    expect([shown(view), view.isOrderGuessed]).toEqual([['a1', 'b1', 'c1'], false])
  })
})
