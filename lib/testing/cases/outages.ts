import { changed, draft } from '../drafts'
import { shows } from '../ear'
import { contents, expectDone, expectIds, expectRejection, expectUnchanged } from '../expect'
import type { Case } from '../scope'

export const outageCases: readonly Case[] = [
  {
    name: 'reads are rejected while storage cannot be reached, and work again after',
    needs: ['outage'],
    async check({ open, outage }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      const before = await contents(adapter)
      const heal = await outage(adapter)
      // An empty list would tell the core that every model was deleted.
      await expectRejection(() => adapter.list(), 'list in an outage')
      await expectRejection(() => adapter.get('one'), 'get in an outage')
      await expectRejection(() => adapter.get('unknown'), 'get of an unknown id in an outage')
      await heal()
      expectUnchanged(await contents(adapter), before, 'an outage')
    },
  },
  {
    name: 'writes are rejected while storage cannot be reached, and work again after',
    needs: ['outage'],
    async check({ open, outage }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('one')), 'a create')
      const before = await contents(adapter)
      const heal = await outage(adapter)
      await expectRejection(() => adapter.create(draft('two')), 'create in an outage')
      await expectRejection(() => adapter.create(draft('one')), 'create of an id that exists in an outage')
      await expectRejection(() => adapter.update(changed('one', 1)), 'update in an outage')
      await expectRejection(() => adapter.delete('one'), 'delete in an outage')
      await heal()
      expectUnchanged(await contents(adapter), before, 'a rejected write')
      expectDone(await adapter.create(draft('two')), 'a create after an outage')
      await expectIds(adapter, ['one', 'two'], 'list')
    },
  },
  {
    name: 'a batch is rejected while storage cannot be reached',
    needs: ['batch', 'outage'],
    async check({ open, outage }) {
      const adapter = await open()
      const heal = await outage(adapter)
      const writes = [{ kind: 'create' as const, draft: draft('one') }]
      await expectRejection(() => adapter.batch(writes), 'batch in an outage')
      await heal()
      await expectIds(adapter, [], 'list')
    },
  },
  {
    name: 'ping is rejected while storage cannot be reached',
    needs: ['ping', 'outage'],
    async check({ open, outage }) {
      const adapter = await open()
      const heal = await outage(adapter)
      await expectRejection(() => adapter.ping(), 'ping in an outage')
      await heal()
      await adapter.ping()
    },
  },
  {
    name: 'an init that failed is tried again',
    needs: ['init', 'outage'],
    async check({ openRaw, outage }) {
      const adapter = await openRaw()
      const heal = await outage(adapter)
      try {
        await adapter.init()
      } catch {
        // An adapter that connects later may as well resolve.
      }
      await heal()
      await adapter.init()
      expectDone(await adapter.create(draft('one')), 'a create')
    },
  },
  {
    name: 'watch goes on after an outage',
    needs: ['watch', 'outage'],
    async check({ open, outage, listen }) {
      const adapter = await open()
      const ear = await listen(adapter, 'one')
      const heal = await outage(adapter)
      await expectRejection(() => adapter.list(), 'list in an outage')
      await heal()
      expectDone(await adapter.create(draft('one')), 'a create')
      await ear.until('a create after an outage', shows('one', Boolean))
    },
  },
]
