import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { priced, schedulePath, until } from '../support/price-list'

const keys = [{ key: 'sk-viewer', userId: 'v', role: 'proxy_admin_viewer' as const }]
const hourMs = 3_600_000
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string

async function appFor(options: RouterOptions = {}): Promise<TestApp> {
  return makeApp({ auth: { masterKey, keys }, costMap: priced(1), ...options })
}

const unscheduled = { scheduled: false, interval_hours: null, last_run: null, next_run: null }

describe('the schedule of reloads of the cost map', () => {
  it('is told, changed and cancelled', async () => {
    const { get, post, send } = await appFor()
    expect((await get(`${schedulePath}/status`)).body).toEqual(unscheduled)
    expect((await post(`${schedulePath}?hours=6`, undefined)).body).toEqual({
      message: 'Model cost map reload scheduled for every 6 hours',
      status: 'success',
      interval_hours: 6,
      timestamp: iso,
    })
    expect((await get(`${schedulePath}/status`, 'sk-viewer')).body).toEqual({
      scheduled: true,
      interval_hours: 6,
      last_run: null,
      next_run: iso,
    })
    expect((await send('delete', schedulePath)).body).toEqual({
      message: 'Model cost map reload schedule cancelled',
      status: 'success',
      timestamp: iso,
    })
    expect((await get(`${schedulePath}/status`)).body).toEqual(unscheduled)
  })

  it.each([
    ['hours=0', 400, 'Hours must be greater than 0'],
    ['hours=-1', 400, 'Hours must be greater than 0'],
    ['hours=87601', 400, 'Hours must be at most 87600'],
    ['hours=1e300', 400, 'Hours must be at most 87600'],
    ['', 422, [{ type: 'missing', loc: ['query', 'hours'], msg: 'Field required' }]],
    [
      'hours=often',
      422,
      [
        {
          type: 'int_parsing',
          loc: ['query', 'hours'],
          msg: 'Input should be a valid integer, unable to parse string as an integer',
        },
      ],
    ],
  ])('refuses %p', async (query, status, detail) => {
    const { get, post } = await appFor()
    const answer = await post(`${schedulePath}?${query}`, {})
    expect([answer.status, answer.body]).toEqual([status, { detail }])
    expect((await get(`${schedulePath}/status`)).body).toEqual(unscheduled)
  })

  it('comes due from when it was made, however often storage is read meanwhile', async () => {
    const { get, post, router } = await appFor()
    await post(`${schedulePath}?hours=6`, {})
    const next = async (): Promise<string> => (await get(`${schedulePath}/status`)).body.next_run
    const planned = await next()
    await router.registry.reload()
    await router.registry.reload()
    expect(await next()).toBe(planned)
  })

  it('E7 one that is due when an instance starts is done at once', async () => {
    const app = await appFor({ adapter: await scheduled('2026-01-01T00:00:00.000Z', 6) })
    await until(
      app,
      async () => (await app.get(`${schedulePath}/status`)).body.last_run !== '2026-01-01T00:00:00.000Z',
    )
    const { last_run: last, next_run: next } = (await app.get(`${schedulePath}/status`)).body
    expect(Date.parse(next) - Date.parse(last)).toBe(6 * hourMs)
  })

  it('one that was made on a machine whose clock is ahead comes due in its time', async () => {
    const ahead = new Date(Date.now() + 10 * hourMs).toISOString()
    const app = await appFor({ adapter: await scheduled(ahead, 6) })
    const status = async () => (await app.get(`${schedulePath}/status`)).body
    await until(app, async () => (await status()).scheduled === true)
    expect(Date.parse((await status()).next_run) - Date.now()).toBeLessThanOrEqual(6 * hourMs)
  })

  it('leaves what else is among the shared settings', async () => {
    const adapter = memoryAdapter()
    await adapter.writeSettings({ other: { kept: true } })
    const { post } = await appFor({ adapter })
    await post(`${schedulePath}?hours=6`, {})
    expect(await adapter.readSettings()).toEqual({
      other: { kept: true },
      cost_map: { reloaded_at: null, scheduled_at: iso, every_hours: 6 },
    })
  })
})

async function scheduled(at: string, every: number): Promise<ModelAdapter> {
  const adapter = memoryAdapter()
  await adapter.writeSettings({ cost_map: { reloaded_at: at, scheduled_at: at, every_hours: every } })
  return adapter
}
