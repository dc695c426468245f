import { match, notStrictEqual, strictEqual } from 'node:assert'
import { changed, draft, recreated } from '../drafts'
import { expectBatchDone, expectDone, expectRejection } from '../expect'
import type { Case, Full, Need } from '../scope'

const needs: readonly Need[] = ['version']

/** While the version is the same nothing is listed anew: one that stays where it should not hides changes for good. */
export const versionCases: readonly Case[] = [
  {
    name: 'the version is a text that stays as it is while nothing is written',
    needs,
    async check({ open }) {
      const adapter = await open()
      for (const what of ['an empty store', 'a store with a model']) {
        const version: unknown = await adapter.version()
        strictEqual(typeof version, 'string', `the type of the version of ${what}`)
        match(String(version), /./, `the version of ${what}`)
        await adapter.list()
        await adapter.get('one')
        strictEqual(await adapter.version(), version, `the version of ${what}, asked again`)
        expectDone(await adapter.create(draft(what)), 'a create')
      }
    },
  },
  {
    name: 'the version differs after every change of a model',
    needs,
    async check({ open }) {
      const adapter = await open()
      const differs = watching(adapter)
      await differs('creates', async () => expectDone(await adapter.create(draft('one')), 'a create'))
      await differs('another create', async () => expectDone(await adapter.create(draft('two')), 'a create'))
      await differs('an update', async () => expectDone(await adapter.update(changed('one', 1)), 'an update'))
      await differs('an update back', async () => expectDone(await adapter.update(draft('one')), 'an update'))
      const blocked = draft('two', { blocked: true })
      await differs('blocking', async () => expectDone(await adapter.update(blocked), 'an update'))
      await differs('a delete', async () => expectDone(await adapter.delete('one'), 'a delete'))
      const again = recreated('one')
      await differs('a create of the same id', async () =>
        expectDone(await adapter.create(again), 'a create'),
      )
      await differs('a delete of the oldest', async () => expectDone(await adapter.delete('two'), 'a delete'))
      await differs('the last delete', async () => expectDone(await adapter.delete('one'), 'a delete'))
    },
  },
  {
    name: 'the version differs after a batch',
    needs: [...needs, 'batch'],
    async check({ open }) {
      const adapter = await open()
      const differs = watching(adapter)
      await differs('a batch', async () => {
        const writes = ['one', 'two'].map((id) => ({ kind: 'create', draft: draft(id) }) as const)
        expectBatchDone(await adapter.batch(writes), 'a batch')
      })
      await differs('a batch of one delete', async () => {
        expectBatchDone(await adapter.batch([{ kind: 'delete', id: 'one' }]), 'a batch')
      })
    },
  },
  {
    name: 'the version differs after a change by another instance',
    needs: [...needs, 'peer'],
    async check({ open, peer }) {
      const first = await open()
      const second = await peer(first)
      for (const [reader, writer] of [[first, second], [second, first]] as const) {
        const differs = watching(reader)
        const by = 'by another instance'
        await differs(`a create ${by}`, async () => expectDone(await writer.create(draft('one')), 'a create'))
        await differs(`an update ${by}`, async () => {
          expectDone(await writer.update(changed('one', 1)), 'an update')
        })
        await differs(`a delete ${by}`, async () => expectDone(await writer.delete('one'), 'a delete'))
      } // prettier-ignore
    },
  },
  {
    name: 'the version is rejected after close',
    needs: [...needs, 'close'],
    async check({ open }) {
      const adapter = await open()
      await adapter.version()
      await adapter.close()
      await expectRejection(() => adapter.version(), 'version after close')
    },
  },
  {
    name: 'the version is rejected while storage cannot be reached',
    needs: [...needs, 'outage'],
    async check({ open, outage }) {
      const adapter = await open()
      await adapter.version()
      const heal = await outage(adapter)
      // The same one would tell the core that all is well.
      await expectRejection(() => adapter.version(), 'version in an outage')
      await heal()
      await adapter.version()
    },
  },
]

/** Does one thing after the other and expects another version each time. */
function watching(adapter: Full): (what: string, work: () => Promise<unknown>) => Promise<void> {
  return async (what, work) => {
    const before = await adapter.version()
    await work()
    notStrictEqual(await adapter.version(), before, `the version after ${what}`)
  }
}
