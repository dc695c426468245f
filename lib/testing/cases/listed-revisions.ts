import { deepStrictEqual, strictEqual } from 'node:assert'
import { changed, draft, recreated } from '../drafts'
import { expectBatchDone, expectDone, expectRejection } from '../expect'
import type { Case, Full, Need } from '../scope'

const needs: readonly Need[] = ['revisions']

/** A model whose revision is told as it was is not read again: its changes stay hidden. */
export const listedRevisionCases: readonly Case[] = [
  {
    name: 'the revisions are those of list, in its order, after every change',
    needs,
    async check({ open }) {
      const adapter = await open()
      await expectListed(adapter, 'an empty store')
      for (const id of ['mm', 'zz', 'aa']) expectDone(await adapter.create(draft(id)), 'a create')
      await expectListed(adapter, 'creates')
      expectDone(await adapter.update(changed('zz', 1)), 'an update')
      await expectListed(adapter, 'an update')
      expectDone(await adapter.delete('mm'), 'a delete')
      await expectListed(adapter, 'a delete')
      expectDone(await adapter.create(recreated('mm')), 'a create')
      await expectListed(adapter, 'a create of the same id')
    },
  },
  {
    name: 'the revisions are those of list after a batch',
    needs: [...needs, 'batch'],
    async check({ open }) {
      const adapter = await open()
      const creates = ['zz', 'aa'].map((id) => ({ kind: 'create', draft: draft(id) }) as const)
      expectBatchDone(await adapter.batch(creates), 'a batch')
      await expectListed(adapter, 'a batch')
    },
  },
  {
    name: 'the revisions are those of list after a change by another instance',
    needs: [...needs, 'peer'],
    async check({ open, peer }) {
      const adapter = await open()
      const other = await peer(adapter)
      expectDone(await adapter.create(draft('one')), 'a create')
      await expectListed(other, 'a create by another instance')
      expectDone(await other.update(changed('one', 1)), 'an update')
      await expectListed(adapter, 'an update by another instance')
      expectDone(await other.delete('one'), 'a delete')
      await expectListed(adapter, 'a delete by another instance')
    },
  },
  {
    name: 'the revisions of some ids are those of the models that there are',
    needs,
    async check({ open }) {
      const adapter = await open()
      for (const id of ['one', 'two', 'three']) expectDone(await adapter.create(draft(id)), 'a create')
      expectDone(await adapter.update(changed('two', 1)), 'an update')
      const told = await adapter.revisions(['three', 'none', 'two'])
      const revisions = new Map(told.map(({ id, revision }) => [id, revision]))
      for (const id of ['two', 'three'])
        strictEqual(revisions.get(id), (await adapter.get(id))?.revision, `the revision of ${id}`)
      strictEqual(revisions.has('none'), false, 'the revision of a model that is not there')
      deepStrictEqual([...(await adapter.revisions([]))], [], 'the revisions of no ids')
    },
  },
  {
    name: 'the revisions are rejected after close',
    needs: [...needs, 'close'],
    async check({ open }) {
      const adapter = await open()
      await adapter.revisions()
      await adapter.close()
      await expectRejection(() => adapter.revisions(), 'revisions after close')
    },
  },
  {
    name: 'the revisions are rejected while storage cannot be reached',
    needs: [...needs, 'outage'],
    async check({ open, outage }) {
      const adapter = await open()
      await adapter.revisions()
      const heal = await outage(adapter)
      await expectRejection(() => adapter.revisions(), 'revisions in an outage')
      await heal()
      await adapter.revisions()
    },
  },
]

async function expectListed(adapter: Full, what: string): Promise<void> {
  const listed = (await adapter.list()).map(({ id, revision }) => ({ id, revision }))
  const told = await adapter.revisions()
  deepStrictEqual(
    told.map(({ id, revision }) => ({ id, revision })),
    listed,
    `the revisions after ${what}`,
  )
}
