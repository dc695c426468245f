import { strictEqual } from 'node:assert'
import type { Refusal, WriteResult } from '../../adapters/adapter'
import { changed, draft, times } from '../drafts'
import { expectDone, expectModel } from '../expect'
import type { Case, Full } from '../scope'

export const raceCases: readonly Case[] = [
  {
    name: 'of ten racing creates of one id one wins',
    async check({ open }) {
      await raceCreates([await open()])
    },
  },
  {
    name: 'of ten racing updates with one revision one wins',
    async check({ open }) {
      await raceUpdates([await open()])
    },
  },
  {
    name: 'of ten racing deletes one wins',
    async check({ open }) {
      const adapter = await open()
      const { revision } = expectDone(await adapter.create(draft('one')), 'a create')
      const results = await Promise.all(
        times(10, (index) => adapter.delete('one', index % 2 === 0 ? { ifRevision: revision } : {})),
      )
      expectOneWinner(results, 'missing')
      strictEqual(await adapter.get('one'), undefined, 'get after the deletes')
    },
  },
  {
    name: 'writes of different ids at the same time do not interfere',
    async check({ open }) {
      await mixWrites([await open()])
    },
  },
]

export async function raceCreates(adapters: readonly Full[]): Promise<void> {
  const results = await Promise.all(times(10, (index) => nth(adapters, index).create(changed('one', index))))
  const winner = expectOneWinner(results, 'exists')
  for (const adapter of adapters) {
    expectModel(await adapter.get('one'), changed('one', winner), 'the model the winner created')
    strictEqual((await adapter.list()).length, 1, 'the number of models')
  }
}

export async function raceUpdates(adapters: readonly Full[]): Promise<void> {
  let { revision } = expectDone(await nth(adapters, 0).create(draft('one')), 'a create')
  for (let round = 0; round < 3; round += 1) {
    const step = (index: number) => changed('one', round * 10 + index)
    const results = await Promise.all(
      times(10, (index) => nth(adapters, index).update(step(index), { ifRevision: revision })),
    )
    const winner = expectOneWinner(results, 'stale')
    for (const adapter of adapters) {
      const model = await adapter.get('one')
      expectModel(model, step(winner), 'the model the winner updated')
      revision = model?.revision ?? ''
    }
  }
}

/** Fifty at once: twenty updates, ten deletes and twenty creates. */
export async function mixWrites(adapters: readonly Full[]): Promise<void> {
  for (const id of times(30, String)) expectDone(await nth(adapters, 0).create(draft(id)), 'a create')
  const results: readonly WriteResult<Refusal>[] = await Promise.all(
    times<Promise<WriteResult<Refusal>>>(50, (index) => {
      const [adapter, id] = [nth(adapters, index), String(index)]
      if (index < 20) return adapter.update(changed(id, index))
      return index < 30 ? adapter.delete(id) : adapter.create(draft(id))
    }),
  )
  for (const [index, result] of results.entries()) expectDone(result, `write ${index}`)
  for (const adapter of adapters) {
    strictEqual((await adapter.list()).length, 40, 'the number of models')
    for (const index of times(50, Number)) {
      const [model, what] = [await adapter.get(String(index)), `model ${index}`]
      if (index < 20) expectModel(model, changed(String(index), index), what)
      else if (index < 30) strictEqual(model, undefined, what)
      else expectModel(model, draft(String(index)), what)
    }
  }
}

/** The place of the one that was done; all others were refused for the given reason. */
function expectOneWinner(results: readonly WriteResult<Refusal>[], reason: Refusal): number {
  const outcomes = results.map((result) => (result.ok ? 'done' : result.reason))
  const expected = [...results.slice(1).map(() => reason), 'done'].sort()
  strictEqual([...outcomes].sort().join(', '), expected.join(', '), 'the outcomes of the race')
  return outcomes.indexOf('done')
}

function nth(adapters: readonly Full[], index: number): Full {
  const adapter = adapters[index % adapters.length]
  if (adapter === undefined) throw new Error('a race needs an adapter')
  return adapter
}
