import { draft } from '../drafts'
import { expectDone, expectIds, expectModel, expectRejection } from '../expect'
import type { Case, Full } from '../scope'

export const lifecycleCases: readonly Case[] = [
  {
    name: 'init may be called again, at the same time and later',
    needs: ['init'],
    async check({ openRaw }) {
      const adapter = await openRaw()
      await Promise.all([adapter.init(), adapter.init()])
      expectDone(await adapter.create(draft('one')), 'a create')
      await adapter.init()
      await expectIds(adapter, ['one'], 'list after a later init')
    },
  },
  {
    name: 'ping answers while storage can be reached',
    needs: ['ping'],
    async check({ open }) {
      const adapter = await open()
      await adapter.ping()
      await adapter.ping()
    },
  },
  {
    name: 'close may be called again, at the same time and later',
    needs: ['close'],
    async check({ open }) {
      const adapter = await open()
      await Promise.all([adapter.close(), adapter.close()])
      await adapter.close()
    },
  },
  {
    name: 'close may be called before anything else',
    needs: ['close'],
    async check({ openRaw }) {
      const adapter = await openRaw()
      await adapter.close()
      await expectRejection(() => adapter.list(), 'list after close')
    },
  },
  {
    name: 'reads are rejected after close',
    needs: ['close'],
    async check({ open }) {
      const adapter = await closed(await open())
      await expectRejection(() => adapter.list(), 'list after close')
      await expectRejection(() => adapter.get('one'), 'get after close')
    },
  },
  {
    name: 'writes are rejected after close',
    needs: ['close'],
    async check({ open }) {
      const adapter = await closed(await open())
      await expectRejection(() => adapter.create(draft('two')), 'create after close')
      await expectRejection(() => adapter.update(draft('one')), 'update after close')
      await expectRejection(() => adapter.delete('one'), 'delete after close')
    },
  },
  {
    name: 'ping is rejected after close',
    needs: ['close', 'ping'],
    async check({ open }) {
      const adapter = await closed(await open())
      await expectRejection(() => adapter.ping(), 'ping after close')
    },
  },
  {
    name: 'watch is rejected after close',
    needs: ['close', 'watch'],
    async check({ open }) {
      const adapter = await closed(await open())
      await expectRejection(() => adapter.watch(() => {}), 'watch after close')
    },
  },
  {
    name: 'a batch is rejected after close',
    needs: ['close', 'batch'],
    async check({ open }) {
      const adapter = await closed(await open())
      await expectRejection(() => adapter.batch([{ kind: 'delete', id: 'one' }]), 'batch after close')
    },
  },
  {
    name: 'close leaves other instances working',
    needs: ['close', 'peer'],
    async check({ open, peer }) {
      const first = await open()
      const second = await peer(first)
      expectDone(await first.create(draft('one')), 'a create')
      await first.close()
      expectModel(await second.get('one'), draft('one'), 'the model in the other instance')
      expectDone(await second.create(draft('two')), 'a create by the other instance')
      await expectIds(second, ['one', 'two'], 'list of the other instance')
    },
  },
  {
    name: 'two instances may be initialised at the same time',
    needs: ['init', 'peer'],
    async check({ openRaw, peerRaw }) {
      const first = await openRaw()
      const second = await peerRaw(first)
      await Promise.all([first.init(), second.init()])
      expectDone(await first.create(draft('one')), 'a create by the first')
      expectDone(await second.create(draft('two')), 'a create by the second')
      for (const adapter of [first, second]) await expectIds(adapter, ['one', 'two'], 'list')
    },
  },
  {
    name: 'an instance that joins later leaves what is there',
    needs: ['peer'],
    async check({ open, peer }) {
      const first = await open()
      expectDone(await first.create(draft('one')), 'a create')
      await expectIds(await peer(first), ['one'], 'list of the one who joins')
      await expectIds(first, ['one'], 'list of the one who was there')
    },
  },
]

async function closed(adapter: Full): Promise<Full> {
  expectDone(await adapter.create(draft('one')), 'a create')
  await adapter.close()
  return adapter
}
