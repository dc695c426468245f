import { notStrictEqual, strictEqual } from 'node:assert'
import type { Refusal, Write } from '../../adapters/adapter'
import { changed, draft, recreated, times } from '../drafts'
import {
  contents,
  expectBatchDone,
  expectDone,
  expectIds,
  expectModel,
  expectSame,
  expectUnchanged,
} from '../expect'
import type { Case } from '../scope'

/** Over a store with `one` (updated once) and `two`; each begins with writes that would be done. */
const refused: readonly (readonly [what: string, reason: Refusal, last: Write])[] = [
  ['a create of an id that exists', 'exists', { kind: 'create', draft: recreated('two') }],
  ['a create of an id that it has created itself', 'exists', { kind: 'create', draft: recreated('three') }],
  ['an update of a missing model', 'missing', { kind: 'update', draft: changed('four', 1) }],
  [
    'an update of a model that it has deleted itself',
    'missing',
    { kind: 'update', draft: changed('gone', 1) },
  ],
  ['a stale update', 'stale', { kind: 'update', draft: changed('two', 1), ifRevision: 'never-was' }],
  ['a delete of a missing model', 'missing', { kind: 'delete', id: 'four' }],
  ['a stale delete', 'stale', { kind: 'delete', id: 'two', ifRevision: 'never-was' }],
]

export const batchCases: readonly Case[] = [
  {
    name: 'a batch does its writes in order and answers with each model',
    needs: ['batch'],
    async check({ open }) {
      const adapter = await open()
      const { revision } = expectDone(await adapter.create(draft('one')), 'a create')
      const models = expectBatchDone(
        await adapter.batch([
          { kind: 'create', draft: draft('two') },
          { kind: 'update', draft: changed('one', 1), ifRevision: revision },
          { kind: 'update', draft: changed('two', 2), ifRevision: undefined },
          { kind: 'delete', id: 'one' },
          { kind: 'create', draft: recreated('one') },
        ]),
        'a batch',
      )
      strictEqual(models.length, 5, 'the number of answers')
      const expected = [
        draft('two'),
        changed('one', 1),
        changed('two', 2),
        changed('one', 1),
        recreated('one'),
      ]
      for (const [index, one] of expected.entries()) expectModel(models[index], one, `answer ${index}`)
      await expectIds(adapter, ['two', 'one'], 'list')
      expectSame(await adapter.get('two'), models[2], 'get of the updated model')
      expectSame(await adapter.get('one'), models[4], 'get of the model created again')
      notStrictEqual(models[0]?.revision, models[2]?.revision, 'the revision after the update in the batch')
    },
  },
  {
    name: 'an empty batch is done',
    needs: ['batch'],
    async check({ open }) {
      const adapter = await open()
      expectSame(await adapter.batch([]), { ok: true, models: [] }, 'the answer of an empty batch')
    },
  },
  ...refused.map(([what, reason, last]): Case => ({
    name: `a batch with ${what} does nothing and says which write it was`,
    needs: ['batch'],
    async check({ open }) {
      const adapter = await open()
      for (const id of ['one', 'two', 'gone']) expectDone(await adapter.create(draft(id)), 'a create')
      expectDone(await adapter.update(changed('one', 1)), 'an update')
      const before = await contents(adapter)
      const result = await adapter.batch([
        { kind: 'create', draft: draft('three') },
        { kind: 'update', draft: changed('one', 2) },
        { kind: 'delete', id: 'gone' },
        last,
        { kind: 'create', draft: draft('five') },
      ])
      expectSame(result, { ok: false, index: 3, reason }, 'the answer')
      expectUnchanged(await contents(adapter), before, 'a refused batch')
      for (const id of ['three', 'five']) strictEqual(await adapter.get(id), undefined, `get of ${id}`)
    },
  })),
  {
    name: 'of five racing batches with one revision one wins as a whole',
    needs: ['batch'],
    async check({ open }) {
      const adapter = await open()
      const { revision } = expectDone(await adapter.create(draft('one')), 'a create')
      const results = await Promise.all(
        times(5, (index) =>
          adapter.batch([
            { kind: 'create', draft: draft(`of ${index}`) },
            { kind: 'update', draft: changed('one', index), ifRevision: revision },
          ]),
        ),
      )
      const winners = times(5, Number).filter((index) => results[index]?.ok)
      strictEqual(winners.length, 1, 'the number of winners')
      await expectIds(adapter, ['one', `of ${winners[0]}`], 'list')
      expectModel(await adapter.get('one'), changed('one', winners[0] ?? -1), 'the model the winner updated')
    },
  },
]
