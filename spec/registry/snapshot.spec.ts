import fc from 'fast-check'
import { configRow, storedRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { snapshotOf, withStored } from '../../lib/registry/snapshot'
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
