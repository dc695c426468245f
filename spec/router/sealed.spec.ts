import { memoryAdapter } from '../../lib/adapters/memory'
import { sealed } from '../../lib/adapters/sealed'
import { makeApp, startApp } from '../support/app'
import { draft } from '../support/draft'

const keys = [{ id: 'k1', secret: 'the first secret, long enough' }]
const otherKeys = [{ id: 'k2', secret: 'the second secret, long enough' }]
const model = { model_name: 'm', litellm_params: { model: 'x', api_key: 'sk-provider-1' }, model_info: {} }

describe('a router over sealed storage', () => {
  it('creates, shows and resolves as over any other', async () => {
    const raw = memoryAdapter()
    const { get, post, router } = await makeApp({ adapter: sealed(raw, { keys }) })
    expect((await post('/model/new', model)).status).toBe(200)
    expect((await get('/model/info')).body.data).toMatchObject([{ litellm_params: { model: 'x' } }])
    expect(router.registry.resolve('m')).toMatchObject([{ litellm_params: { api_key: 'sk-provider-1' } }])
    expect(JSON.stringify(await raw.list())).not.toContain('sk-provider-1')
  })

  it('I6 sets a model aside that cannot be opened, says what to do, and serves the others', async () => {
    const raw = memoryAdapter()
    await sealed(raw, { keys: otherKeys }).create(draft('lost', { deployment: model }))
    await sealed(raw, { keys }).create(draft('good', { deployment: model }))
    const { get, post, router } = await makeApp({ adapter: sealed(raw, { keys }) })
    expect((await get('/model/info')).body.data).toHaveLength(1)
    expect(router.registry.resolve('m').map(({ id }) => id)).toEqual(['good'])
    expect(router.registry.status().set_aside).toEqual([
      {
        where: 'memory',
        id: 'lost',
        problems: [
          {
            type: 'key_ring',
            loc: ['deployment'],
            msg: "It was sealed with key 'k2', which is not among the keys (k1). Add that key at the end of 'keys' of sealed(), or delete the model and create it again.",
          },
        ],
      },
    ])
    expect((await post('/model/delete', { id: 'lost' })).status).toBe(200)
    expect(router.registry.status().set_aside).toEqual([])
  })

  const unopened =
    "Models of 'memory' are sealed, 'one' for one, and nothing opens them: give the router sealed(adapter, { keys }) instead of the adapter, with the keys they were sealed with. Until then none is read, and none is stored in clear beside them."

  it('I6 is not ready over sealed models that the adapter does not open, and stores nothing in clear beside them', async () => {
    const raw = memoryAdapter()
    await raw.create(draft('plain', { deployment: model }))
    await sealed(raw, { keys }).create(draft('one', { deployment: model }))
    const before = await raw.list()
    const { get, post, router } = startApp({ adapter: raw })
    await expect(router.ready()).rejects.toMatchObject({ code: 'key_ring', message: unopened })
    await expect(router.registry.reload()).rejects.toMatchObject({ code: 'key_ring', message: unopened })
    expect((await get('/health/readiness')).status).toBe(503)
    expect((await get('/model/info')).status).toBe(503)
    expect((await post('/model/new', model)).status).toBe(503)
    expect((await post('/model/delete', { id: 'one' })).status).toBe(503)
    expect(router.registry.resolve('m')).toEqual([])
    expect(router.registry.status()).toMatchObject({
      ready: false,
      rows: 0,
      last_error: { message: unopened },
    })
    expect(await raw.list()).toEqual(before)
  })

  it('I6 serves the last good models and writes none once others seal, until what they sealed is gone', async () => {
    const raw = memoryAdapter()
    const { get, post, send, router } = await makeApp({ adapter: raw })
    await post('/model/new', { ...model, model_info: { id: 'mine' } })
    await sealed(raw, { keys }).create(draft('one', { deployment: model }))
    await expect(router.registry.reload()).rejects.toMatchObject({ code: 'key_ring', message: unopened })
    const before = await raw.list()
    expect(router.registry.status()).toMatchObject({
      ready: true,
      degraded: true,
      rows: 1,
      last_error: { code: 'key_ring', message: unopened },
    })
    expect((await get('/model/info')).body.data).toHaveLength(1)
    expect((await get('/model/info?litellm_model_id=one')).status).toBe(503)
    expect((await post('/model/new', model)).status).toBe(503)
    expect((await post('/model/delete', { id: 'mine' })).status).toBe(503)
    expect((await send('patch', '/model/mine/update', { litellm_params: { rpm: 5 } })).status).toBe(503)
    expect((await send('patch', '/model/one/update', { litellm_params: { rpm: 5 } })).status).toBe(503)
    expect(await raw.list()).toEqual(before)
    await raw.delete('one')
    await router.registry.reload()
    expect(router.registry.status()).toMatchObject({ degraded: false, last_error: null })
    expect((await post('/model/new', model)).status).toBe(200)
  })

  it('sets a model aside that is stored in clear where none may be, and serves the others', async () => {
    const raw = memoryAdapter()
    const adapter = () => sealed(raw, { keys, plainRows: 'refuse' })
    await adapter().create(draft('good', { deployment: model }))
    await raw.create(draft('planted', { deployment: { ...model, litellm_params: { model: 'y' } } }))
    const { get, post, send, router } = await makeApp({ adapter: adapter() })
    expect((await get('/model/info')).body.data).toMatchObject([{ model_info: { id: 'good' } }])
    expect(router.registry.resolve('m').map(({ id }) => id)).toEqual(['good'])
    expect(router.registry.status()).toMatchObject({
      degraded: false,
      set_aside: [
        {
          where: 'memory',
          id: 'planted',
          problems: [
            {
              type: 'key_ring',
              loc: ['deployment'],
              msg: "It is stored in clear, and option 'plainRows' of sealed() is 'refuse': somebody has written it past the gateway. Delete it, or, if it is yours, start once with 'accept' and seal it by rotate().",
            },
          ],
        },
      ],
    })
    // Neither a change nor a rotation makes it one of ours.
    const before = await raw.get('planted')
    expect((await send('patch', '/model/planted/update', { litellm_params: { rpm: 5 } })).status).toBe(404)
    expect(await adapter().rotate()).toEqual({ rotated: 0, kept: 1, failed: ['planted'], total: 2 })
    expect(await raw.get('planted')).toEqual(before)
    expect((await post('/model/delete', { id: 'planted' })).status).toBe(200)
    expect(router.registry.status().set_aside).toEqual([])
  })

  it('I9 is not ready when nothing opens: ready() rejects with what to do', async () => {
    const raw = memoryAdapter()
    await sealed(raw, { keys }).create(draft('one', { deployment: model }))
    const { get, router } = startApp({ adapter: sealed(raw, { keys: otherKeys }) })
    await expect(router.ready()).rejects.toMatchObject({
      code: 'key_ring',
      message: expect.stringContaining('Sealed with key: k1. Keys given: k2.'),
    })
    expect((await get('/model/info')).status).toBe(503)
  })

  it('I7 serves the same models after a rotation', async () => {
    const raw = memoryAdapter()
    await sealed(raw, { keys }).create(draft('one', { deployment: model }))
    const adapter = sealed(raw, { keys: [...otherKeys, ...keys] })
    const { get, router } = await makeApp({ adapter })
    const before = (await get('/model/info')).text
    expect(await adapter.rotate()).toMatchObject({ rotated: 1 })
    await router.registry.reload()
    expect((await get('/model/info')).text).toBe(before)
  })

  it.each([
    ['a plain', () => memoryAdapter()],
    ['a sealing', () => sealed(memoryAdapter(), { keys })],
  ])('%s adapter is given nothing that only looks sealed', async (_kind, adapter) => {
    const { get, post, send, router } = await makeApp({ adapter: adapter() })
    const litellm_params = { sealed: 'sealed:v1:k1:AAAA' }
    const refused = {
      error: {
        message:
          "litellm_params.sealed has the form of a sealed model. Send the model in clear: sealing it is the adapter's work.",
        type: 'validation_error',
        param: 'litellm_params.sealed',
        code: '400',
      },
    }
    const created = await post('/model/new', { model_name: 'm', litellm_params })
    expect([created.status, created.body]).toEqual([400, refused])
    await post('/model/new', { ...model, model_info: { id: 'one' } })
    const before = (await get('/model/info')).text
    const updated = await send('patch', '/model/one/update', { litellm_params })
    expect([updated.status, updated.body]).toEqual([400, refused])
    expect([(await get('/model/info')).text, router.registry.status().set_aside]).toEqual([before, []])
  })
})
