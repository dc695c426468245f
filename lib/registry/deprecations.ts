import type { JsonObject, JsonValue } from '../json'
import type { CostMap } from '../model-info/cost-map'
import { publicKey } from '../model-info/map-fields'
import type { Presenter } from '../model-info/present'
import type { TimeSlices } from '../time-slices'
import type { Row } from './row'
import { nameFor } from './visibility'
import type { Scope } from './visibility'

export interface DeprecationQuery {
  /** Days; a model deprecated within them is imminent. */
  readonly warnWithinDays: number
  /** Days; a model deprecated later is left out. @default none is */
  readonly days?: number
}

export interface DeprecationParts {
  readonly scope: Scope
  readonly presenter: Presenter
  readonly map: CostMap
  readonly slices: TimeSlices
  readonly now: Date
}

const statuses = ['deprecated', 'imminent', 'upcoming'] as const
type Status = (typeof statuses)[number]

type Deprecation = JsonObject & {
  readonly model_name: string
  readonly deprecation_date: string
  readonly days_until_deprecation: number
  readonly status: Status
  readonly successor_model: string | null
}

/** The models whose provider ends them, by urgency, each name and date once. */
export async function deprecationsOf(
  rows: readonly Row[],
  query: DeprecationQuery,
  parts: DeprecationParts,
): Promise<JsonObject> {
  const { days = Infinity, warnWithinDays } = query
  const found = await parts.slices.map(rows, (row) => deprecationOf(row, warnWithinDays, parts))
  const merged = new Map<string, Deprecation>()
  for (const one of found) {
    if (one === undefined || one.days_until_deprecation > days) continue
    const key = JSON.stringify([one.model_name, one.deprecation_date])
    const known = merged.get(key)
    merged.set(key, known === undefined ? one : moreUseful(known, one))
  }
  const sorted = [...merged.values()].sort(
    (one, other) =>
      one.days_until_deprecation - other.days_until_deprecation ||
      (one.model_name < other.model_name ? -1 : 1),
  )
  const lists = statuses.map((status) => [status, sorted.filter((one) => one.status === status)] as const)
  return {
    ...Object.fromEntries(lists),
    warn_within_days: warnWithinDays,
    checked_at: parts.now.toISOString(),
  }
}

function deprecationOf(row: Row, warnWithinDays: number, parts: DeprecationParts): Deprecation | undefined {
  const { scope, presenter, map, now } = parts
  const { key, entry = {}, provider } = map.describe(row.deployment)
  const own = row.deployment.model_info
  const ownDate = dateIn(own['deprecation_date'])
  const date = ownDate ?? dateIn(entry['deprecation_date'])
  if (date === undefined) return undefined
  const shown = presenter.shown(row)
  const days = Math.round((Date.parse(date) - Date.parse(now.toISOString().slice(0, 10))) / dayMs)
  const ownSuccessor = Object.hasOwn(own, 'successor_model') ? textIn(shown('successor_model')) : null
  const successor = ownSuccessor ?? textIn(entry['successor_model'])
  return {
    model_name: nameFor(row, scope),
    team_public_model_name: textIn(own['team_public_model_name']),
    litellm_model: ownDate === undefined ? publicKey(key) : modelIn(row, parts),
    deprecation_date: date,
    days_until_deprecation: days,
    status: days < 0 ? 'deprecated' : days <= warnWithinDays ? 'imminent' : 'upcoming',
    litellm_provider: presenter.facts(row).provider ?? provider ?? null,
    successor_model: successor,
    successor_model_source:
      successor === null ? null : ownSuccessor === null ? 'model_cost_map' : 'deployment_config',
    deprecation_source: textIn(entry['deprecation_source']),
  }
}

/** As the caller sees it in the row. */
function modelIn(row: Row, { scope, presenter }: DeprecationParts): string | null {
  return textIn(presenter.model(row, scope.audience(row)).litellm_params.model)
}

/** Of two rows by one name the first, with the successor that a deployment names before one of the cost map. */
function moreUseful(known: Deprecation, other: Deprecation): Deprecation {
  const isBetter =
    other.successor_model !== null &&
    (known.successor_model === null ||
      (known['successor_model_source'] === 'model_cost_map' &&
        other['successor_model_source'] === 'deployment_config'))
  if (!isBetter) return known
  const { successor_model, successor_model_source = null, deprecation_source = null } = other
  return { ...known, successor_model, successor_model_source, deprecation_source }
}

const dayMs = 86_400_000

/** `2026-05-14`, or a time of that day; undefined for what is no date of the calendar. */
function dateIn(value: JsonValue | undefined): string | undefined {
  const date =
    typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})(?:[T ]\S{1,40})?$/.exec(value.trim())?.[1] : undefined
  const time = date === undefined ? Number.NaN : Date.parse(date)
  // The parser turns 30 February into March.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? undefined : date
}

function textIn(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}
