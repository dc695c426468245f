import supertest from 'supertest'
import type { Deployment, ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { Limits } from '../../lib/options/limits'
import { makeApp, masterKey, startApp } from '../support/app'
import { configFiles } from '../support/config'
import { gate } from '../support/gate'
import { holding } from '../support/held'
import { slowed, statusesOf } from '../support/slow'

const files = configFiles()
const model = { model_name: 'm', litellm_params: { model: 'x' } }
const ofTeam = (team_id: string): object => ({ ...model, model_info: { team_id } })
const teamIsFull = (most: number): string =>
  `A team has at most ${most} models here (option 'limits.maxModelsPerTeam'). Delete one that is not needed.`
const underWay =
  "are under way at this instance (option 'limits.maxConcurrentWrites'). Try again in a moment."
const refusal = (message: string, param: string | null = null): object => ({
  error: { message, type: 'validation_error', param, code: '400' },
})

describe('limits', () => {
  test('maxModels: one more is refused until one is deleted; those of the file do not count', async () => {
    const config = files.write({ model_list: [model] })
    const { post } = await makeApp({ config, limits: { maxModels: 2 } })
    const { body } = await post('/model/new', model)
    await post('/model/new', model)
    const refused = await post('/model/new', model)
    expect([refused.status, refused.body]).toEqual([
      400,
      refusal(
        "This gateway keeps at most 2 models (option 'limits.maxModels'). Delete one that is not needed.",
      ),
    ])
    await post('/model/delete', { id: body.model_id })
    expect((await post('/model/new', model)).status).toBe(200)
  })

  test('maxModels: one that cannot be served counts too', async () => {
    const { adapter } = await holding({ odd: { model_name: 5 as never }, one: {} })
    const { post, router } = await makeApp({ adapter, limits: { maxModels: 3 } })
    expect(router.registry.status().set_aside).toMatchObject([{ id: 'odd' }])
    expect((await post('/model/new', model)).status).toBe(200)
    expect((await post('/model/new', model)).status).toBe(400)
  })

  test('bodyLimit: a model does not become larger by one update after the other than one body could make it', async () => {
    const { adapter, deployment } = await holding({
      one: {},
      big: { note: 'n'.repeat(2000), more: 'm'.repeat(2000) },
    })
    const { send } = await makeApp({ adapter, bodyLimit: 1000 })
    const add = (id: string, patch: object) => send('patch', `/model/${id}/update`, patch)
    expect((await add('one', { model_info: { a: 'a'.repeat(700) } })).status).toBe(200)
    const refused = await add('one', { model_info: { b: 'b'.repeat(700) } })
    const reason =
      "The model would be larger than 1000 bytes (option 'bodyLimit'). Remove what it does not need."
    expect([refused.status, refused.body]).toEqual([400, refusal(reason)])
    expect((await deployment())?.model_info).toEqual({ a: 'a'.repeat(700) })
    expect((await add('one', { model_info: { a: null, b: 'b'.repeat(700) } })).status).toBe(200)
    expect((await add('big', { litellm_params: { rpm: 5 } })).status).toBe(400)
    // Too large as it may be, it can be made smaller, and changed where it does not grow.
    for (const note of ['n'.repeat(900), 'o'.repeat(900), 'n'])
      expect((await add('big', { note })).status).toBe(200)
  })

  test('bodyLimit: how much fits beside a secret does not tell how long it is', async () => {
    const held = (length: number): object => ({
      litellm_params: { model: 'x', api_key: 's'.repeat(length) },
    })
    const { adapter } = await holding({ short: held(3), long: held(200) })
    const { send } = await makeApp({ adapter, bodyLimit: 1000 })
    const room = async (id: string): Promise<number> => {
      let [fits, most] = [0, 900]
      while (most - fits > 1) {
        const length = Math.floor((fits + most) / 2)
        const patch = { model_info: { note: 'n'.repeat(length) } }
        const { status } = await send('patch', `/model/${id}/update`, patch)
        if (status === 200) fits = length
        else most = length
      }
      return fits
    }
    const [short, long] = [await room('short'), await room('long')]
    expect([short, long < 800]).toEqual([long, true])
  })

  test('bodyLimit: a model of many small secrets can still be changed', async () => {
    const { post, send } = await makeApp()
    const headers = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`x-api-key-${at}`, 'v']))
    const { body } = await post('/model/new', { ...model, litellm_params: { extra_headers: headers } })
    const patch = { litellm_params: { rpm: 1 } }
    expect((await send('patch', `/model/${body.model_id}/update`, patch)).status).toBe(200)
  })

  test('maxModelsPerTeam: each team has its own', async () => {
    const { post } = await makeApp({ limits: { maxModelsPerTeam: 1 } })
    expect((await post('/model/new', ofTeam('a'))).status).toBe(200)
    const refused = await post('/model/new', ofTeam('a'))
    expect([refused.status, refused.body]).toEqual([400, refusal(teamIsFull(1), 'model_info.team_id')])
    expect((await post('/model/new', ofTeam('b'))).status).toBe(200)
    expect((await post('/model/new', model)).status).toBe(200)
  })

  test('maxModelsPerTeam: a model that is moved to a team counts there, and no more where it was', async () => {
    const { adapter } = await holding({ one: ofTeam('a'), two: ofTeam('b'), three: {} })
    const { post, send } = await makeApp({ adapter, limits: { maxModelsPerTeam: 1 } })
    const move = async (id: string, change: object): Promise<unknown> => {
      const { status, body } = await send('patch', `/model/${id}/update`, change)
      return status === 200 ? 200 : [status, body]
    }
    const full = [400, refusal(teamIsFull(1), 'model_info.team_id')]
    expect(await move('two', { model_info: { team_id: 'a' } })).toEqual(full)
    expect(await move('three', { model_info: { team_id: 'a' } })).toEqual(full)
    expect(await move('one', { model_info: { team_id: 'a' }, litellm_params: { rpm: 1 } })).toBe(200)
    expect(await move('one', { model_info: { team_id: 'c' } })).toBe(200)
    expect(await move('two', { model_info: { team_id: 'a' } })).toBe(200)
    expect((await post('/model/new', ofTeam('b'))).status).toBe(200)
  })

  test('maxModelsPerTeam holds for models that are moved at once, and maxModels is not in their way', async () => {
    const ids = ['a', 'b', 'c', 'd']
    const { adapter, model: kept } = await holding(Object.fromEntries(ids.map((id) => [id, {}])))
    const limits = { maxModels: 4, maxModelsPerTeam: 2 }
    const { send } = await makeApp({ adapter: slowed(adapter), limits })
    const move = (id: string) => send('patch', `/model/${id}/update`, { model_info: { team_id: 't' } })
    expect(statusesOf(await Promise.all(ids.map(move)))).toEqual([200, 200, 400, 400])
    const models = await Promise.all(ids.map(async (id) => (await kept(id))?.deployment))
    expect(models.filter((one) => (one as Deployment).model_info['team_id'] === 't')).toHaveLength(2)
  })

  test.each<[string, Limits, object]>([
    ['maxModels', { maxModels: 3 }, model],
    ['maxModelsPerTeam', { maxModelsPerTeam: 3 }, ofTeam('a')],
  ])('%s holds for models that come at once', async (_what, limits, body) => {
    const { get, post } = await makeApp({ adapter: slowed(memoryAdapter()), limits })
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/model/new', body)))
    expect(statusesOf(answers)).toEqual([200, 200, 200, 400, 400, 400, 400, 400])
    expect((await get('/model/info')).body.data).toHaveLength(3)
  })

  test('maxConcurrentWrites: what comes beyond is told to try again, and reads go on', async () => {
    const storage = memoryAdapter()
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const adapter = { ...storage, create: (draft: never) => released.then(() => storage.create(draft)) }
    const { get, post, router } = await makeApp({ adapter, limits: { maxConcurrentWrites: 2 } })
    const waiting = [1, 2].map(() => router.registry.create(model))
    const refused = await post('/model/new', model)
    expect([refused.status, refused.headers['retry-after'], refused.body]).toEqual([
      503,
      '1',
      {
        error: {
          message: `2 changes ${underWay}`,
          type: 'service_unavailable',
          param: null,
          code: '503',
        },
      },
    ])
    expect((await get('/model/info')).status).toBe(200)
    release()
    await Promise.all(waiting)
    expect((await post('/model/new', model)).status).toBe(200)
  })

  test('maxConcurrentWrites: a change of an access group counts once, however many models it is about', async () => {
    const { adapter: storage } = await holding({ a: {}, b: {} })
    const begun = gate()
    const released = gate()
    const update: ModelAdapter['update'] = async (...given) => {
      begun.open()
      await released.passed
      return storage.update(...given)
    }
    const { post, router, send } = await makeApp({
      adapter: { ...storage, update },
      limits: { maxConcurrentWrites: 1 },
    })
    const members = { access_group: 'g', model_ids: ['a', 'b'] }
    const changed = post('/access_group/new', members).then(({ status }) => status)
    await begun.passed
    await expect(router.registry.create(model)).rejects.toMatchObject({ code: 'busy' })
    for (const answer of [
      await post('/access_group/new', { ...members, access_group: 'h' }),
      await send('put', '/access_group/g/update', { model_ids: ['a'] }),
      await send('delete', '/access_group/g/delete', undefined),
    ])
      expect([answer.status, answer.body.error?.message ?? answer.body.detail?.error]).toEqual([
        503,
        `1 changes ${underWay}`,
      ])
    released.open()
    expect(await changed).toBe(200)
    const created = router.registry.create(model)
    await expect(router.registry.create(model)).rejects.toMatchObject({ code: 'busy' })
    await created
  })

  test.each<[string, (text: string) => object, readonly string[]]>([
    ['a value', (text) => ({ ...model, litellm_params: { note: text } }), ['litellm_params', 'note']],
    ['a name', (text) => ({ ...model, [text]: 1 }), []],
  ])('maxTextLength: %s', async (_what, bodyWith, loc) => {
    const { post } = await makeApp({ limits: { maxTextLength: 20 } })
    expect((await post('/model/new', bodyWith('x'.repeat(20)))).status).toBe(200)
    const { status, body } = await post('/model/new', bodyWith('x'.repeat(21)))
    const msg = 'String should have at most 20 characters'
    expect([status, body]).toEqual([
      422,
      { detail: [{ type: 'string_too_long', loc: ['body', ...loc], msg }] },
    ])
  })

  test.each([8191, 8192, 8193, 12_000])('maxKeyLength: a key of %i characters', async (length) => {
    const key = 'k'.repeat(length)
    const { app } = await makeApp({ auth: { masterKey: key } })
    const { status } = await supertest(app).get('/model/info').set('x-api-key', key)
    expect(status).toBe(length > 8192 ? 401 : 200)
  })

  test('maxPathLength: told to those with a key', async () => {
    const { get } = await makeApp({ limits: { maxPathLength: 20 } })
    const long = `/models/${'x'.repeat(20)}`
    const { status, body } = await get(long)
    expect([status, body]).toEqual([
      400,
      refusal("The path is longer than 20 characters (option 'limits.maxPathLength')."),
    ])
    expect((await get(long, null)).status).toBe(401)
  })

  test.each([
    ['size=3', 3, 2],
    ['size=2', 2, 2],
    ['size=1', 1, 3],
    ['', 2, 2],
  ])('maxPageSize 2: a page of ?%s', async (query, asked, pages) => {
    const { get, post } = await makeApp({ limits: { maxPageSize: 2 } })
    for (const id of ['a', 'b', 'c']) await post('/model/new', { ...model, model_info: { id } })
    const { body } = await get(`/v2/model/info?${query}`)
    const size = Math.min(asked, 2)
    expect({ ...body, data: body.data.length }).toEqual({
      data: size,
      total_count: 3,
      current_page: 1,
      total_pages: pages,
      size,
    })
  })

  test.each<[object, string]>([
    [{ maxModels: 0 }, "Option 'limits.maxModels' must be a whole number above 0."],
    [{ maxModel: 5 }, "There is no option 'limits.maxModel'. Did you mean 'limits.maxModels'?"],
    [{ maxKeyLength: Infinity }, "Option 'limits.maxKeyLength' must be a whole number above 0."],
  ])('%j keeps the router from starting', (limits, message) => {
    expect(() => startApp({ auth: { masterKey }, limits })).toThrow(message)
  })
})
