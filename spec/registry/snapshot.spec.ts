import fc from 'fast-check'
import { configRow, storedRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { changedSince, snapshotOf, withStored } from '../../lib/registry/snapshot'
import type { Snapshot } from '../../lib/registry/snapshot'
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

  it('is told as it was and as it is', () => {
    const [a1, a2, b1] = [made('a', '1'), made('a', '2'), made('b', '1')]
    const first = withStored(snapshotOf([file], [], 7), 'a', a1)
    const second = withStored(withStored(first, 'a', a2), 'b', b1)
    const third = withStored(second, 'a', undefined)
    expect(withStored(third, 'a', undefined)).toBe(third)
    expect([7, 8, 9, 10, 11].map((revision) => changedSince(third, revision))).toEqual([
      [a1, a1, a2, b1, a2],
      [a1, a2, b1, a2],
      [b1, a2],
      [a2],
      [],
    ])
    expect([third.revision, changedSince(third, 6)]).toEqual([11, undefined])
  })

  it('is nothing that is seen where the row is not', () => {
    const shadowed = withStored(snapshotOf([file], [], 0), 'file', made('file', '1'))
    expect([shadowed.revision, changedSince(shadowed, 0)]).toEqual([1, []])
  })

  it('is not known where a pattern came, went or was renamed', () => {
    const wild = row({ ...plain, id: 'w', name: 'many/*' }, '1')
    const tame = made('w', '2')
    const came = withStored(snapshotOf([], [], 0), 'w', wild)
    const renamed = withStored(came, 'w', tame)
    const back = withStored(renamed, 'w', wild)
    const last = withStored(back, 'a', made('a', '1'))
    expect(
      [came, renamed, back, last].map((snapshot) => changedSince(snapshot, snapshot.revision - 1)),
    ).toEqual([undefined, undefined, undefined, [made('a', '1')]])
    expect(changedSince(last, 1)).toBeUndefined()
  })

  it('is known of the last 64 changes', () => {
    let snapshot = snapshotOf([], [], 0)
    for (let at = 0; at < 70; at++) snapshot = withStored(snapshot, `m${at}`, made(`m${at}`, '1'))
    expect(changedSince(snapshot, 6)).toHaveLength(64)
    expect(changedSince(snapshot, 5)).toBeUndefined()
  })
})
