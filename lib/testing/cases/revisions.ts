import { notStrictEqual, ok, strictEqual } from 'node:assert'
import type { ModelDraft } from '../../adapters/adapter'
import { deployment, draft, later, recreated } from '../drafts'
import { expectDone, expectModel, expectRefused } from '../expect'
import type { Case } from '../scope'

/** Each differs from a fresh draft in one member only. */
const changes: readonly (readonly [what: string, change: Partial<ModelDraft>])[] = [
  ['model_name', { deployment: { ...deployment(), model_name: 'other' } }],
  ['a parameter', { deployment: deployment({ rpm: 1 }) }],
  ['model_info', { deployment: { ...deployment(), model_info: { description: 'other' } } }],
  ['an unknown key', { deployment: { ...deployment(), extra: 1 } }],
  ['blocked', { blocked: true }],
  ['updatedAt', { updatedAt: later(1) }],
  ['updatedBy', { updatedBy: null }],
]

export const revisionCases: readonly Case[] = [
  {
    name: 'a revision stays as it is while nothing is written',
    async check({ open }) {
      const adapter = await open()
      const { revision } = expectDone(await adapter.create(draft('one')), 'a create')
      for (let read = 1; read <= 3; read += 1) {
        strictEqual((await adapter.get('one'))?.revision, revision, `the revision of get, read ${read}`)
        strictEqual((await adapter.list())[0]?.revision, revision, `the revision of list, read ${read}`)
      }
    },
  },
  ...changes.map(([what, change]): Case => ({
    name: `a revision differs after a change of ${what}`,
    async check({ open }) {
      const adapter = await open()
      const created = expectDone(await adapter.create(draft('one')), 'a create')
      const updated = expectDone(await adapter.update(draft('one', change)), 'an update')
      notStrictEqual(updated.revision, created.revision, 'the revision after the update')
      strictEqual((await adapter.get('one'))?.revision, updated.revision, 'the revision of get')
      strictEqual((await adapter.list())[0]?.revision, updated.revision, 'the revision of list')
    },
  })),
  {
    name: 'a revision never comes back, even if the id is deleted and created again',
    async check({ open }) {
      const adapter = await open()
      const old = new Set<string>()
      for (let round = 1; round <= 3; round += 1) {
        const made = { ...recreated('one'), createdAt: later(round), updatedAt: later(round) }
        const { revision } = expectDone(await adapter.create(made), 'a create')
        ok(!old.has(revision), 'the revision after another create of the same id is new')
        for (const ifRevision of old) {
          expectRefused(await adapter.update(draft('one'), { ifRevision }), 'stale', 'an update')
          expectRefused(await adapter.delete('one', { ifRevision }), 'stale', 'a delete')
        }
        expectModel(await adapter.get('one'), made, 'the model after stale writes')
        old.add(revision)
        expectDone(await adapter.delete('one'), 'a delete')
      }
    },
  },
]
