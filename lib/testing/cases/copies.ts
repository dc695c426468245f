import { changed, deployment, draft } from '../drafts'
import { expectBatchDone, expectDone, expectModel } from '../expect'
import type { Case } from '../scope'

export const copyCases: readonly Case[] = [
  {
    name: 'what was passed in may be changed afterwards',
    async check({ open }) {
      const adapter = await open()
      const created = draft('one', { deployment: deployment({ nested: { list: [1] } }) })
      expectDone(await adapter.create(created), 'a create')
      spoil(created)
      const expected = draft('one', { deployment: deployment({ nested: { list: [1] } }) })
      expectModel(await adapter.get('one'), expected, 'the model after its draft was changed')
      const updated = changed('one', 1)
      expectDone(await adapter.update(updated), 'an update')
      spoil(updated)
      expectModel(
        await adapter.get('one'),
        changed('one', 1),
        'the model after the draft of its update was changed',
      )
    },
  },
  {
    name: 'what was handed out may be changed',
    async check({ open }) {
      const adapter = await open()
      spoil(expectDone(await adapter.create(draft('one')), 'a create'))
      expectModel(await adapter.get('one'), draft('one'), 'the model after the answer of create was changed')
      spoil(await adapter.get('one'))
      expectModel(await adapter.get('one'), draft('one'), 'the model after the answer of get was changed')
      const list = await adapter.list()
      spoil(list[0])
      attempt(() => Reflect.set(list, 'length', 0))
      expectModel((await adapter.list())[0], draft('one'), 'the model after the answer of list was changed')
      spoil(expectDone(await adapter.update(changed('one', 1)), 'an update'))
      expectModel(
        await adapter.get('one'),
        changed('one', 1),
        'the model after the answer of update was changed',
      )
    },
  },
  {
    name: 'what was passed in is left as it was',
    async check({ open }) {
      const adapter = await open()
      const [created, updated] = [frozen(draft('one')), frozen(changed('one', 1))]
      expectDone(await adapter.create(created), 'a create of a frozen draft')
      expectDone(await adapter.update(updated, Object.freeze({})), 'an update to a frozen draft')
      const plain = draft('two')
      expectDone(await adapter.create(plain), 'a create')
      if (Object.isFrozen(plain) || Object.isFrozen(plain.deployment))
        throw new Error('create froze its draft')
    },
  },
  {
    name: 'what was passed to a batch or handed out by it may be changed',
    needs: ['batch'],
    async check({ open }) {
      const adapter = await open()
      const created = draft('one')
      const models = expectBatchDone(await adapter.batch([{ kind: 'create', draft: created }]), 'a batch')
      spoil(created)
      spoil(models[0])
      expectModel(
        await adapter.get('one'),
        draft('one'),
        'the model after the batch and its answer were changed',
      )
    },
  },
]

/** Changes everything at every depth. A frozen value is as good as a copy, so being refused is fine. */
export function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    spoil(member)
    if (typeof member !== 'object' || member === null) attempt(() => Reflect.set(value, key, 'spoilt'))
  }
  attempt(() => Reflect.set(value, 'added', 'spoilt'))
}

function attempt(change: () => unknown): void {
  try {
    change()
  } catch {
    // Setters may refuse by throwing.
  }
}

export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member)
    Object.freeze(value)
  }
  return value
}
