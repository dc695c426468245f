import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const dayMs = 86_400_000
const today = Date.parse(new Date().toISOString().slice(0, 10))
const day = (from: number): string => new Date(today + from * dayMs).toISOString().slice(0, 10)

const costMap = {
  'acme/old': { litellm_provider: 'acme', deprecation_date: day(-400), successor_model: 'acme/new' },
  'acme/soon': { litellm_provider: 'acme', deprecation_date: day(20) },
  'acme/later': { litellm_provider: 'acme', deprecation_date: day(200) },
  'acme/new': { litellm_provider: 'acme' },
}
const deployment = (name: string, model: string, info: object = {}): object => ({
  model_name: name,
  litellm_params: { model },
  model_info: info,
})
const config = files.write({
  model_list: [
    deployment('later', 'acme/later'),
    deployment('old', 'acme/old'),
    deployment('old', 'acme/old', { successor_model: 'replacement' }),
    deployment('own', 'acme/new', { deprecation_date: `${day(5)}T12:00:00Z` }),
    deployment('wrong', 'acme/soon', { deprecation_date: '2030-02-30' }),
    deployment('word', 'acme/new', { deprecation_date: 'soon' }),
    deployment('fine', 'acme/new'),
    deployment('ours', 'acme/soon', { team_id: 't', team_public_model_name: 'ours' }),
  ],
  router_settings: { model_group_alias: { nick: 'old' } },
})
const keys = [{ key: 'sk-one', userId: 'u', role: 'internal_user' as const, models: ['own'] }]

async function appFor(): Promise<TestApp> {
  return makeApp({ config, costMap, auth: { masterKey, keys } })
}

const entry = (name: string, model: string, days: number, status: string, more: object = {}): object => ({
  model_name: name,
  team_public_model_name: null,
  litellm_model: model,
  deprecation_date: day(days),
  days_until_deprecation: days,
  status,
  litellm_provider: 'acme',
  successor_model: null,
  successor_model_source: null,
  deprecation_source: null,
  ...more,
})
const own = entry('own', 'acme/new', 5, 'imminent')
const old = entry('old', 'acme/old', -400, 'deprecated', {
  successor_model: 'replacement',
  successor_model_source: 'deployment_config',
})
const ours = entry('ours', 'acme/soon', 20, 'imminent', { team_public_model_name: 'ours' })
const wrong = entry('wrong', 'acme/soon', 20, 'imminent')
const later = entry('later', 'acme/later', 200, 'upcoming')
const checked_at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
const as = (status: string, ...entries: object[]): object[] => entries.map((one) => ({ ...one, status }))

describe.each(['/model/deprecations', '/v1/model/deprecations'])('GET %s', (path) => {
  it('lists by urgency what the rows or the cost map give a date for, each name and date once', async () => {
    const { get } = await appFor()
    const { status, body } = await get(path)
    expect([status, body]).toEqual([
      200,
      {
        deprecated: [old],
        imminent: [own, ours, wrong],
        upcoming: [later],
        warn_within_days: 30,
        checked_at,
      },
    ])
  })

  it.each([
    ['warn_within_days=10', { imminent: [own], upcoming: [...as('upcoming', ours, wrong), later] }, 10],
    ['days=10', { imminent: [own], upcoming: [] }, 10],
    ['days=300', { imminent: [own, ours, wrong, ...as('imminent', later)], upcoming: [] }, 300],
    ['days=50&warn_within_days=10', { imminent: [own], upcoming: as('upcoming', ours, wrong) }, 10],
    ['days=0', { imminent: [], upcoming: [] }, 0],
  ])('?%s', async (query, lists, days) => {
    const { get } = await appFor()
    const { body } = await get(`${path}?${query}`)
    expect(body).toEqual({ deprecated: [old], ...lists, warn_within_days: days, checked_at })
  })

  it('shows a caller what the caller sees, and nobody else anything', async () => {
    const { get } = await appFor()
    const { body } = await get(path, 'sk-one')
    expect(body).toEqual({ deprecated: [], imminent: [own], upcoming: [], warn_within_days: 30, checked_at })
    expect((await get(path, null)).status).toBe(401)
    expect((await get(`${path}?days=soon`)).status).toBe(422)
  })
})

it('a deployment’s own date says no address of its model to callers', async () => {
  const model = 'openai/http://10.0.0.1/v1'
  const model_list = [
    deployment('m', model, { deprecation_date: day(1), successor_model: 'http://10.0.0.2' }),
  ]
  const auth = { masterKey, keys: [{ key: 'sk-all', userId: 'u', role: 'internal_user' as const }] }
  const { get } = await makeApp({ config: files.write({ model_list }), auth })
  const { body } = await get('/model/deprecations', 'sk-all')
  expect(body.imminent).toMatchObject([{ model_name: 'm', litellm_model: null, successor_model: null }])
})
