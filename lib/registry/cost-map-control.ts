import type { ModelSource } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import { isJsonObject, jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { CostMapKeeper } from '../model-info/cost-map-keeper'
import { faultOf } from './fault'
import type { Logger } from '../logger'
import { readSettings, writeSetting } from './shared-settings'

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

/** What all instances share. The times are ISO 8601. */
type Decisions = {
  readonly reloadedAt: string | null
  readonly schedule: { readonly since: string; readonly everyHours: number } | null
}

interface Run {
  /** By the clock of this machine. */
  readonly at: number
  /** By the clock that nobody sets, in its milliseconds. */
  readonly due: number
}

export interface CostMapParts {
  readonly source: ModelSource
  readonly costMap: CostMapKeeper
  readonly logger: Logger
}

const hourMs = 3_600_000
/** After a failure, so that a source that is down is not asked without end. */
const retryMs = 60_000
/** Two clocks that are right are read less than this apart. */
const clocksApartMs = 1000
/** A minute: other hands may have written less, and the source is asked each time. */
const leastHours = 1 / 60
/** Ten years. */
const mostHours = 87_600

export function costMapControl({ source, costMap, logger }: CostMapParts): CostMapControl {
  let decided: Decisions = { reloadedAt: null, schedule: null }
  let run: Run | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false
  // One at a time: what was read before a decision shall not undo it.
  let last: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }

  function decide(changes: Partial<Decisions>): Promise<void> {
    return inTurn(async () => {
      const next = { ...decided, ...changes }
      await share(next)
      adopt(next)
      plan()
    })
  }

  function adopt(next: Decisions): void {
    if (jsonEquals(decided, next)) return
    decided = next
    run = runAfter(next)
  }

  async function share({ reloadedAt, schedule }: Decisions): Promise<void> {
    const { since = null, everyHours = null } = schedule ?? {}
    const decision = { reloaded_at: reloadedAt, scheduled_at: since, every_hours: everyHours }
    await writeSetting(source, 'cost_map', decision)
  }

  function plan(wait = untilNextRun()): void {
    clearTimeout(timer)
    if (wait === null || closed) return
    // A timer of more than 24.8 days fires at once, so it looks again now and then.
    timer = setTimeout(wake, Math.min(Math.max(0, wait), hourMs))
    timer.unref()
  }

  function wake(): void {
    if ((untilNextRun() ?? 1) > 0) return plan()
    reload().catch(report)
  }

  function untilNextRun(): number | null {
    const next = nextRun()
    return next === null ? null : next - Date.now()
  }

  /** When this machine's clock is set back, or was behind another instance's, it is no later for that. */
  function nextRun(): number | null {
    if (run === null) return null
    const due = Date.now() + run.due - performance.now()
    return run.at - due > clocksApartMs ? due : run.at
  }

  async function reload(): Promise<number> {
    const map = await costMap.reload()
    await decide({ reloadedAt: new Date().toISOString() })
    return map.size
  }

  async function take(): Promise<void> {
    const theirs = decisionsIn(await readSettings(source))
    if (theirs === undefined || closed) return
    const { reloadedAt } = decided
    const isNews = theirs.reloadedAt !== reloadedAt
    // What could not be followed is tried again after the next read.
    adopt({ ...theirs, reloadedAt })
    if (isNews) await costMap.reload()
    adopt(theirs)
    plan()
  }

  function report(error: unknown): void {
    if (closed) return
    const { code, message } = faultOf(error)
    logger.error({ code, message }, 'the cost map could not be reloaded; the last good one stays')
    const wait = untilNextRun()
    plan(wait === null ? null : Math.max(wait, retryMs))
  }

  return {
    reload,
    schedule: (hours) => decide({ schedule: { since: new Date().toISOString(), everyHours: hours } }),
    cancel: () => decide({ schedule: null }),
    status() {
      const next = nextRun()
      return {
        scheduled: decided.schedule !== null,
        interval_hours: decided.schedule?.everyHours ?? null,
        last_run: decided.reloadedAt,
        next_run: next === null ? null : new Date(next).toISOString(),
      }
    },
    follow() {
      void inTurn(take).catch(report)
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** Counted from the last reload or from when it was scheduled, whichever is later. */
function runAfter({ reloadedAt, schedule }: Decisions): Run | null {
  if (schedule === null) return null
  const { since, everyHours } = schedule
  const everyMs = everyHours * hourMs
  const at = Math.max(Date.parse(reloadedAt ?? since), Date.parse(since)) + everyMs
  return { at, due: performance.now() + Math.min(at - Date.now(), everyMs) }
}

/** What other instances decided; what does not make sense is left out, since foreign hands may have been there. */
function decisionsIn(settings: JsonObject | null): Decisions | undefined {
  const given = settings?.['cost_map']
  if (!isJsonObject(given)) return undefined
  const { reloaded_at: reloadedAt, scheduled_at: scheduledAt, every_hours: hours } = given
  const isScheduled = typeof hours === 'number' && hours > 0 && hours <= mostHours && isTime(scheduledAt)
  return {
    reloadedAt: isTime(reloadedAt) ? reloadedAt : null,
    schedule: isScheduled ? { since: scheduledAt, everyHours: Math.max(hours, leastHours) } : null,
  }
}

function isTime(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}

/** Hours as the scheduler takes them. */
export function assertHours(hours: number): void {
  if (hours <= 0) throw invalidHours('Hours must be greater than 0')
  if (hours > mostHours) throw invalidHours(`Hours must be at most ${mostHours}`)
}

function invalidHours(message: string): ModelManagementError {
  return new ModelManagementError('invalid_query', message, { param: 'hours' })
}
