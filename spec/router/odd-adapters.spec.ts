import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { sealed } from '../../lib/adapters/sealed'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { draft } from '../support/draft'
import { holding } from '../support/held'

const none = 'The adapter gives no model here: an object with id, revision, deployment and blocked'
const should = (wanted: string): string => `The adapter should give ${wanted} here`
const stored = { ...draft('odd'), revision: '7' }
const broken = (call: string): string =>
  `Adapter 'memory' breaks its contract: ${call}. registerConformance of express-model-management/testing tells what else an adapter has to do.`
const iso = expect.any(String) as string
const fault = (call: string): object => ({ at: iso, code: 'storage_unavailable', message: broken(call) })

const idsOf = async ({ get }: TestApp): Promise<readonly string[]> =>
  ((await get('/model/info')).body.data as { model_info: { id: string } }[]).map((row) => row.model_info.id)

/** What an adapter hands back in the place of a model, and what status says of it: id and problem. */
const oddities: readonly [string, unknown, string | null, object][] = [
  ['null', null, null, { type: 'model_type', loc: [1], msg: none }],
  ['nothing', undefined, null, { type: 'model_type', loc: [1], msg: none }],
  ['a number', 5, null, { type: 'model_type', loc: [1], msg: none }],
  ['a list', [], null, { type: 'model_type', loc: [1], msg: none }],
  ['no id', { ...stored, id: undefined }, null, { type: 'string_type', loc: ['id'], msg: should('a text') }],
  ['a numeric id', { ...stored, id: 5 }, null, { type: 'string_type', loc: ['id'], msg: should('a text') }],
  [
    'no revision',
    { ...stored, revision: undefined },
    'odd',
    { type: 'string_type', loc: ['revision'], msg: should('a text') },
  ],
  [
    'blocked as a number',
    { ...stored, blocked: 1 },
    'odd',
    { type: 'bool_type', loc: ['blocked'], msg: should('true or false') },
  ],
]

const aside = (id: string | null, problem: object): object => ({ where: 'memory', id, problems: [problem] })
const said = (...first: readonly object[]): object => ({
  level: 'warn',
  details: { count: first.length, first },
  message: 'storage holds models that cannot be served; status tells of each why',
})

describe('a list in which one is odd is served without it, and that is said once', () => {
  const keys = [{ id: 'k', secret: 'a secret that is long enough' }]

  it.each(oddities)('%s', async (_what, odd, id, problem) => {
    const { adapter } = await holding({ good: {}, other: {} })
    const list = async () => (await adapter.list()).toSpliced(1, 0, odd as never)
    const app = await makeApp({ adapter: { ...adapter, list } })
    await app.router.registry.reload()
    const { set_aside: setAside, degraded } = app.router.registry.status()
    expect([await idsOf(app), setAside, degraded]).toEqual([['good', 'other'], [aside(id, problem)], false])
    expect(app.log).toEqual([said(aside(id, problem))])
  })

  it.each(oddities)('sealed: %s', async (_what, odd, id, problem) => {
    const storage = memoryAdapter()
    await sealed(storage, { keys }).create(draft('good'))
    const list = async () => [...(await storage.list()), odd as never]
    const adapter = sealed({ ...storage, list }, { keys })
    const app = await makeApp({ adapter })
    expect([await idsOf(app), app.router.registry.status().set_aside]).toEqual([
      ['good'],
      [aside(id, problem)],
    ])
    expect(await adapter.rotate()).toMatchObject({ total: 2 })
  })

  it.each(oddities)('told of by its revision: %s', async (_what, odd, id, problem) => {
    const { adapter } = await holding({ good: {}, other: {} })
    const state = { odd: false }
    const list = async () => (await adapter.list()).toSpliced(1, 0, ...(state.odd ? [odd as never] : []))
    const revisions = async () =>
      (await list()).map((model) => model && { id: model.id, revision: model.revision })
    const app = await makeApp({ adapter: { ...adapter, list, revisions } })
    state.odd = true
    await app.router.registry.reload()
    expect([await idsOf(app), app.router.registry.status().set_aside]).toEqual([
      ['good', 'other'],
      [aside(id, problem)],
    ])
  })
})

describe('one that is odd when it is asked for by its id', () => {
  it.each([
    ['a number', 5, { type: 'model_type', loc: [], msg: none }],
    ['no id', { ...stored, id: undefined }, { type: 'string_type', loc: ['id'], msg: should('a text') }],
    [
      'another model',
      { ...stored, id: 'other' },
      { type: 'value_error', loc: ['id'], msg: should('the id it was asked for') },
    ],
  ])('%s', async (_what, odd, problem) => {
    const { adapter } = await holding({ odd: {}, other: {} })
    const get = async () => odd as never
    const app = await makeApp({ adapter: { ...adapter, get } })
    const { status, body } = await app.get('/model/info?litellm_model_id=odd')
    expect([status, body.detail.error]).toEqual([400, 'Model id = odd not found on litellm proxy'])
    expect([await idsOf(app), app.log]).toEqual([['other'], [said(aside('odd', problem))]])
    expect(app.router.registry.status().set_aside).toEqual([aside('odd', problem)])
  })

  it('null is that there is none', async () => {
    const { adapter } = await holding({ one: {} })
    const app = await makeApp({ adapter: { ...adapter, get: async () => null as never } })
    expect((await app.get('/model/info?litellm_model_id=one')).status).toBe(400)
    expect([await idsOf(app), app.log]).toEqual([[], []])
  })
})

it('times and names that are none are told as not known', async () => {
  const { adapter } = await holding({ one: {} }, { createdAt: '', updatedBy: null })
  const odd = { createdAt: 5, createdBy: {}, updatedAt: undefined, updatedBy: [] } as never
  const list = async () => (await adapter.list()).map((model) => ({ ...model, ...(odd as object) }))
  const { get } = await makeApp({ adapter: { ...adapter, list } })
  const info = { created_at: null, created_by: null, updated_at: null, updated_by: null }
  expect((await get('/model/info')).body.data).toMatchObject([{ model_info: info }])
})

describe('an answer that is none leaves the last good models, and status says whose mistake it is', () => {
  it.each<[string, Partial<Record<keyof ModelAdapter, unknown>>, string]>([
    ['list(): nothing', { list: async () => undefined }, 'list() has to give an array of models'],
    ['list(): an empty map', { list: async () => new Map() }, 'list() has to give an array of models'],
    ['list(): an empty text, at once', { list: () => '' }, 'list() has to give an array of models'],
    ['version(): null', { version: async () => null }, 'version() has to give a text'],
    [
      'revisions(): nothing',
      { revisions: async () => undefined },
      'revisions() has to give an array of ids and revisions',
    ],
  ])('%s', async (_what, odd, call) => {
    const { adapter } = await holding({ one: {} })
    const revisions = async () => (await adapter.list()).map(({ id, revision }) => ({ id, revision }))
    const good = { version: async () => String(Math.random()), revisions }
    const changing: ModelAdapter = { ...adapter, ...('list' in odd ? {} : good) }
    const app = await makeApp({ adapter: changing })
    Object.assign(changing, odd)
    await expect(app.router.registry.reload()).rejects.toThrow(broken(call))
    expect(await idsOf(app)).toEqual(['one'])
    const { sources, degraded } = app.router.registry.status()
    expect([sources[0]?.last_error, degraded]).toEqual([fault(call), true])
    expect(app.log).toMatchObject([{ level: 'error', details: { message: broken(call) } }])
  })
})

describe('a write whose answer is none', () => {
  const wanted = (...reasons: readonly string[]): string =>
    `has to give { ok: true, model }, the model being the one that was written, or { ok: false, reason: ${reasons.join(' or ')} }`
  const model = { model_name: 'm', litellm_params: { model: 'x' }, model_info: { id: 'new' } }
  const answers: readonly [string, unknown][] = [
    ['nothing', undefined],
    ['a number', 5],
    ['an empty object', {}],
    ['done, without a model', { ok: true }],
    ['done, with another model', { ok: true, model: stored }],
    ['refused, without a reason', { ok: false }],
    ['refused, for another reason', { ok: false, reason: 'full' }],
  ]

  it.each(answers)('is 503 where nothing was done: %s', async (_what, answer) => {
    const { adapter } = await holding({ one: {} })
    const odd = { create: () => answer, update: async () => answer } as never
    const app = await makeApp({ adapter: { ...adapter, ...(odd as object) } })
    const error = {
      message: 'The model store did not take the change.',
      type: 'service_unavailable',
      param: null,
      code: '503',
    }
    const created = await app.post('/model/new', model)
    expect([created.status, created.body]).toEqual([503, { error }])
    const { last_write_error: first } = app.router.registry.status().sources[0]!
    expect(first).toEqual(fault(`create() ${wanted("'exists'")}`))
    const updated = await app.send('patch', '/model/one/update', { litellm_params: { rpm: 1 } })
    expect([updated.status, updated.body]).toEqual([503, { error }])
    const { last_write_error: second } = app.router.registry.status().sources[0]!
    expect(second).toEqual(fault(`update() ${wanted("'missing'", "'stale'")}`))
    expect(await idsOf(app)).toEqual(['one'])
  })

  it.each(answers)('is done where storage has it: %s', async (_what, answer) => {
    const { adapter } = await holding({})
    const create = async (given: never) => {
      await adapter.create(given)
      return answer as never
    }
    const app = await makeApp({ adapter: { ...adapter, create } })
    expect((await app.post('/model/new', model)).status).toBe(200)
    expect(await idsOf(app)).toEqual(['new'])
  })

  it('a delete that answers nothing is 503, or done where storage has it no more', async () => {
    const { adapter } = await holding({ one: {}, two: {} })
    const odd = async (id: string) => {
      if (id === 'one') await adapter.delete(id)
      return undefined as never
    }
    const app = await makeApp({ adapter: { ...adapter, delete: odd } })
    expect((await app.post('/model/delete', { id: 'one' })).status).toBe(200)
    expect((await app.post('/model/delete', { id: 'two' })).status).toBe(503)
    expect(await idsOf(app)).toEqual(['two'])
  })
})

it('methods that throw, or answer without a promise, are as if they had promised', async () => {
  const { adapter } = await holding({ one: {} })
  const [models, one] = [await adapter.list(), await adapter.get('one')]
  const state = { down: false }
  const at = (answer: unknown) => () => {
    if (state.down) throw new TypeError('down')
    return answer as never
  }
  const app = await makeApp({ adapter: { ...adapter, init: at(undefined), list: at(models), get: at(one) } })
  const byId = async () => (await app.get('/model/info?litellm_model_id=one')).status
  expect([await idsOf(app), await byId()]).toEqual([['one'], 200])
  state.down = true
  expect([await idsOf(app), await byId()]).toEqual([['one'], 200])
  await expect(app.router.registry.reload()).rejects.toThrow('down')
  expect(app.router.registry.status().sources[0]?.last_error).toEqual({
    at: iso,
    code: 'TypeError',
    message: 'storage failed with TypeError',
  })
})
