import type {
  ModelAdapter,
  Refusal,
  StoredModel,
  WriteCondition,
  WriteResult,
} from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp } from '../support/app'
import { appOver } from '../support/held'
import { updateRoutes } from '../support/update-routes'

describe.each(updateRoutes)('M3 If-Match on %s', (_route, update) => {
  const patch = { litellm_params: { rpm: 1 } }

  it.each<[string, (etag: string) => string]>([
    ['the ETag of the row', (etag) => etag],
    ['a weak one, as a compressing proxy makes it', (etag) => `W/${etag}`],
    ['one of several', (etag) => `"x", ${etag}`],
    ['any', () => '*'],
    ['an ETag without its quotes', (etag) => etag.slice(1, -1)],
    ['nothing', () => ''],
  ])('takes %s', async (_what, header) => {
    const app = await appOver({})
    const { headers } = await app.get('/model/info?litellm_model_id=one')
    const answer = await update(app, 'one', patch).set('If-Match', header(headers['etag'] as string))
    expect([answer.status, answer.body.litellm_params]).toEqual([200, { model: 'x', rpm: 1 }])
  })

  it('refuses one of before, though nothing else stands in the way, and changes nothing', async () => {
    const app = await appOver({})
    const { headers } = await app.get('/model/info?litellm_model_id=one')
    await update(app, 'one', { model_name: 'renamed' })
    const before = await app.model()
    for (const change of [patch, {}]) {
      const { status, body } = await update(app, 'one', change).set('If-Match', headers['etag'] as string)
      expect([status, body]).toEqual([
        412,
        {
          error: {
            message:
              'Model one was changed since it was read. Read it again and send the change with its new ETag.',
            type: 'precondition_failed',
            param: null,
            code: '412',
          },
        },
      ])
    }
    expect(await app.model()).toEqual(before)
  })

  it('says of what is not there that it is not there', async () => {
    const app = await appOver({})
    const { status } = await update(app, 'gone', patch).set('If-Match', '"1"')
    expect([400, 404]).toContain(status)
  })
})

/** The adapter with revisions that begin with this text. */
function revisedAs(text: string, { ...real }: ModelAdapter): ModelAdapter {
  const odd = (model: StoredModel): StoredModel => ({ ...model, revision: text + model.revision })
  const told = <R extends Refusal>(result: WriteResult<R>): WriteResult<R> =>
    result.ok ? { ok: true, model: odd(result.model) } : result
  const back = ({ ifRevision }: WriteCondition = {}): WriteCondition => ({
    ifRevision: ifRevision?.slice(text.length),
  })
  return {
    ...real,
    list: async () => (await real.list()).map(odd),
    async get(id) {
      const model = await real.get(id)
      return model && odd(model)
    },
    create: async (draft) => told(await real.create(draft)),
    update: async (draft, condition) => told(await real.update(draft, back(condition))),
    delete: async (id, condition) => told(await real.delete(id, back(condition))),
  }
}

it.each([
  ['a quote', '1"2'],
  ['the end of a line', 'a\r\nSet-Cookie: x'],
  ['letters beyond ASCII', 'é✓'],
  ['a blank', 'a b'],
  ['very many', 'x'.repeat(100_000)],
])('a revision of an adapter may be of any characters: %s', async (_what, text) => {
  const { get, post, send } = await makeApp({ adapter: revisedAs(text, memoryAdapter()) })
  const created = await post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id: 'one' } })
  const read = await get('/model/info?litellm_model_id=one')
  const etag = created.headers['etag'] as string
  expect([created.status, read.status, read.headers['etag']]).toEqual([200, 200, etag])
  expect(etag).toMatch(/^"[\w-]{43}"$/)
  const change = () => send('patch', '/model/one/update', { model_name: 'n' }).set('If-Match', etag)
  expect([(await change()).status, (await change()).status]).toEqual([200, 412])
})
