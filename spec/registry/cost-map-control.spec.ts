import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { assertHours } from '../../lib/registry/cost-map-control'
import { priceOf } from '../support/cost-map'
import {
  at,
  controlled,
  failure,
  hourMs,
  minuteMs,
  pass,
  start,
  unscheduled,
  withSettings,
} from '../support/cost-map-control'

describe('a schedule', () => {
  it.each([0.5, 6, 1000])('of %d hours comes due in its time, again and again', async (hours) => {
    const { control, list } = await controlled()
    await control.schedule(hours)
    const told = { scheduled: true, interval_hours: hours }
    expect(control.status()).toEqual({ ...told, last_run: null, next_run: at(hours) })
    await pass(hours * hourMs - 1)
    expect(list.asked).toBe(0)
    await pass(1)
    expect(list.asked).toBe(1)
    expect(control.status()).toEqual({ ...told, last_run: at(hours), next_run: at(2 * hours) })
    await pass(hours * hourMs)
    expect(list.asked).toBe(2)
  })

  it('counts from the last reload, or from when it was made if that is later', async () => {
    const adapter = memoryAdapter()
    const { control, costMap } = await controlled(adapter)
    await control.schedule(6)
    await pass(2 * hourMs)
    expect(await control.reload()).toBe(costMap.current().size)
    const told = { scheduled: true, interval_hours: 6, last_run: at(2) }
    expect(control.status()).toEqual({ ...told, next_run: at(8) })
    await pass(hourMs)
    await control.schedule(6)
    expect(control.status()).toEqual({ ...told, next_run: at(9) })
    expect(await adapter.readSettings()).toEqual({
      cost_map: { reloaded_at: at(2), scheduled_at: at(3), every_hours: 6 },
    })
  })

  it('that is cancelled comes due no more, and says when it last did', async () => {
    const adapter = memoryAdapter()
    const { control, list } = await controlled(adapter)
    await control.schedule(6)
    await pass(6 * hourMs)
    await control.cancel()
    expect([control.status(), jest.getTimerCount()]).toEqual([{ ...unscheduled, last_run: at(6) }, 0])
    expect(await adapter.readSettings()).toEqual({
      cost_map: { reloaded_at: at(6), scheduled_at: null, every_hours: null },
    })
    await pass(20 * hourMs)
    expect(list.asked).toBe(1)
  })

  it.each<[string, Partial<ModelAdapter>]>([
    ['is read only', { name: 'read only', list: async () => [], get: async () => undefined }],
    [
      'has no place for settings',
      { ...memoryAdapter(), readSettings: undefined, writeSettings: undefined } as never,
    ],
  ])('is kept by this instance alone where storage %s', async (_what, source) => {
    const { control, list, log, follow } = await controlled(source)
    await control.schedule(6)
    await follow()
    expect(control.status()).toEqual({ scheduled: true, interval_hours: 6, last_run: null, next_run: at(6) })
    await pass(6 * hourMs)
    expect([list.asked, control.status().last_run, log]).toEqual([1, at(6), []])
  })

  it('that storage does not take is not made', async () => {
    const down = new Error('down')
    const writeSettings = (): Promise<never> => Promise.reject(down)
    const { control } = await controlled({ ...memoryAdapter(), writeSettings })
    await expect(control.schedule(6)).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'The model store did not take the change, so that other instances do not know of it.',
      cause: down,
    })
    expect(control.status()).toEqual(unscheduled)
  })

  it('comes due no later for a clock that is set back, however often storage is read', async () => {
    const { control, list, follow } = await controlled()
    await control.schedule(6)
    await pass(2 * hourMs)
    jest.setSystemTime(start - 100 * hourMs)
    await follow()
    expect(control.status().next_run).toBe(at(-96))
    await pass(4 * hourMs - 1)
    expect(list.asked).toBe(0)
    await pass(1)
    expect(list.asked).toBe(1)
  })

  it.each([
    ['a second ahead, as two that are right are not read at once', 1000, 1000],
    ['further ahead, since that one is wrong', 1001, 0],
  ])('of an instance whose clock is %s, comes due in its time', async (_what, aheadMs, laterMs) => {
    const since = new Date(start + aheadMs).toISOString()
    const { control, follow } = await controlled(
      await withSettings({ cost_map: { scheduled_at: since, every_hours: 6 } }),
    )
    await follow()
    expect(control.status().next_run).toBe(new Date(start + 6 * hourMs + laterMs).toISOString())
  })

  it.each([1e-9, 1 / 3600])(
    'of %d hours, as other hands may write it, comes due once a minute',
    async (every) => {
      const { control, list, follow } = await controlled(
        await withSettings({ cost_map: { scheduled_at: at(10), every_hours: every } }),
      )
      await follow()
      for (const asked of [1, 2, 3]) {
        await pass(minuteMs - 1)
        expect(list.asked).toBe(asked - 1)
        await pass(1)
        expect(list.asked).toBe(asked)
      }
      control.close()
    },
  )

  it('made before this instance was comes due no later for a clock that is set back', async () => {
    const { control, follow } = await controlled(
      await withSettings({ cost_map: { scheduled_at: at(-2), every_hours: 6 } }),
    )
    await follow()
    jest.setSystemTime(start - 100 * hourMs)
    expect(control.status().next_run).toBe(at(-96))
  })

  it('E5 that finds the source failing asks it once a minute, until it is there again', async () => {
    const { control, list, log, costMap } = await controlled()
    await control.schedule(6)
    list.broken = true
    await pass(6 * hourMs)
    expect([list.asked, log]).toEqual([1, [failure]])
    await pass(minuteMs - 1)
    expect(list.asked).toBe(1)
    await pass(1)
    expect([list.asked, control.status().last_run]).toEqual([2, null])
    list.broken = false
    list.price = 2
    await pass(minuteMs)
    expect([list.asked, priceOf(costMap, 'acme/m'), log]).toEqual([3, 2, [failure, failure]])
    expect(control.status().next_run).toBe(at(12 + 2 / 60))
  })

  it('keeps no process alive and does nothing once it is closed', async () => {
    const { control, list, follow } = await controlled()
    await control.schedule(6)
    control.close()
    expect(jest.getTimerCount()).toBe(0)
    await follow()
    await pass(20 * hourMs)
    expect([list.asked, jest.getTimerCount()]).toEqual([0, 0])
  })
})

it.each([
  [0, 'Hours must be greater than 0'],
  [87_600.5, 'Hours must be at most 87600'],
])('%d hours are refused', (hours, message) => {
  const error = { code: 'invalid_query', message, param: 'hours' }
  expect(() => assertHours(hours)).toThrow(expect.objectContaining(error))
})

it('hours up to the most there are are taken', () => {
  expect(() => assertHours(87_600)).not.toThrow()
})
