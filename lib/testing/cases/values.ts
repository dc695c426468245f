import { strictEqual } from 'node:assert'
import type { ModelDraft } from '../../adapters/adapter'
import type { JsonObject, JsonValue } from '../../json'
import { awkwardValues } from '../awkward-values'
import { deployment, draft, later } from '../drafts'
import { expectDone, expectIds, expectModel, expectSame } from '../expect'
import type { Case, Full } from '../scope'

export const valueCases: readonly Case[] = [
  {
    name: 'an empty store lists as an empty list',
    async check({ open }) {
      const adapter = await open()
      expectSame(await adapter.list(), [], 'the list of an empty store')
    },
  },
  {
    name: 'an unknown id is undefined',
    async check({ open }) {
      const adapter = await open()
      expectDone(await adapter.create(draft('known')), 'a create')
      for (const id of ['unknown', '', 'know', 'known2', 'Known', 'k%', '*']) {
        strictEqual(await adapter.get(id), undefined, `get(${JSON.stringify(id)})`)
      }
    },
  },
  ...awkwardValues.map(([description, value]): Case => ({
    name: `keeps ${description}`,
    async check({ open }) {
      const adapter = await open()
      await keeps(adapter, draft('created', { deployment: holding(value) }))
      expectDone(await adapter.create(draft('updated')), 'a create')
      await keepsUpdate(adapter, draft('updated', { deployment: holding(value) }))
    },
  })),
  {
    name: 'keeps the order of keys',
    async check({ open }) {
      const adapter = await open()
      const params = { zeta: 1, alpha: { y: 1, x: 2, b: 3, a: 4 }, mid: [{ q: 1, c: 2 }] }
      expectDone(await adapter.create(draft('one', { deployment: deployment(params) })), 'a create')
      const expected = JSON.stringify(deployment(params))
      strictEqual(JSON.stringify((await adapter.get('one'))?.deployment), expected, 'the deployment of get')
      strictEqual(JSON.stringify((await adapter.list())[0]?.deployment), expected, 'the deployment of list')
    },
  },
  {
    name: 'keeps whether a model is blocked',
    async check({ open }) {
      const adapter = await open()
      await keeps(adapter, draft('blocked', { blocked: true }))
      await keeps(adapter, draft('free', { blocked: false }))
      await keepsUpdate(adapter, draft('free', { blocked: true }))
      await keepsUpdate(adapter, draft('blocked', { blocked: false }))
    },
  },
  {
    name: 'keeps the audit fields as the core stamped them',
    async check({ open }) {
      const adapter = await open()
      const audit = {
        createdAt: '1999-12-31T23:59:59.999Z',
        createdBy: 'Zoë <zoe@example.com>',
        updatedAt: '2031-05-06T07:08:09.010Z',
        updatedBy: 'o\'brien; -- "x"',
      }
      await keeps(adapter, draft('one', audit))
      await keepsUpdate(adapter, draft('one', { ...audit, updatedAt: later(1), updatedBy: '' }))
    },
  },
  {
    name: 'keeps it when nobody is named in the audit fields',
    async check({ open }) {
      const adapter = await open()
      await keeps(adapter, draft('nobody', { createdBy: null, updatedBy: null }))
      await keeps(adapter, draft('somebody'))
      await keepsUpdate(adapter, draft('somebody', { createdBy: null, updatedBy: null }))
    },
  },
  {
    name: 'tells ids apart exactly',
    async check({ open }) {
      const adapter = await open()
      const ids = [
        'id', 'ID', 'Id', 'id ', ' id', 'i%', 'i_', "id'; --", 'a/b', 'a.b', '../id', '\u00e9', 'e\u0301', '7', '07', '1e3',
        'null', 'constructor', '💡', 'x'.repeat(200),
      ] // prettier-ignore
      for (const id of ids) expectDone(await adapter.create(draft(id)), `a create of ${JSON.stringify(id)}`)
      for (const id of ids) expectModel(await adapter.get(id), draft(id), JSON.stringify(id))
      await expectIds(adapter, ids, 'list')
      expectDone(await adapter.delete('Id'), 'a delete')
      await expectIds(
        adapter,
        ids.filter((id) => id !== 'Id'),
        'list after a delete',
      )
    },
  },
  {
    name: 'keeps several models of one model_name',
    async check({ open }) {
      const adapter = await open()
      for (const id of ['one', 'two', 'three']) await keeps(adapter, draft(id))
      await expectIds(adapter, ['one', 'two', 'three'], 'list')
    },
  },
]

/** At each place where a deployment can hold it. */
function holding(value: JsonValue): ModelDraft['deployment'] {
  const nested: JsonObject = { list: [value, [value]], object: { value } }
  const { model_name, litellm_params, model_info } = deployment()
  return {
    model_name,
    litellm_params: { ...litellm_params, value },
    model_info: { ...model_info, nested },
    extra: value,
  }
}

async function keeps(adapter: Full, created: ModelDraft): Promise<void> {
  expectModel(expectDone(await adapter.create(created), 'a create'), created, 'the answer of create')
  await reads(adapter, created)
}

async function keepsUpdate(adapter: Full, updated: ModelDraft): Promise<void> {
  expectModel(expectDone(await adapter.update(updated), 'an update'), updated, 'the answer of update')
  await reads(adapter, updated)
}

async function reads(adapter: Full, expected: ModelDraft): Promise<void> {
  expectModel(await adapter.get(expected.id), expected, 'the answer of get')
  const listed = (await adapter.list()).find(({ id }) => id === expected.id)
  expectModel(listed, expected, 'the member of list')
}
