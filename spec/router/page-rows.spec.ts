import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const costMap = { 'acme/a': { litellm_provider: 'acme' }, 'acme/b': { litellm_provider: 'acme' } }
const deployment = (model_name: string, id: string, info: object = {}): object => ({
  model_name,
  litellm_params: { model: model_name },
  model_info: { id, ...info },
})
const config = files.write({
  model_list: [
    deployment('main', '1'),
    deployment('main', '2', { blocked: true }),
    deployment('acme/*', '3'),
    deployment('other', '4'),
  ],
  router_settings: { model_group_alias: { nick: 'main', patterned: 'acme/x' } },
})

async function idsOf({ get }: TestApp, query: string): Promise<readonly [number, ...string[]]> {
  const { body } = await get(`/v2/model/info?${query}`)
  const rows = body.data as readonly { readonly model_info: { readonly id: string } }[]
  return [body.total_count, ...rows.map(({ model_info: { id } }) => id)]
}

describe('GET /v2/model/info has each deployment once', () => {
  it.each(['show', 'expand'] as const)("with aliases, and patterns under '%s'", async (wildcards) => {
    const app = await makeApp({ config, costMap, wildcards })
    expect(await idsOf(app, '')).toEqual([4, '1', '2', '3', '4'])
    expect(await idsOf(app, 'sortBy=model_name&sortOrder=desc')).toEqual([4, '4', '1', '2', '3'])
    expect(await idsOf(app, 'wildcard_only=true')).toEqual([1, '3'])
    expect(await idsOf(app, 'page=2&size=3')).toEqual([4, '4'])
  })

  it("without patterns under 'hide'", async () => {
    const app = await makeApp({ config, costMap, wildcards: 'hide' })
    expect(await idsOf(app, '')).toEqual([3, '1', '2', '4'])
    expect(await idsOf(app, 'wildcard_only=true')).toEqual([0])
  })

  it('so that an alias finds nothing here, and its rows in the other lists', async () => {
    const app = await makeApp({ config, costMap })
    for (const query of ['model=nick', 'search=nick', 'model=patterned'])
      expect(await idsOf(app, query)).toEqual([0])
    expect(await idsOf(app, 'model=main')).toEqual([2, '1', '2'])
    for (const path of ['/model/info', '/v1/model/info']) {
      const { data } = (await app.get(path)).body as { data: readonly { model_name: string }[] }
      expect(data.filter(({ model_name: name }) => name === 'nick')).toHaveLength(2)
    }
  })

  it('and follows the file when the aliases go and come', async () => {
    const path = files.write({ model_list: [deployment('main', '1')] })
    const app = await makeApp({ config: path, configWatchMs: 0 })
    const seen = []
    for (const model_group_alias of [{}, { nick: 'main' }, {}]) {
      files.rewrite(path, { model_list: [deployment('main', '1')], router_settings: { model_group_alias } })
      await app.router.registry.reload()
      seen.push(await idsOf(app, 'sortBy=model_name'), (await app.get('/model/info')).body.data.length)
    }
    expect(seen).toEqual([[1, '1'], 1, [1, '1'], 2, [1, '1'], 1])
  })
})

describe('GET /v2/model/info?blocked', () => {
  it.each([
    ['blocked=true', [1, '2']],
    ['blocked=false', [3, '1', '3', '4']],
    ['blocked=', [4, '1', '2', '3', '4']],
    ['blocked=true&model=other', [0]],
    ['blocked=true&modelId=1', [0]],
    ['blocked=false&modelId=1', [1, '1']],
  ])('%s', async (query, expected) => {
    expect(await idsOf(await makeApp({ config }), query)).toEqual(expected)
  })

  it('is a switch', async () => {
    const { get } = await makeApp({ config })
    const { status, body } = await get('/v2/model/info?blocked=perhaps')
    expect([status, body.detail[0].loc]).toEqual([422, ['query', 'blocked']])
  })
})

describe('GET /v2/model/info?use_stored_params', () => {
  it('answers with the row as it is stored, and asks for its id', async () => {
    const app = await makeApp({ config })
    const row = (await app.get('/v2/model/info?modelId=1')).body
    expect((await app.get('/v2/model/info?modelId=1&use_stored_params=true')).body).toEqual(row)
    expect((await app.get('/v2/model/info?use_stored_params=false')).status).toBe(200)
    const { status, body } = await app.get('/v2/model/info?use_stored_params=true')
    expect([status, body]).toEqual([400, { detail: 'use_stored_params requires modelId' }])
  })
})
