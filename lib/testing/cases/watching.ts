import { strictEqual } from 'node:assert'
import { changed, draft } from '../drafts'
import { shows } from '../ear'
import { expectBatchDone, expectDone } from '../expect'
import type { Case, Scope } from '../scope'

export const watchCases: readonly Case[] = [
  {
    name: "watch begins with 'all'",
    needs: ['watch'],
    async check({ open, listen }) {
      await listen(await open())
    },
  },
  {
    name: 'watch tells of a create once it can be read',
    needs: ['watch'],
    async check({ open, listen }) {
      const adapter = await open()
      const ear = await listen(adapter, 'one')
      expectDone(await adapter.create(draft('one')), 'a create')
      await ear.until('a create, after it was committed', shows('one', Boolean))
    },
  },
  {
    name: 'watch tells of an update once it can be read',
    needs: ['watch'],
    async check({ open, listen }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      const ear = await listen(adapter, 'one')
      for (const step of [1, 2]) {
        const { revision } = expectDone(await adapter.update(changed('one', step)), 'an update')
        await ear.until(
          'an update, after it was committed',
          shows('one', (model) => model?.revision === revision),
        )
      }
    },
  },
  {
    name: 'watch tells of a delete once it can be read',
    needs: ['watch'],
    async check({ open, listen }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      const ear = await listen(adapter, 'one')
      ear.forget()
      expectDone(await adapter.delete('one'), 'a delete')
      await ear.until(
        'a delete, after it was committed',
        shows('one', (model) => model === undefined),
      )
    },
  },
  {
    name: 'watch tells of each model of a batch once it can be read',
    needs: ['watch', 'batch'],
    async check({ open, listen }) {
      const adapter = await open()
      const ears = [await listen(adapter, 'one'), await listen(adapter, 'two')]
      const writes = ['one', 'two'].map((id) => ({ kind: 'create' as const, draft: draft(id) }))
      expectBatchDone(await adapter.batch(writes), 'a batch')
      await ears[0]?.until('the first of a batch', shows('one', Boolean))
      await ears[1]?.until('the second of a batch', shows('two', Boolean))
    },
  },
  {
    name: 'watch tells each of two listeners',
    needs: ['watch'],
    async check({ open, listen }) {
      const adapter = await open()
      const ears = [await listen(adapter, 'one'), await listen(adapter, 'one')]
      expectDone(await adapter.create(draft('one')), 'a create')
      for (const ear of ears) await ear.until('a create', shows('one', Boolean))
    },
  },
  {
    name: 'watch tells nothing after unwatch',
    needs: ['watch'],
    async check({ open, listen }) {
      const adapter = await open()
      const leaving = await listen(adapter, 'one')
      // Added later, hence told later: once it has heard, the other one would have heard.
      const staying = await listen(adapter, 'one')
      await leaving.unwatch()
      const heard = leaving.hints.length
      expectDone(await adapter.create(draft('one')), 'a create')
      await staying.until('a create, to those who stay', shows('one', Boolean))
      strictEqual(leaving.hints.length, heard, 'the number of hints after unwatch')
    },
  },
  {
    name: 'watch tells of what another instance writes, once it can be read',
    needs: ['watch', 'peer'],
    async check({ open, peer, listen }) {
      const first = await open()
      const second = await peer(first)
      const ear = await listen(second, 'one')
      const created = expectDone(await first.create(draft('one')), 'a create')
      await ear.until(
        'a create by another instance',
        shows('one', (model) => model?.revision === created.revision),
      )
      const updated = expectDone(await first.update(changed('one', 1)), 'an update')
      await ear.until(
        'an update by another instance',
        shows('one', (model) => model?.revision === updated.revision),
      )
      expectDone(await first.delete('one'), 'a delete')
      await ear.until(
        'a delete by another instance',
        shows('one', (model) => model === undefined),
      )
    },
  },
  {
    name: 'watch tells of another write although this instance wrote just before',
    needs: ['watch', 'peer'],
    async check(scope) {
      await mixedWrites(scope)
    },
  },
  {
    name: 'watch tells nothing after close',
    needs: ['watch', 'close', 'peer'],
    async check({ open, peer, listen }) {
      const first = await open()
      const second = await peer(first)
      const leaving = await listen(first)
      const staying = await listen(second, 'one')
      await first.close()
      const heard = leaving.hints.length
      // Several rounds, since nothing says in which order instances are told.
      expectDone(await second.create(draft('one')), 'a create')
      for (const step of [1, 2, 3]) {
        const { revision } = expectDone(await second.update(changed('one', step)), 'an update')
        await staying.until(
          'an update',
          shows('one', (model) => model?.revision === revision),
        )
      }
      strictEqual(leaving.hints.length, heard, 'the number of hints after close')
    },
  },
]

/** A counter that only remembers the last change would take the other's write for its own. */
async function mixedWrites({ open, peer, listen }: Scope): Promise<void> {
  const first = await open()
  const second = await peer(first)
  const ear = await listen(second, 'theirs')
  expectDone(await first.create(draft('theirs')), 'a create')
  expectDone(await second.create(draft('ours')), 'a create')
  await ear.until('a create by another instance', shows('theirs', Boolean))
}
