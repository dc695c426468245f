import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { JsonObject } from '../../lib/json'
import { costMapControl } from '../../lib/registry/cost-map-control'
import type { CostMapControl } from '../../lib/registry/cost-map-control'
import { loggerInto } from './app'
import type { LogLine } from './app'
import { costMapBench } from './cost-map'
import { priceList } from './price-list'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
/** When every spec that uses this begins, by a clock that only `pass` moves. */
export const start = Date.parse('2026-01-01T00:00:00.000Z')

const bench = costMapBench()
const open: CostMapControl[] = []
beforeEach(() => void jest.useFakeTimers({ now: start }))
afterEach(async () => {
  for (const control of open.splice(0)) control.close()
  await bench.closeAll()
  jest.useRealTimers()
})

export function pass(ms: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(ms)
}

/** So many hours after the start. */
export function at(hours: number): string {
  return new Date(start + hours * hourMs).toISOString()
}

/** The control of one instance over this storage; its price list has been read once. Closed by itself after the spec. */
export async function controlled(source: Partial<ModelAdapter> = memoryAdapter()) {
  const log: LogLine[] = []
  const list = priceList()
  const costMap = bench.keeper({ costMap: () => list.load() })
  await pass(0)
  list.asked = 0
  const control = costMapControl({ source: source as ModelAdapter, costMap, logger: loggerInto(log) })
  open.push(control)
  const follow = (): Promise<void> => {
    control.follow()
    return pass(0)
  }
  return { control, costMap, list, log, follow }
}

export async function withSettings(settings: JsonObject): Promise<ReturnType<typeof memoryAdapter>> {
  const adapter = memoryAdapter()
  await adapter.writeSettings(settings)
  return adapter
}

export const unscheduled = { scheduled: false, interval_hours: null, last_run: null, next_run: null }

/** What the log says of a price list that is broken. */
export const failure = {
  level: 'error',
  details: { code: 'upstream_failed', message: 'The function costMap failed.' },
  message: 'the cost map could not be reloaded; the last good one stays',
}
