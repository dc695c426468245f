import { ok, strictEqual } from 'node:assert'
import { changed, deployment, draft, recreated } from '../drafts'
import {
  contents,
  expectDone,
  expectIds,
  expectModel,
  expectRefused,
  expectSame,
  expectUnchanged,
} from '../expect'
import type { Case } from '../scope'

export const durabilityCases: readonly Case[] = [
  {
    name: 'opened again, storage holds all it held: content, order and revisions',
    needs: ['close', 'reopen'],
    async check({ open, reopen }) {
      const first = await open()
      for (const id of ['mm', 'zz', 'aa']) expectDone(await first.create(draft(id)), 'a create')
      const awkward = deployment({ price: 1.5e-7, off: false, none: null, text: '1e3', ключ: [[]] })
      expectDone(await first.update(draft('mm', { deployment: awkward, blocked: true })), 'an update')
      const before = await contents(first)
      const second = await reopen(first)
      expectUnchanged(await contents(second), before, 'opening again')
      await expectIds(second, ['mm', 'zz', 'aa'], 'list')
    },
  },
  {
    name: 'opened again, an empty store is still empty',
    needs: ['close', 'reopen'],
    async check({ open, reopen }) {
      const first = await open()
      expectDone(await first.create(draft('one')), 'a create')
      expectDone(await first.delete('one'), 'a delete')
      const second = await reopen(first)
      strictEqual(await second.get('one'), undefined, 'get of what was deleted')
      expectSame(await second.list(), [], 'list')
    },
  },
  {
    name: 'opened again, old revisions are still told from new ones',
    needs: ['close', 'reopen'],
    async check({ open, reopen }) {
      const first = await open()
      const old = expectDone(await first.create(draft('one')), 'a create').revision
      const { revision } = expectDone(await first.update(changed('one', 1)), 'an update')
      const second = await reopen(first)
      expectRefused(await second.update(changed('one', 2), { ifRevision: old }), 'stale', 'a stale update')
      expectDone(await second.update(changed('one', 3), { ifRevision: revision }), 'an update')
      expectModel(await second.get('one'), changed('one', 3), 'the model')
    },
  },
  {
    name: 'opened again, no revision comes back and who is created is last',
    needs: ['close', 'reopen'],
    async check({ open, reopen }) {
      const first = await open()
      for (const id of ['one', 'two']) expectDone(await first.create(draft(id)), 'a create')
      const old = expectDone(await first.delete('one'), 'a delete').revision
      const second = await reopen(first)
      const { revision } = expectDone(await second.create(recreated('one')), 'a create')
      ok(revision !== old, 'the revision after another create of the same id is new')
      await expectIds(second, ['two', 'one'], 'list')
    },
  },
]
