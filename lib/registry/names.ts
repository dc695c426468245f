import type { JsonObject, JsonValue } from '../json'
import type { Presenter } from '../model-info/present'
import type { Row } from './row'
import { nameFor } from './visibility'
import type { Scope } from './visibility'

export type FallbackType = 'general' | 'context_window' | 'content_policy'

/** What each name falls back to, by kind, as the config file says. */
export type Fallbacks = Readonly<Record<FallbackType, ReadonlyMap<string, readonly string[]>>>

/** What a client may ask of the list of names. */
export interface NamesOptions {
  readonly teamId?: string
  readonly metadata?: FallbackType
  readonly pricing?: boolean
  /** Names of access groups after the models, or instead of them. */
  readonly groups?: 'also' | 'only'
}

export interface NamesParts extends NamesOptions {
  readonly fallbacks: Fallbacks
  readonly publicInfo: readonly string[]
}

/** One entry of `/v1/models`. */
export interface NameEntry {
  readonly id: string
  readonly object: 'model'
  /** Unix seconds. */
  readonly created: number
  readonly owned_by: string
  readonly max_input_tokens?: number
  readonly max_output_tokens?: number
  readonly pricing?: JsonObject
  readonly metadata?: JsonObject
}

/** LiteLLM's constant, for rows of the config file, which know no time of their own. */
const createdUnknown = 1_677_610_602

/** One entry a name, in the order of the rows. A name whose deployments are all paused is left out. */
export function namesOf(
  rows: readonly Row[],
  scope: Scope,
  presenter: Presenter,
  parts: NamesParts,
): readonly NameEntry[] {
  const { teamId, groups } = parts
  const usable = teamId === undefined ? rows : rows.filter((row) => scope.usableBy(row, teamId))
  const byName = new Map<string, Row[]>()
  for (const row of usable) {
    if (row.blocked) continue
    const name = nameFor(row, scope)
    const group = byName.get(name)
    if (group === undefined) byName.set(name, [row])
    else group.push(row)
  }
  const models =
    groups === 'only' ? [] : [...byName].map(([name, group]) => entryOf(name, group, presenter, parts))
  if (groups === undefined) return models
  const named = new Set(usable.flatMap((row) => row.accessGroups))
  return [...models, ...[...named].sort().map(groupEntry)]
}

function entryOf(
  name: string,
  [first, ...others]: readonly Row[],
  presenter: Presenter,
  parts: NamesParts,
): NameEntry {
  const rows = first === undefined ? others : [first, ...others]
  const facts = rows.map((row) => presenter.facts(row))
  const input = most(facts.map((one) => one.maxInputTokens))
  const output = most(facts.map((one) => one.maxOutputTokens))
  const [fact] = facts
  return {
    id: name,
    object: 'model',
    created: createdOf(first),
    owned_by: fact?.provider ?? 'openai',
    ...(input === null ? {} : { max_input_tokens: input }),
    ...(output === null ? {} : { max_output_tokens: output }),
    ...(parts.pricing === true
      ? {
          pricing: {
            input_cost_per_token: fact?.inputCost ?? null,
            output_cost_per_token: fact?.outputCost ?? null,
          },
        }
      : {}),
    ...(parts.metadata === undefined
      ? {}
      : { metadata: metadataOf(name, first, presenter, parts, parts.metadata) }),
  }
}

function metadataOf(
  name: string,
  row: Row | undefined,
  presenter: Presenter,
  { fallbacks, publicInfo }: NamesParts,
  type: FallbackType,
): JsonObject {
  const falls = { fallbacks: [...(fallbacks[type].get(name) ?? [])] }
  if (row === undefined || publicInfo.length === 0) return falls
  const info = presenter.info(row)
  const shown: [string, JsonValue][] = publicInfo.flatMap((key) => {
    const value = info[key]
    return value === undefined ? [] : [[key, value]]
  })
  return { ...falls, model_info: Object.fromEntries(shown) }
}

function groupEntry(id: string): NameEntry {
  return { id, object: 'model', created: createdUnknown, owned_by: 'openai' }
}

function createdOf(row: Row | undefined): number {
  const time = Date.parse(row?.audit.createdAt ?? '')
  return Number.isNaN(time) ? createdUnknown : Math.floor(time / 1000)
}

/** The largest of what is known; null when nothing is. */
export function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
