import { isWritable } from '../adapters/adapter'
import type { ModelSource } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import type { JsonObject } from '../json'
import type { CostMapKeeper } from '../model-info/cost-map-keeper'
import { faultOf } from './fault'
import type { Logger } from '../logger'

/** How often the cost map is read again, as LiteLLM tells it. */
export interface ReloadSchedule {
  readonly scheduled: boolean
  readonly interval_hours: number | null
  /** ISO 8601. */
  readonly last_run: string | null
  readonly next_run: string | null
}

/** What is decided about the cost map on one instance and holds on all: where storage can share it. */
export interface CostMapControl {
  /** Reads the map again here, then tells the other instances to. Throws `upstream_failed` or `invalid_cost_map`; the old map stays. */
  reload(): Promise<number>
  schedule(hours: number): Promise<void>
  cancel(): Promise<void>
  status(): ReloadSchedule
  /** Looks at what other instances decided. Called after every full read of storage. */
  follow(): void
  close(): void
}

interface Decisions {
  readonly reloadedAt: string | null
  readonly everyHours: number | null
}

export interface CostMapParts {
  readonly source: ModelSource
  readonly costMap: CostMapKeeper
  readonly logger: Logger
}

const hourMs = 3_600_000

export function costMapControl({ source, costMap, logger }: CostMapParts): CostMapControl {
  let decided: Decisions = { reloadedAt: null, everyHours: null }
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function decide(changes: Partial<Decisions>): Promise<void> {
    decided = { ...decided, ...changes }
    plan()
    if (!isWritable(source) || source.writeSettings === undefined) return
    const others = (await source.readSettings?.()) ?? {}
    await source.writeSettings({
      ...others,
      cost_map: { reloaded_at: decided.reloadedAt, every_hours: decided.everyHours },
    })
  }

  function plan(): void {
    clearTimeout(timer)
    const wait = nextRun()
    if (wait === null || closed) return
    timer = setTimeout(() => void reload().catch(report), Math.max(0, wait - Date.now()))
    timer.unref()
  }

  function nextRun(): number | null {
    if (decided.everyHours === null) return null
    const last = decided.reloadedAt === null ? Date.now() : Date.parse(decided.reloadedAt)
    return last + decided.everyHours * hourMs
  }

  async function reload(): Promise<number> {
    const map = await costMap.reload()
    await decide({ reloadedAt: new Date().toISOString() })
    return map.size
  }

  async function take(): Promise<void> {
    const theirs = decisionsIn((await source.readSettings?.()) ?? null)
    if (theirs === undefined || closed) return
    const isNew = theirs.reloadedAt !== decided.reloadedAt
    decided = theirs
    plan()
    if (isNew) await costMap.reload()
  }

  function report(error: unknown): void {
    logger.error(faultOf(error), 'the cost map could not be reloaded; the last good one stays')
    plan()
  }

  return {
    reload,
    schedule: (hours) => decide({ everyHours: hours }),
    cancel: () => decide({ everyHours: null }),
    status() {
      const next = nextRun()
      return {
        scheduled: decided.everyHours !== null,
        interval_hours: decided.everyHours,
        last_run: decided.reloadedAt,
        next_run: next === null ? null : new Date(next).toISOString(),
      }
    },
    follow() {
      void take().catch(report)
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

function decisionsIn(settings: JsonObject | null): Decisions | undefined {
  const given = settings?.['cost_map']
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  const { reloaded_at: at, every_hours: hours } = given as JsonObject
  return {
    reloadedAt: typeof at === 'string' ? at : null,
    everyHours: typeof hours === 'number' ? hours : null,
  }
}

/** Hours as the scheduler takes them. */
export function assertHours(hours: number): void {
  if (hours > 0) return
  throw new ModelManagementError('invalid_query', 'Hours must be greater than 0', { param: 'hours' })
}
