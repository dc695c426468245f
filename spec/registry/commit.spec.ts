import type { ModelAdapter, StoredModel, WriteResult } from '../../lib/adapters/adapter'
import { ModelManagementError } from '../../lib/errors'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configWith } from '../support/config'
import { holding } from '../support/held'
import type { Held } from '../support/held'

const config = configWith('file-1')
const error = (status: number, message: string, type: string): object => ({
  error: { message, type, param: null, code: String(status) },
})
const notTaken = error(503, 'The model store did not take the change.', 'service_unavailable')
const down = (): Promise<never> => Promise.reject(Object.assign(new Error('down'), { code: 'ECONNRESET' }))

/** Over storage with the model `one` that behaves so, and that gives no hint of a change. */
async function appWith(
  behave: (real: ModelAdapter) => Partial<ModelAdapter>,
  stored: Parameters<typeof holding>[0] = { one: {} },
): Promise<TestApp & Held> {
  const held = await holding(stored)
  const { watch: _, ...quiet } = held.adapter
  const adapter: ModelAdapter = { ...quiet, ...behave(held.adapter) }
  return { ...(await makeApp({ adapter, config })), ...held }
}

const model = { model_name: 'm', litellm_params: { model: 'y' }, model_info: { id: 'new' } }
const create = ({ post }: TestApp) => post('/model/new', model)
const update = ({ send }: TestApp) => send('patch', '/model/one/update', { litellm_params: { rpm: 1 } })
const remove = ({ post }: TestApp, id = 'one') => post('/model/delete', { id })

async function listed({ get }: TestApp): Promise<readonly unknown[]> {
  const { body } = await get('/model/info')
  const rows = body.data as readonly { model_info: { id: string }; litellm_params: object }[]
  return rows.map(({ model_info: { id }, litellm_params: params }) => [id, params])
}

const file = ['file-1', { model: 'x' }]
const one = ['one', { model: 'x' }]

describe('A10 a create that is in doubt', () => {
  it.each([
    ['done, after the commit', true],
    ['not done, before it', false],
  ])('is answered truly: %s', async (_when, isDone) => {
    const app = await appWith((real) => ({
      create: async (draft) => (isDone ? real.create(draft).then(down) : down()),
    }))
    const { status, body } = await create(app)
    const created = [200, { model: 'y' }]
    expect([status, isDone ? body.litellm_params : body]).toEqual(isDone ? created : [503, notTaken])
    expect(await listed(app)).toEqual(isDone ? [file, one, ['new', { model: 'y' }]] : [file, one])
  })
})

describe('A10 an update that is in doubt', () => {
  it.each<[string, (real: ModelAdapter) => Promise<unknown>]>([
    ['was written by another hand meanwhile', async (real) => real.update((await real.get('one')) as never)],
    ['was deleted meanwhile', (real) => real.delete('one')],
  ])('is not called done where the model %s', async (_what, meanwhile) => {
    const app = await appWith((real) => ({ update: async () => meanwhile(real).then(down) }))
    const { status, body } = await update(app)
    expect([status, body]).toEqual([503, notTaken])
  })
})

describe('what storage answers', () => {
  it('is shown as it was kept', async () => {
    const app = await appWith((real) => ({
      async create(draft) {
        const { deployment } = draft
        const kept = { ...deployment, litellm_params: { ...deployment.litellm_params, note: 'by storage' } }
        return real.create({ ...draft, deployment: kept })
      },
    }))
    expect((await create(app)).body.litellm_params).toEqual({ model: 'y', note: 'by storage' })
  })

  it('with something that is no model, is a change that was made all the same', async () => {
    const odd = async <R extends WriteResult<never>>(written: Promise<R>): Promise<R> => {
      const result = await written
      const broken = { ...(result as { model: StoredModel }).model, deployment: { broken: true } }
      return { ...result, model: broken }
    }
    const app = await appWith((real) => ({ create: (draft) => odd(real.create(draft) as never) }))
    const { status, body, headers } = await create(app)
    const stored = await app.model('new')
    expect([status, headers['etag']]).toEqual([200, `"${stored?.revision}"`])
    expect(body).toMatchObject({ model_id: 'new', model_name: 'm', litellm_params: { model: 'y' } })
  })

  it('is in the lists at once, without a hint', async () => {
    const app = await appWith(() => ({}))
    await create(app)
    await update(app)
    expect(await listed(app)).toEqual([file, ['one', { model: 'x', rpm: 1 }], ['new', { model: 'y' }]])
    await remove(app)
    expect(await listed(app)).toEqual([file, ['new', { model: 'y' }]])
  })

  it('leaves the lists alone where it refuses', async () => {
    const refusals = { delete: 20 }
    const app = await appWith((real) => ({
      delete: async (id, condition) =>
        refusals.delete-- > 0 ? { ok: false, reason: 'stale' } : real.delete(id, condition),
    }))
    const { status } = await remove(app)
    expect([status, await listed(app)]).toEqual([503, [file, one]])
  })

  it('is not asked for where nothing has to be known of it', async () => {
    const app = await appWith(() => ({ get: down }))
    const updated = await app.send('patch', '/model/file-1/update', { blocked: true })
    const words = 'Cannot edit config-based model. Store model in DB via /model/new first.'
    expect([updated.status, updated.body]).toEqual([400, error(400, words, 'validation_error')])
    const nameless = await app.post('/model/update', { litellm_params: {} })
    const noId = 'model not found: send its id'
    expect([nameless.status, nameless.body]).toEqual([400, error(400, noId, 'not_found_error')])
  })

  it('is told in the log when it fails, by its kind alone', async () => {
    const app = await appWith(() => ({ update: down, get: down }))
    const { status, body } = await update(app)
    const unreachable = 'The model store cannot be reached.'
    expect([status, body]).toEqual([503, error(503, unreachable, 'service_unavailable')])
    const failed = app.log.filter(({ message }) => message === 'a request failed')
    expect(failed).toEqual([
      {
        level: 'error',
        message: 'a request failed',
        details: {
          requestId: expect.stringMatching(/^[\da-f-]{36}$/),
          method: 'PATCH',
          path: '/model/{model_id}/update',
          at: expect.any(String),
          code: 'storage_unavailable',
          message: unreachable,
          cause: { at: expect.any(String), code: 'ECONNRESET', message: 'storage failed with ECONNRESET' },
        },
      },
    ])
  })

  it.each<[string, () => Promise<never>, string]>([
    ['of a driver', down, 'ECONNRESET'],
    [
      'of the adapter itself',
      () => Promise.reject(new ModelManagementError('storage_unavailable', 'The disk is gone.')),
      'storage_unavailable',
    ],
  ])('is a change that was not taken, whatever error it is, %s too', async (_whose, fail, code) => {
    const app = await appWith(() => ({ create: fail }))
    const { status, body } = await create(app)
    expect([status, body]).toEqual([503, notTaken])
    expect(app.log.filter(({ message }) => message === 'a request failed')).toMatchObject([
      { details: { code: 'storage_unavailable', cause: { code } } },
    ])
  })

  it('is 503 with its own words once the host closed it', async () => {
    const app = await appWith(() => ({}))
    await app.adapter.close?.()
    const { status, body } = await create(app)
    expect([status, body]).toEqual([503, error(503, 'The memory adapter is closed.', 'service_unavailable')])
  })
})

describe('a write to a model that went meanwhile', () => {
  const vanishing = (real: ModelAdapter): Partial<ModelAdapter> => ({
    update: async (draft, condition) => real.delete('one').then(() => real.update(draft, condition)),
    delete: async (id, condition) => real.delete('one').then(() => real.delete(id, condition)),
  })

  it.each<[string, typeof update, number, string]>([
    ['update', update, 404, 'Model one not found on proxy.'],
    ['delete', remove, 400, 'Model with id=one not found in db'],
  ])(
    'finds nothing, whether or not a revision was named, and leaves the lists: %s',
    async (_write, write, status, words) => {
      for (const isNamed of [false, true]) {
        const app = await appWith(vanishing)
        const { headers } = await app.get('/model/info?litellm_model_id=one')
        const answer = await write(app).set('If-Match', isNamed ? (headers['etag'] as string) : '*')
        expect([answer.status, answer.body]).toEqual([status, error(status, words, 'not_found_error')])
        expect(await listed(app)).toEqual([file])
      }
    },
  )
})
