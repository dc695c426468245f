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
