import type { ModelAdapter, ModelDraft } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { Rotation } from '../../lib/adapters/rotate'
import { sealed } from '../../lib/adapters/sealed'
import { draft } from '../support/draft'

const older = { id: 'old', secret: 'the old secret, long enough' }
const newer = { id: 'new', secret: 'the new secret, long enough' }

function change(id: string, step: number): ModelDraft {
  const deployment = { model_name: `m${step}`, litellm_params: { model: 'x', step }, model_info: {} }
  return draft(id, { deployment, updatedAt: `2026-02-02T03:04:${step}`, updatedBy: `ben-${step}` })
}

const without = (model: object | undefined, ...names: string[]): object =>
  Object.fromEntries(Object.entries(model ?? {}).filter(([name]) => !names.includes(name)))

async function filled(count: number) {
  const raw = memoryAdapter()
  const before = sealed(raw, { keys: [older] })
  const ids = Array.from({ length: count }, (_, index) => `id-${index}`)
  for (const [index, id] of ids.entries())
    await before.create({ ...change(id, index), blocked: index % 2 === 0, createdBy: null })
  return { raw, before, ids, after: sealed(raw, { keys: [newer, older] }) }
}

test('I8 changes the sealed text and the revision, and nothing else', async () => {
  const { raw, before, after } = await filled(4)
  const [listed, stored] = [await before.list(), await raw.list()]
  await after.rotate()
  expect((await raw.list()).map((model) => without(model, 'deployment', 'revision'))).toEqual(
    stored.map((model) => without(model, 'deployment', 'revision')),
  )
  const alone = sealed(raw, { keys: [newer] })
  expect((await alone.list()).map((model) => without(model, 'revision'))).toEqual(
    listed.map((model) => without(model, 'revision')),
  )
})

test('I7 tells its progress, keeps what is sealed with the first key, and seals what is plain', async () => {
  const { raw, after } = await filled(2)
  await after.create(draft('new'))
  await raw.create(draft('plain'))
  const progress: Rotation[] = []
  const rotation = await after.rotate((state) => progress.push(state))
  expect(progress).toEqual([
    { rotated: 1, kept: 0, failed: [], total: 4 },
    { rotated: 2, kept: 0, failed: [], total: 4 },
    { rotated: 2, kept: 1, failed: [], total: 4 },
    { rotated: 3, kept: 1, failed: [], total: 4 },
  ])
  expect(rotation).toEqual(progress.at(-1))
  expect(await after.rotate()).toEqual({ rotated: 0, kept: 4, failed: [], total: 4 })
})

test('a model that cannot be opened is named and left as it is', async () => {
  const { raw, after } = await filled(1)
  await sealed(raw, { keys: 'a secret that is lost by now' }).create(draft('lost'))
  await raw.create({ ...draft('odd'), deployment: 'odd' as unknown as ModelDraft['deployment'] })
  const [, lost, odd] = await raw.list()
  expect(await after.rotate()).toEqual({ rotated: 1, kept: 0, failed: ['lost', 'odd'], total: 3 })
  expect((await raw.list()).slice(1)).toEqual([lost, odd])
})

test('I7 writes of others in between are not lost, by whichever key they seal', async () => {
  const { raw, before, after, ids } = await filled(20)
  const expected = new Map<string, number | undefined>(ids.map((id, index) => [id, index]))
  let step = 100
  /** Just before each write of the rotation others write the same model, or delete it, or let it be. */
  async function interfere(id: string): Promise<void> {
    step += 1
    const what = ['nothing', 'old key', 'new key', 'delete', 'nothing'][step % 5]
    if (what === 'nothing') return
    expected.set(id, what === 'delete' ? undefined : step)
    if (what === 'delete') await raw.delete(id)
    else await (what === 'old key' ? before : after).update(change(id, step))
  }
  const busy: ModelAdapter = {
    ...raw,
    async update(given, condition) {
      await interfere(given.id)
      return raw.update(given, condition)
    },
  }
  const { rotated, kept, failed } = await sealed(busy, { keys: [newer, older] }).rotate()
  expect([rotated + kept, failed]).toEqual([20, []])
  const now = await sealed(raw, { keys: [newer] }).list()
  const left = [...expected].filter(([, value]) => value !== undefined)
  expect(left.length).toBeLessThan(20)
  expect(now.map(({ id, deployment }) => [id, (deployment as ModelDraft['deployment']).model_name])).toEqual(
    left.map(([id, value]) => [id, `m${value}`]),
  )
  expect(now.map(({ updatedBy }) => updatedBy)).toEqual(left.map(([, value]) => `ben-${value}`))
})

test('a storage whose revisions never fit is reported, not tried for ever', async () => {
  const { raw } = await filled(1)
  const never: ModelAdapter = { ...raw, update: () => Promise.resolve({ ok: false, reason: 'stale' }) }
  expect(await sealed(never, { keys: [newer, older] }).rotate()).toMatchObject({ failed: ['id-0'] })
})

test('broken off by an outage, it goes on where it was', async () => {
  const { raw } = await filled(4)
  let writes = 0
  const flaky: ModelAdapter = {
    ...raw,
    update: (...given) => (++writes === 3 ? Promise.reject(new Error('gone')) : raw.update(...given)),
  }
  const adapter = sealed(flaky, { keys: [newer, older] })
  await expect(adapter.rotate()).rejects.toThrow('gone')
  expect(await adapter.rotate()).toEqual({ rotated: 2, kept: 2, failed: [], total: 4 })
})
