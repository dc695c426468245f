import { strictEqual } from 'node:assert'
import { changed, draft, recreated } from '../drafts'
import { contents, expectDone, expectIds, expectRefused, expectUnchanged } from '../expect'
import type { Case, Full } from '../scope'

export const refusalCases: readonly Case[] = [
  {
    name: 'create of an id that exists is refused and changes nothing',
    async check({ open }) {
      const adapter = await open()
      await createTwo(adapter)
      const before = await contents(adapter)
      expectRefused(await adapter.create(recreated('one')), 'exists', 'a second create')
      expectUnchanged(await contents(adapter), before, 'a refused create')
    },
  },
  {
    name: 'update with an older revision is refused and changes nothing',
    async check({ open }) {
      const adapter = await open()
      const first = await createTwo(adapter)
      expectDone(await adapter.update(changed('one', 1), { ifRevision: first }), 'an update')
      const before = await contents(adapter)
      for (const ifRevision of [first, 'never-was', '', `${first} `]) {
        expectRefused(await adapter.update(changed('one', 2), { ifRevision }), 'stale', 'a stale update')
      }
      expectUnchanged(await contents(adapter), before, 'a stale update')
    },
  },
  {
    name: 'update with the revision of another model is refused',
    async check({ open }) {
      const adapter = await open()
      await createTwo(adapter)
      expectDone(await adapter.update(changed('one', 1)), 'an update')
      const { revision } = expectDone(await adapter.update(changed('one', 2)), 'an update')
      expectRefused(await adapter.update(changed('two', 1), { ifRevision: revision }), 'stale', 'an update')
    },
  },
  {
    name: 'delete with an older revision is refused and changes nothing',
    async check({ open }) {
      const adapter = await open()
      const first = await createTwo(adapter)
      expectDone(await adapter.update(changed('one', 1)), 'an update')
      const before = await contents(adapter)
      for (const ifRevision of [first, 'never-was', '']) {
        expectRefused(await adapter.delete('one', { ifRevision }), 'stale', 'a stale delete')
      }
      expectUnchanged(await contents(adapter), before, 'a stale delete')
    },
  },
  {
    name: 'update of a missing model is refused and creates nothing',
    async check({ open }) {
      const adapter = await open()
      const revision = await createTwo(adapter)
      expectRefused(await adapter.update(changed('three', 1)), 'missing', 'an update')
      const conditional = await adapter.update(changed('three', 1), { ifRevision: revision })
      expectRefused(conditional, 'missing', 'a conditional update')
      strictEqual(await adapter.get('three'), undefined, 'get of the missing model')
      await expectIds(adapter, ['one', 'two'], 'list')
    },
  },
  {
    name: 'delete of a missing model is refused, the second time too',
    async check({ open }) {
      const adapter = await open()
      const revision = await createTwo(adapter)
      expectRefused(await adapter.delete('three'), 'missing', 'a delete')
      expectDone(await adapter.delete('one'), 'a delete')
      expectRefused(await adapter.delete('one'), 'missing', 'a second delete')
      const conditional = await adapter.delete('one', { ifRevision: revision })
      expectRefused(conditional, 'missing', 'a conditional delete of what is gone')
      await expectIds(adapter, ['two'], 'list')
    },
  },
]

/** Gives the revision of `one`. */
async function createTwo(adapter: Full): Promise<string> {
  const { revision } = expectDone(await adapter.create(draft('one')), 'a create')
  expectDone(await adapter.create(draft('two')), 'a create')
  return revision
}
