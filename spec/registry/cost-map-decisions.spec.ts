import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import type { JsonObject } from '../../lib/json'
import { at, controlled, failure, pass, unscheduled, withSettings } from '../support/cost-map-control'
import { gate } from '../support/gate'

describe('E7 what another instance decided', () => {
  /** Two instances on one store. */
  async function two() {
    const store = memoryStore()
    return {
      one: await controlled(memoryAdapter({ store })),
      other: await controlled(memoryAdapter({ store })),
    }
  }

  it('is followed after a read of storage, a reload once', async () => {
    const { one, other } = await two()
    await one.control.schedule(6)
    await other.follow()
    expect([other.list.asked, other.control.status()]).toEqual([0, one.control.status()])
    await one.control.reload()
    await other.follow()
    await other.follow()
    expect([other.list.asked, other.control.status()]).toEqual([1, one.control.status()])
    await one.control.cancel()
    await other.follow()
    expect([other.list.asked, other.control.status()]).toEqual([1, one.control.status()])
  })

  it('E5 is tried again after the next read where the source fails; a schedule holds at once', async () => {
    const { one, other } = await two()
    await one.control.reload()
    await one.control.cancel()
    other.list.broken = true
    await other.follow()
    // Without a schedule it is only tried again after the next read.
    expect([other.control.status(), other.log, jest.getTimerCount()]).toEqual([unscheduled, [failure], 0])
    await one.control.schedule(6)
    await other.follow()
    expect(other.control.status()).toEqual({ ...one.control.status(), last_run: null })
    other.list.broken = false
    await other.follow()
    expect([other.list.asked, other.control.status()]).toEqual([3, one.control.status()])
  })

  it('is not undone by a read that began before a decision of this one', async () => {
    const adapter = await withSettings({ cost_map: { scheduled_at: at(0), every_hours: 1 } })
    const slow = gate()
    let reads = 0
    const readSettings = async (): Promise<JsonObject | null> => {
      const settings = await adapter.readSettings()
      if (reads++ === 0) await slow.passed
      return settings
    }
    const { control } = await controlled({ ...adapter, readSettings })
    control.follow()
    const made = control.schedule(6)
    await pass(0)
    slow.open()
    await made
    expect(control.status().interval_hours).toBe(6)
  })

  it('is not followed any more by one that is closed, whatever comes of the reload', async () => {
    const slow = gate()
    const adapter = await withSettings({
      cost_map: { reloaded_at: at(-1), scheduled_at: at(0), every_hours: 6 },
    })
    const readSettings = (): Promise<JsonObject | null> => slow.passed.then(adapter.readSettings)
    const { control, list, follow } = await controlled({ ...adapter, readSettings })
    await follow()
    control.close()
    slow.open()
    await pass(0)
    expect([list.asked, control.status(), jest.getTimerCount()]).toEqual([0, unscheduled, 0])
  })

  it('says nothing of a source that fails after the end', async () => {
    const { control, list, log, follow } = await controlled(
      await withSettings({ cost_map: { reloaded_at: at(-1) } }),
    )
    const slow = gate()
    const { load } = list
    list.load = () => slow.passed.then(load)
    list.broken = true
    await follow()
    control.close()
    slow.open()
    await pass(0)
    expect(log).toEqual([])
  })

  const ofTheirs = { last_run: null, scheduled: true, interval_hours: 6, next_run: at(6) }

  const eachMinute = { ...ofTheirs, interval_hours: 1 / 60, next_run: at(1 / 60) }

  it.each<[string, JsonObject, object]>([
    ['nothing of it', { other: { kept: true } }, unscheduled],
    ['a text', { cost_map: 'often' }, unscheduled],
    ['nothing in it', { cost_map: {} }, unscheduled],
    ['no hours', { cost_map: { scheduled_at: at(0) } }, unscheduled],
    ['hours as a text', { cost_map: { scheduled_at: at(0), every_hours: '6' } }, unscheduled],
    ['no hours at all', { cost_map: { scheduled_at: at(0), every_hours: 0 } }, unscheduled],
    ['hours below none', { cost_map: { scheduled_at: at(0), every_hours: -1 } }, unscheduled],
    ['a tiny part of an hour', { cost_map: { scheduled_at: at(0), every_hours: 1e-9 } }, eachMinute],
    ['less than a minute', { cost_map: { scheduled_at: at(0), every_hours: 1 / 61 } }, eachMinute],
    ['a minute', { cost_map: { scheduled_at: at(0), every_hours: 1 / 60 } }, eachMinute],
    ['too many hours', { cost_map: { scheduled_at: at(0), every_hours: 87_601 } }, unscheduled],
    ['no time', { cost_map: { every_hours: 6 } }, unscheduled],
    ['no time that is one', { cost_map: { scheduled_at: 'now', every_hours: 6 } }, unscheduled],
    ['a number as the time', { cost_map: { scheduled_at: 5, every_hours: 6 } }, unscheduled],
    [
      'a reload at no time',
      { cost_map: { scheduled_at: at(0), every_hours: 6, reloaded_at: 'soon' } },
      ofTheirs,
    ],
    ['a reload at a number', { cost_map: { scheduled_at: at(0), every_hours: 6, reloaded_at: 5 } }, ofTheirs],
    [
      'the most hours there are',
      { cost_map: { scheduled_at: at(0), every_hours: 87_600 } },
      { ...ofTheirs, interval_hours: 87_600, next_run: at(87_600) },
    ],
  ])('is taken as far as it makes sense: %s', async (_what, settings, wanted) => {
    const { control, list, log, follow } = await controlled(await withSettings(settings))
    await follow()
    expect([control.status(), list.asked, log]).toEqual([wanted, 0, []])
  })
})
