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

  it('I6 never serves ciphertext where the adapter was not given as sealed()', async () => {
    const raw = memoryAdapter()
    await sealed(raw, { keys }).create(draft('one', { deployment: model }))
    const { get, router } = await makeApp({ adapter: raw })
    expect((await get('/model/info')).body.data).toEqual([])
    expect(router.registry.resolve('m')).toEqual([])
    expect(router.registry.status().set_aside).toMatchObject([
      {
        id: 'one',
        problems: [{ type: 'key_ring', msg: expect.stringContaining('sealed(adapter, { keys })') }],
      },
    ])
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
