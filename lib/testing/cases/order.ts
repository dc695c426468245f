import { changed, draft, recreated, times } from '../drafts'
import { expectBatchDone, expectDone, expectIds } from '../expect'
import type { Case, Full } from '../scope'

/** Neither sorted by id nor against it, all made in the same millisecond. */
const ids = ['mm', 'zz', 'aa', '10', '9', 'Zz', 'b', '٣']

export const orderCases: readonly Case[] = [
  {
    name: 'lists in creation order',
    async check({ open }) {
      const adapter = await open()
      await createAll(adapter, ids)
      await expectIds(adapter, ids, 'list')
    },
  },
  {
    name: 'lists more models than one page holds',
    async check({ open }) {
      const adapter = await open()
      const many = times(120, (index) => `model-${index}`)
      await createAll(adapter, many)
      await expectIds(adapter, many, 'list')
    },
  },
  {
    name: 'an update leaves the order as it is',
    async check({ open }) {
      const adapter = await open()
      await createAll(adapter, ids)
      for (const [step, id] of ['zz', 'mm', '9'].entries()) {
        expectDone(await adapter.update(changed(id, step)), 'an update')
        await expectIds(adapter, ids, `list after the update of ${id}`)
      }
    },
  },
  {
    name: 'a delete leaves the others in order, and who comes again is last',
    async check({ open }) {
      const adapter = await open()
      await createAll(adapter, ids)
      expectDone(await adapter.delete('zz'), 'a delete')
      const others = ids.filter((id) => id !== 'zz')
      await expectIds(adapter, others, 'list after a delete')
      expectDone(await adapter.create(recreated('zz')), 'a create')
      await expectIds(adapter, [...others, 'zz'], 'list after a create of the same id')
    },
  },
  {
    name: 'a batch creates in its order',
    needs: ['batch'],
    async check({ open }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('first')), 'a create')
      expectBatchDone(await adapter.batch(ids.map((id) => ({ kind: 'create', draft: draft(id) }))), 'a batch')
      await expectIds(adapter, ['first', ...ids], 'list')
    },
  },
]

async function createAll(adapter: Full, all: readonly string[]): Promise<void> {
  for (const id of all) expectDone(await adapter.create(draft(id)), `a create of ${id}`)
}
