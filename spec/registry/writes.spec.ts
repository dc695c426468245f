import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import { makeApp, startApp } from '../support/app'
import { configWith } from '../support/config'
import { appOver, holding } from '../support/held'
import { slowed, statusesOf } from '../support/slow'

const config = configWith('file-1')
const unavailable = {
  error: {
    message: 'The model store did not take the change.',
    type: 'service_unavailable',
    param: null,
    code: '503',
  },
}

describe('writes at once', () => {
  it('M2 patches to different fields all survive, however many', async () => {
    const held = await holding({ one: {} })
    const app = { ...(await makeApp({ adapter: slowed(held.adapter) })), ...held }
    const fields = Array.from({ length: 50 }, (_, at) => `field_${at}`)
    const answers = await Promise.all(
      fields.map((name) => app.send('patch', '/model/one/update', { litellm_params: { [name]: 1 } })),
    )
    expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body)).toEqual([])
    expect((await app.deployment())?.litellm_params).toEqual({
      model: 'x',
      ...Object.fromEntries(fields.map((name) => [name, 1])),
    })
  })

  it('M2 patches by two instances to different fields both survive', async () => {
    const store = memoryStore()
    const [one, other] = await Promise.all([
      makeApp({ adapter: slowed(memoryAdapter({ store })) }),
      makeApp({ adapter: slowed(memoryAdapter({ store })) }),
    ])
    const body = { model_name: 'm', litellm_params: {}, model_info: { id: 'one' } }
    await one.post('/model/new', body)
    const names = Array.from({ length: 10 }, (_, at) => `field_${at}`)
    const answers = await Promise.all(
      names.map(async (name, at) => {
        const { send } = at % 2 === 0 ? one : other
        return send('patch', '/model/one/update', { model_info: { [name]: at } })
      }),
    )
    expect(statusesOf(answers)).toEqual(names.map(() => 200))
    const stored = await memoryAdapter({ store }).get('one')
    expect(stored?.deployment).toEqual({
      model_name: 'm',
      litellm_params: {},
      model_info: Object.fromEntries(names.map((name, at) => [name, at])),
    })
  })

  it('of racing creates with one id one wins and the others are 409', async () => {
    const { get, post } = await makeApp()
    const names = ['a', 'b', 'c', 'd']
    const answers = await Promise.all(
      names.map((name) =>
        post('/model/new', { model_name: name, litellm_params: {}, model_info: { id: 'one' } }),
      ),
    )
    expect(statusesOf(answers)).toEqual([200, 409, 409, 409])
    const winner = names[answers.findIndex(({ status }) => status === 200)]
    expect((await get('/model/info')).body.data).toMatchObject([{ model_name: winner }])
  })

  it('of racing deletes one wins and the others find nothing', async () => {
    const app = await appOver({})
    const answers = await Promise.all([1, 2, 3].map(() => app.post('/model/delete', { id: 'one' })))
    expect(statusesOf(answers)).toEqual([200, 400, 400])
  })

  it('of racing changes with one If-Match one wins', async () => {
    const app = await appOver({})
    const { headers } = await app.get('/model/info?litellm_model_id=one')
    const change = (rpm: number) =>
      app
        .send('patch', '/model/one/update', { litellm_params: { rpm } })
        .set('If-Match', headers['etag'] as string)
    const answers = await Promise.all([change(1), change(2), change(3)])
    expect(statusesOf(answers)).toEqual([200, 412, 412])
  })
})

describe('when another instance is always faster', () => {
  type Write = 'update' | 'delete'

  /** A store where a foreign hand changes the row before each of our writes. */
  async function rivalled(most = Infinity): Promise<{ adapter: ModelAdapter; tries: () => number }> {
    const { adapter } = await holding({ one: {} })
    let tries = 0
    async function rival(): Promise<void> {
      const model = await adapter.get('one')
      if (tries++ < most && model !== undefined) await adapter.update(model as never)
    }
    const racing = {
      ...adapter,
      update: (...given: Parameters<typeof adapter.update>) => rival().then(() => adapter.update(...given)),
      delete: (...given: Parameters<typeof adapter.delete>) => rival().then(() => adapter.delete(...given)),
    }
    return { adapter: racing, tries: () => tries }
  }

  const writes: Readonly<
    Record<Write, (app: Awaited<ReturnType<typeof makeApp>>) => ReturnType<typeof app.post>>
  > = {
    update: ({ send }) => send('patch', '/model/one/update', { litellm_params: { rpm: 1 } }),
    delete: ({ post }) => post('/model/delete', { id: 'one' }),
  }

  describe.each<Write>(['update', 'delete'])('%s', (write) => {
    it('tries again until it wins', async () => {
      const { adapter, tries } = await rivalled(3)
      const { status } = await writes[write](await makeApp({ adapter }))
      expect([status, tries()]).toEqual([200, 4])
    })

    it('gives up in the end, and says that trying again may help', async () => {
      const { adapter, tries } = await rivalled()
      const { status, body, headers } = await writes[write](await makeApp({ adapter }))
      expect([status, headers['retry-after'], tries()]).toEqual([503, '1', 20])
      expect(body).toEqual({
        error: {
          message: 'Model one is being changed by too many at once. Try again.',
          type: 'service_unavailable',
          param: null,
          code: '503',
        },
      })
    })

    it('M3 does not try again for a caller who named a revision', async () => {
      const { adapter, tries } = await rivalled()
      const app = await makeApp({ adapter })
      const { headers } = await app.get('/model/info?litellm_model_id=one')
      const { status } = await writes[write](app).set('If-Match', headers['etag'] as string)
      expect([status, tries()]).toEqual([412, 1])
    })
  })
})

describe('A10 a write that is in doubt', () => {
  const reset = (): never => {
    throw new Error('connection reset')
  }

  /** [when the connection breaks, whether the write was done] */
  describe.each([
    ['after the commit', true],
    ['before it', false],
  ])('because the connection broke %s', (_when, isDone) => {
    async function app() {
      const held = await holding({ one: {} })
      const real = held.adapter
      const adapter = {
        ...real,
        update: async (...given: Parameters<typeof real.update>) =>
          isDone ? real.update(...given).then(reset) : reset(),
        delete: async (...given: Parameters<typeof real.delete>) =>
          isDone ? real.delete(...given).then(reset) : reset(),
      }
      return { ...(await makeApp({ adapter })), ...held }
    }

    it(`is answered truly: update ${isDone ? 'done' : 'not done'}`, async () => {
      const { send, get, deployment } = await app()
      const { status, body } = await send('patch', '/model/one/update', { litellm_params: { rpm: 1 } })
      const params = { model: 'x', ...(isDone ? { rpm: 1 } : {}) }
      expect(isDone ? [status, body.litellm_params] : [status, body]).toEqual(
        isDone ? [200, params] : [503, unavailable],
      )
      expect((await deployment())?.litellm_params).toEqual(params)
      expect((await get('/model/info')).body.data[0].litellm_params).toEqual(params)
    })

    it(`is answered truly: delete ${isDone ? 'done' : 'not done'}`, async () => {
      const { post, get, model } = await app()
      const { status, body } = await post('/model/delete', { id: 'one' })
      expect([status, body]).toEqual(
        isDone ? [200, { message: 'Model: one deleted successfully' }] : [503, unavailable],
      )
      const left = isDone ? 0 : 1
      expect([(await model()) === undefined, (await get('/model/info')).body.data.length]).toEqual([
        isDone,
        left,
      ])
    })
  })

  it('is 503 when storage cannot even be asked', async () => {
    const { adapter } = await holding({ one: {} })
    let isDown = false
    const get = (id: string) => (isDown ? reset() : adapter.get(id))
    const broken = {
      ...adapter,
      get: async (id: string) => get(id),
      async delete(): Promise<never> {
        isDown = true
        return reset()
      },
    }
    const { post } = await makeApp({ adapter: broken })
    const first = await post('/model/delete', { id: 'one' })
    expect([first.status, first.body]).toEqual([503, unavailable])
    const second = await post('/model/delete', { id: 'one' })
    expect([second.status, second.body.error.message]).toEqual([503, 'The model store cannot be reached.'])
  })
})

it('a write before the first load is 503, never a write into the unknown', async () => {
  const storage = memoryAdapter()
  const list = (): Promise<never> => Promise.reject(new Error('down'))
  const { post } = startApp({ adapter: { ...storage, list } })
  const { status } = await post('/model/new', { model_name: 'm', litellm_params: {} })
  expect([status, await storage.list()]).toEqual([503, []])
})

it('G9 an id that the config file has is taken, though storage knows nothing of it', async () => {
  const adapter = memoryAdapter()
  const { post } = await makeApp({ adapter, config })
  const sent = { model_name: 'm', litellm_params: {}, model_info: { id: 'file-1' } }
  const { status, body } = await post('/model/new', sent)
  const message = 'A model with id=file-1 already exists. Choose another id, or update it.'
  expect([status, body]).toEqual([
    409,
    { error: { message, type: 'conflict_error', param: 'model_info.id', code: '409' } },
  ])
  expect(await adapter.list()).toEqual([])
})
