import { strictEqual } from 'node:assert'
import { changed, draft } from '../drafts'
import { expectDone, expectIds, expectModel, expectRefused, expectSame } from '../expect'
import type { Case } from '../scope'
import { mixWrites, raceCreates, raceUpdates } from './races'

/** Without waiting: a write that has resolved is seen by every instance. */
export const peerCases: readonly Case[] = [
  {
    name: 'another instance gets a write at once',
    needs: ['peer'],
    async check({ open, peer }) {
      const first = await open()
      const second = await peer(first)
      // Each has read before the other writes, so that a cache is caught.
      strictEqual(await second.get('one'), undefined, 'get in another instance before a create')
      const created = expectDone(await first.create(draft('one')), 'a create')
      expectSame(await second.get('one'), created, 'get in another instance after a create')
      const updated = expectDone(await first.update(changed('one', 1)), 'an update')
      expectSame(await second.get('one'), updated, 'get in another instance after an update')
      expectSame(await first.get('one'), updated, 'get after an update')
      expectDone(await second.delete('one'), 'a delete by another instance')
      strictEqual(await first.get('one'), undefined, 'get after a delete by another instance')
    },
  },
  {
    name: 'another instance lists a write at once, in the same order',
    needs: ['peer'],
    async check({ open, peer }) {
      const first = await open()
      const second = await peer(first)
      await second.list()
      for (const [adapter, id] of [[first, 'b'], [second, 'c'], [first, 'a'], [second, '9']] as const) {
        expectDone(await adapter.create(draft(id)), 'a create')
      } // prettier-ignore
      for (const adapter of [first, second]) await expectIds(adapter, ['b', 'c', 'a', '9'], 'list')
      for (const id of ['b', 'c', 'a', '9']) expectDone(await first.delete(id), 'a delete')
      expectSame(await second.list(), [], 'list in another instance after the last delete')
    },
  },
  {
    name: 'the revision of one instance holds in another',
    needs: ['peer'],
    async check({ open, peer }) {
      const first = await open()
      const second = await peer(first)
      const { revision } = expectDone(await first.create(draft('one')), 'a create')
      expectDone(
        await second.update(changed('one', 1), { ifRevision: revision }),
        'an update by another instance',
      )
      expectRefused(
        await first.update(changed('one', 2), { ifRevision: revision }),
        'stale',
        'a stale update',
      )
      expectRefused(await first.delete('one', { ifRevision: revision }), 'stale', 'a stale delete')
      expectRefused(await second.create(draft('one')), 'exists', 'a second create by another instance')
      expectModel(await first.get('one'), changed('one', 1), 'the model')
    },
  },
  {
    name: 'of ten racing creates by two instances one wins',
    needs: ['peer'],
    async check({ open, peer }) {
      const first = await open()
      await raceCreates([first, await peer(first)])
    },
  },
  {
    name: 'of ten racing updates by two instances one wins',
    needs: ['peer'],
    async check({ open, peer }) {
      const first = await open()
      await raceUpdates([first, await peer(first)])
    },
  },
  {
    name: 'writes of different ids by two instances do not interfere',
    needs: ['peer'],
    async check({ open, peer }) {
      const first = await open()
      await mixWrites([first, await peer(first)])
    },
  },
]
