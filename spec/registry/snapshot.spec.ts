import fc from 'fast-check'
import { configRow, storedRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { changedSince, snapshotInSlices, snapshotOf, withStored } from '../../lib/registry/snapshot'
import type { Snapshot } from '../../lib/registry/snapshot'
import { createTimeSlices } from '../../lib/time-slices'
import { collectGarbage } from '../support/garbage'
import { draft } from '../support/rows'

const ids = ['a', 'b', 'c', 'd', 'file']
const names = ['one', 'two', 'many/*', 'team']

interface Step {
  readonly id: string
  readonly name: string | null
  readonly team: boolean
  readonly at: number
}

const step: fc.Arbitrary<Step> = fc.record({
  id: fc.constantFrom(...ids),
  name: fc.option(fc.constantFrom(...names)),
  team: fc.boolean(),
  at: fc.integer({ min: 0, max: 3 }),
})

function row({ id, name, team, at }: Step, revision: string): Row {
  const deployment = {
    model_name: name ?? 'x',
    litellm_params: {},
    model_info: team ? { team_id: 't', team_public_model_name: 'ours' } : {},
  }
  return storedRow({ ...draft(id, at), deployment, revision }, '') as Row
}

/** Everything that can be asked of a snapshot. */
function answers(snapshot: Snapshot): object {
  return {
    rows: snapshot.rows,
    shadowed: snapshot.shadowed,
    byId: ids.map((id) => snapshot.byId.get(id)),
    size: snapshot.byId.size,
    byName: [...names, 'ours', 'x', 'gone'].map((name) => snapshot.byName.get(name) ?? []),
    wildcards: snapshot.wildcards,
  }
}

describe('a snapshot', () => {
  it('A5 after any sequence of changes equals one built from scratch', () => {
    const configured = [configRow('file', { model_name: 'one', litellm_params: {}, model_info: {} }, 'r')]
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let snapshot = snapshotOf(configured, [], 0)
        for (const [at, one] of steps.entries())
          snapshot = withStored(snapshot, one.id, one.name === null ? undefined : row(one, String(at)))
        expect(answers(snapshot)).toEqual(answers(snapshotOf(configured, snapshot.stored, 0)))
      }),
      { numRuns: 300 },
    )
  })

  it('keeps rows in the order of their creation, and a changed row in its place', () => {
    const one = { name: 'n', team: false }
    let snapshot = snapshotOf([], [], 0)
    for (const [id, at] of [
      ['c', 3],
      ['a', 1],
      ['b', 2],
    ] as const)
      snapshot = withStored(snapshot, id, row({ ...one, id, at }, '1'))
    snapshot = withStored(snapshot, 'a', row({ ...one, id: 'a', at: 1 }, '2'))
    expect(snapshot.rows.map(({ id, revision }) => id + revision)).toEqual(['a2', 'b1', 'c1'])
  })

  it('a stored row under the id of a file’s row is shadowed, not mixed up', () => {
    const file = configRow('same', { model_name: 'file', litellm_params: {}, model_info: {} }, 'r')
    const stored = row({ id: 'same', name: 'stored', team: false, at: 0 }, '1')
    const snapshot = snapshotOf([file], [stored], 0)
    expect([snapshot.rows, snapshot.shadowed, snapshot.byName.get('stored')]).toEqual([
      [file],
      new Map([['same', stored]]),
      undefined,
    ])
    const without = withStored(snapshot, 'same', undefined)
    expect([without.rows, without.stored, without.shadowed.size]).toEqual([[file], [], 0])
    const unveiled = snapshotOf([], snapshot.stored, 1)
    expect(unveiled.rows).toEqual([stored])
  })
})

describe('what changed since a revision', () => {
  const plain = { name: 'n', team: false, at: 0 }
  const made = (id: string, revision: string): Row => row({ ...plain, id }, revision)
  const file = configRow('file', { model_name: 'one', litellm_params: {}, model_info: {} }, 'r')
  /** The ids, each with the public names before and after. */
  const told = (snapshot: Snapshot, revision: number): unknown =>
    changedSince(snapshot, revision)?.map(({ id, facts }) => [id, ...facts.map((one) => one.publicName)])

  it('is told with what decides who sees it, as it was and as it is', () => {
    const first = withStored(snapshotOf([file], [], 7), 'a', made('a', '1'))
    const second = withStored(first, 'a', row({ ...plain, id: 'a', name: 'renamed' }, '2'))
    const third = withStored(withStored(second, 'b', made('b', '1')), 'a', undefined)
    expect(withStored(third, 'a', undefined)).toBe(third)
    const steps = [
      ['a', 'n'],
      ['a', 'n', 'renamed'],
      ['b', 'n'],
      ['a', 'renamed'],
    ]
    expect([7, 8, 9, 10, 11].map((revision) => told(third, revision))).toEqual(
      [0, 1, 2, 3, 4].map((from) => steps.slice(from)),
    )
    expect([third.revision, changedSince(third, 6)]).toEqual([11, undefined])
    expect(changedSince(first, 7)).toEqual([
      {
        revision: 8,
        id: 'a',
        facts: [{ teamId: null, publicName: 'n', accessGroups: [], deployment: { model_name: 'n' } }],
      },
    ])
  })

  it('is nothing that is seen where the row is not', () => {
    const shadowed = withStored(snapshotOf([file], [], 0), 'file', made('file', '1'))
    expect([shadowed.revision, told(shadowed, 0)]).toEqual([1, [['file']]])
  })

  it('is not known where a pattern came, went or was renamed', () => {
    const wild = row({ ...plain, id: 'w', name: 'many/*' }, '1')
    const tame = made('w', '2')
    const came = withStored(snapshotOf([], [], 0), 'w', wild)
    const renamed = withStored(came, 'w', tame)
    const back = withStored(renamed, 'w', wild)
    const last = withStored(back, 'a', made('a', '1'))
    expect([came, renamed, back, last].map((snapshot) => told(snapshot, snapshot.revision - 1))).toEqual([
      undefined,
      undefined,
      undefined,
      [['a', 'n']],
    ])
    expect(changedSince(last, 1)).toBeUndefined()
  })

  it.each([
    ['of very many groups', { access_groups: Array.from({ length: 200 }, (_, at) => `group-${at}`) }],
    ['of a very long one', { access_groups: ['g'.repeat(20_000)] }],
  ])('is not kept of a model %s', (_, info) => {
    const deployment = { model_name: 'n', litellm_params: {}, model_info: info }
    const large = storedRow({ ...draft('a', 0), deployment, revision: '1' }, '') as Row
    const snapshot = withStored(snapshotOf([], [], 0), 'a', large)
    expect([snapshot.changes, changedSince(snapshot, 0)]).toEqual([[], undefined])
  })

  it('is known of the last 64 changes', () => {
    let snapshot = snapshotOf([], [], 0)
    for (let at = 0; at < 70; at++) snapshot = withStored(snapshot, `m${at}`, made(`m${at}`, '1'))
    expect(changedSince(snapshot, 6)).toHaveLength(64)
    expect(changedSince(snapshot, 5)).toBeUndefined()
  })

  it('holds none of the models that were replaced', async () => {
    let snapshot = snapshotOf([], [], 0)
    const before = (() => {
      const old = made('a', '1')
      snapshot = withStored(withStored(snapshot, 'a', old), 'a', made('a', '2'))
      return new WeakRef(old)
    })()
    await collectGarbage()
    expect([before.deref(), snapshot.changes.length]).toEqual([undefined, 2])
  })
})

describe('models of one name and one moment', () => {
  it('keep their order when one changes, comes or goes, without comparing each with all', () => {
    const tied = (id: string, revision: string): Row =>
      row({ id, name: 'same', team: false, at: 0 }, revision)
    const rows = Array.from({ length: 5000 }, (_, at) => tied(`m${at}`, '1'))
    const full = snapshotOf([], rows, 0)
    const { user } = process.cpuUsage()
    let snapshot = full
    for (let at = 0; at < 20; at++) snapshot = withStored(snapshot, `m${at}`, tied(`m${at}`, '2'))
    snapshot = withStored(snapshot, 'm9', undefined)
    snapshot = withStored(snapshot, 'new', tied('new', '1'))
    expect(process.cpuUsage().user - user).toBeLessThan(1_000_000)
    expect(snapshot.byName.get('same')).toEqual(snapshot.rows)
    expect(answers(snapshot)).toEqual(answers(snapshotOf([], snapshot.stored, 0)))
  })
})

describe('a snapshot that is built in slices', () => {
  it('equals one that is built in one piece', async () => {
    const file = configRow('a', { model_name: 'one', litellm_params: {}, model_info: {} }, 'r')
    const stored = ['b', 'a', 'c'].map((id, at) => row({ id, name: names[at] ?? 'x', team: at > 0, at }, '1'))
    const inSlices = await snapshotInSlices([file], stored, 3, [], createTimeSlices())
    expect([answers(inSlices), inSlices.revision]).toEqual([answers(snapshotOf([file], stored, 3)), 3])
  })
})
