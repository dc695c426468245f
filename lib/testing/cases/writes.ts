import { strictEqual } from 'node:assert'
import { changed, deployment, draft, recreated } from '../drafts'
import { canonical, expectDone, expectIds, expectModel, expectSame } from '../expect'
import type { Case } from '../scope'

export const writeCases: readonly Case[] = [
  {
    name: 'create answers with what is stored',
    async check({ open }) {
      const adapter = await open()
      const created = expectDone(await adapter.create(draft('one')), 'a create')
      expectModel(created, draft('one'), 'the answer')
      expectSame(await adapter.get('one'), created, 'get after create')
    },
  },
  {
    name: 'update answers with what is stored',
    async check({ open }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      const updated = expectDone(await adapter.update(changed('one', 1)), 'an update')
      expectModel(updated, changed('one', 1), 'the answer')
      expectSame(await adapter.get('one'), updated, 'get after update')
    },
  },
  {
    name: 'update replaces the whole draft',
    async check({ open }) {
      const adapter = await open()
      const full = deployment({ rpm: 1, tags: ['a'], nested: { a: 1 } })
      expectDone(await adapter.create(draft('one', { deployment: { ...full, extra: 1 } })), 'a create')
      const smaller = recreated('one')
      expectDone(
        await adapter.update({ ...smaller, deployment: deployment({ nested: { b: 2 } }) }),
        'an update',
      )
      const expected = { ...smaller, deployment: deployment({ nested: { b: 2 } }) }
      expectModel(await adapter.get('one'), expected, 'the model')
    },
  },
  {
    name: 'update with the current revision is done',
    async check({ open }) {
      const adapter = await open()
      let { revision } = expectDone(await adapter.create(draft('one')), 'a create')
      for (const step of [1, 2, 3]) {
        const result = await adapter.update(changed('one', step), { ifRevision: revision })
        revision = expectDone(result, 'an update with the current revision').revision
      }
      expectModel(await adapter.get('one'), changed('one', 3), 'the model')
    },
  },
  {
    name: 'a condition without a revision is no condition',
    async check({ open }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      expectDone(await adapter.update(changed('one', 1), { ifRevision: undefined }), 'an update')
      expectDone(await adapter.update(changed('one', 2), {}), 'an update')
      expectModel(await adapter.get('one'), changed('one', 2), 'the model')
      expectDone(await adapter.delete('one', { ifRevision: undefined }), 'a delete')
    },
  },
  {
    name: 'delete answers with what it removed',
    async check({ open }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      const updated = expectDone(await adapter.update(changed('one', 1)), 'an update')
      const removed = expectDone(await adapter.delete('one'), 'a delete')
      expectSame(removed, updated, 'the answer of delete')
    },
  },
  {
    name: 'what was deleted is gone, the last one too',
    async check({ open }) {
      const adapter = await open()
      for (const id of ['one', 'two']) expectDone(await adapter.create(draft(id)), 'a create')
      expectDone(await adapter.delete('one'), 'a delete')
      strictEqual(await adapter.get('one'), undefined, 'get after delete')
      await expectIds(adapter, ['two'], 'list after a delete')
      expectDone(await adapter.delete('two'), 'a delete')
      expectSame(await adapter.list(), [], 'list after the last delete')
    },
  },
  {
    name: 'delete with the current revision is done',
    async check({ open }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      const { revision } = expectDone(await adapter.update(changed('one', 1)), 'an update')
      expectDone(await adapter.delete('one', { ifRevision: revision }), 'a delete with the current revision')
      strictEqual(await adapter.get('one'), undefined, 'get after delete')
    },
  },
  {
    name: 'what was deleted can be created again',
    async check({ open }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one', { blocked: true })), 'a create')
      expectDone(await adapter.delete('one'), 'a delete')
      expectDone(await adapter.create(recreated('one')), 'a create of a deleted id')
      expectModel(await adapter.get('one'), recreated('one'), 'the model')
    },
  },
  {
    name: 'a write leaves other models as they are',
    async check({ open }) {
      const adapter = await open()
      for (const id of ['one', 'two', 'three']) expectDone(await adapter.create(draft(id)), 'a create')
      const others = canonical([await adapter.get('one'), await adapter.get('three')])
      expectDone(await adapter.update(changed('two', 1)), 'an update')
      expectDone(await adapter.delete('two'), 'a delete')
      const after = canonical([await adapter.get('one'), await adapter.get('three')])
      strictEqual(after, others, 'the other models, with their revisions')
    },
  },
]
