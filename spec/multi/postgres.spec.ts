import { allReady, eventually, startInstances, stopInstances, type Instance } from '../support/instances'
import { journal, type Journal } from '../support/journal'
import { testDatabase } from '../support/postgres-database'
import { scaled } from '../support/scaled'

const database = testDatabase()
afterEach(stopInstances)

const steps = scaled({ usual: 600, long: 2000 })
/** Each works on models of its own, so that it knows what must be there; all of them at once. */
const lanes = 4
const boundMs = 1000

interface Model {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly blocked: boolean
}

interface Shown {
  readonly model_name: string
  readonly model_info: { readonly id: string; readonly version: number; readonly blocked?: boolean }
}

const shownIn = (text: string): readonly Shown[] => (JSON.parse(text) as { data: Shown[] }).data

test(
  `A1-A5, A9, A10, M1: ${steps} writes over three gateways on one Postgres, with readers on all of them`,
  async () => {
    const instances = await startInstances(3, { store: { kind: 'postgres', options: { url: database.url } } })
    await allReady(instances)
    const notes = journal(boundMs)
    const work = new AbortController()
    const readers = instances.map((instance, at) => readLists(instance, `instance ${at}`, notes, work.signal))
    const kept = await Promise.all(
      Array.from({ length: lanes }, (_, lane) => alternate(instances, lane, Math.ceil(steps / lanes), notes)),
    ).finally(() => work.abort())
    await Promise.all(readers)
    expect(notes.complaints).toEqual([])
    expect(notes.checked).toBeGreaterThan(100)

    // A2, A5: nothing was written for a moment; now all of them show the table, byte for byte and in its order.
    const rows = await database.query(
      'select id, deployment, blocked from express_model_management_models order by created_at, sequence',
    )
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(kept.flat().map(({ id }) => id)))
    const lists = await eventually(
      boundMs,
      () => Promise.all(instances.map((instance) => instance.ask('/model/info'))),
      (answers) => new Set(answers.map(({ text }) => text)).size === 1,
    )
    expect(new Set(lists.map(({ etag }) => etag)).size).toBe(1)
    const shown = shownIn(lists[0]!.text)
    expect(shown.map(({ model_info: { id } }) => id)).toEqual(rows.map(({ id }) => id))
    for (const { id, name, version, blocked } of kept.flat()) {
      const row = rows.find((each) => each['id'] === id)
      const model = shown.find((each) => each.model_info.id === id)
      expect(model).toMatchObject({ model_name: name, model_info: { version } })
      expect(row).toMatchObject({ blocked, deployment: { model_name: name, model_info: { version } } })
      for (const instance of instances) {
        const resolved = blocked ? { ids: [] } : { outcome: 'found', ids: [id] }
        expect(await instance.json(`/resolve/${name}`)).toMatchObject(resolved)
      }
    }
    for (const path of ['/v1/models', '/model_group/info', '/v2/model/info?size=100']) {
      const answers = await Promise.all(instances.map((instance) => instance.ask(path)))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    }

    // A3: the last model goes too, and everywhere.
    await Promise.all(kept.flat().map(({ id }) => instances[0]!.json('/model/delete', { id })))
    for (const instance of instances)
      await eventually(
        boundMs,
        () => instance.ask('/model/info'),
        ({ text }) => text === '{"data":[]}',
      )
  },
  scaled({ usual: 60_000, long: 180_000 }),
)

test('M2: patches of different fields, sent to three gateways at once, all survive', async () => {
  const instances = await startInstances(3, {
    store: { kind: 'postgres', options: { url: database.url, schema: 'patches' } },
  })
  await allReady(instances)
  const body = {
    model_name: 'shared',
    litellm_params: { model: 'openai/gpt-4o' },
    model_info: { id: 'shared' },
  }
  await instances[0]!.json('/model/new', body)
  const fields = Array.from({ length: 60 }, (_, at) => `field_${at}`)
  await Promise.all(
    fields.map((field, at) =>
      instances[at % 3]!.json('/model/shared/update', { model_info: { [field]: at } }, 'PATCH'),
    ),
  )
  const expected = Object.fromEntries(fields.map((field, at) => [field, at]))
  for (const instance of instances) {
    const [model] = shownIn((await instance.ask('/model/info?litellm_model_id=shared')).text)
    expect(model?.model_info).toMatchObject(expected)
  }
}, 30_000)

/** Creates, updates, renames, blocks and deletes, each through the next instance, and reads back from all of them. */
async function alternate(
  instances: readonly Instance[],
  lane: number,
  count: number,
  notes: Journal,
): Promise<readonly Model[]> {
  let models: Model[] = []
  for (let step = 0; step < count; step += 1) {
    const instance = instances[(step + lane) % instances.length]!
    const victim = models[(step * 7) % Math.max(models.length, 1)]
    const kind = victim === undefined || models.length < 3 ? 0 : step % 5
    const version = step + 1
    if (kind === 0 || victim === undefined) {
      const id = `m-${lane}-${step}`
      const created = { id, name: `name-${lane}-${step}`, version, blocked: false }
      await instance.json('/model/new', {
        model_name: created.name,
        litellm_params: { model: 'openai/gpt-4o' },
        model_info: { id, version },
      })
      models.push(created)
      await readBack(instances, id, created, notes)
      continue
    }
    const { id } = victim
    if (kind === 4) notes.leaving(id)
    const next = await change(instance, kind, victim, version)
    models = models.flatMap((each) => (each.id !== id ? [each] : next === undefined ? [] : [next]))
    await readBack(instances, id, next, notes)
  }
  return models
}

async function change(
  instance: Instance,
  kind: number,
  model: Model,
  version: number,
): Promise<Model | undefined> {
  const { id } = model
  if (kind === 1) {
    await instance.json('/model/update', { model_info: { id, version } })
    return { ...model, version }
  }
  if (kind === 2) {
    const name = `renamed-${id}-${version}`
    await instance.json(`/model/${id}/update`, { model_name: name, model_info: { version } }, 'PATCH')
    return { ...model, name, version }
  }
  if (kind === 3) {
    await instance.json(model.blocked ? '/model/unblock' : '/model/block', { model_id: id })
    return { ...model, blocked: !model.blocked }
  }
  await instance.json('/model/delete', { id })
  return undefined
}

/** A9, A10: whoever is asked next knows it. */
async function readBack(
  instances: readonly Instance[],
  id: string,
  model: Model | undefined,
  notes: Journal,
): Promise<void> {
  notes.acknowledged(id, model?.version ?? null)
  const answers = await Promise.all(
    instances.map((instance) => instance.ask(`/model/info?litellm_model_id=${id}`)),
  )
  if (model === undefined) return expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  for (const { text } of answers) {
    const [shown] = shownIn(text)
    expect(shown).toMatchObject({ model_name: model.name, model_info: { id, version: model.version } })
    expect(shown?.model_info.blocked ?? false).toBe(model.blocked)
  }
}

/** A10, A12: lists again and again, and whatever a list shows is held against the journal. */
async function readLists(
  instance: Instance,
  name: string,
  notes: Journal,
  until: AbortSignal,
): Promise<void> {
  const reader = notes.reader(name)
  let revision = 0
  for (let round = 0; !until.aborted; round += 1) {
    await notes.next(until)
    const askedAt = Date.now()
    const { text } = await instance.ask('/model/info')
    reader.saw(askedAt, new Map(shownIn(text).map(({ model_info: info }) => [info.id, info.version])))
    if (round % 5 > 0) continue
    const status = (await instance.json('/model_management/status')) as { revision: number }
    expect(status.revision).toBeGreaterThanOrEqual(revision)
    revision = status.revision
  }
}
