import type { JsonObject, JsonValue } from '../json'
import { isAddress } from '../model-info/addresses'
import type { ModelFacts, Presenter } from '../model-info/present'
import type { TimeSlices } from '../time-slices'
import { byName } from './by-name'
import type { NamesShape } from './names-page'
import type { Row } from './row'
import { isWildcard } from './snapshot'
import type { Scope } from './visibility'

export type FallbackType = 'general' | 'context_window' | 'content_policy'

/** What each name falls back to, by kind, as the config file says. */
export type Fallbacks = Readonly<Record<FallbackType, ReadonlyMap<string, readonly string[]>>>

/** What the config file says of names. */
export interface FileLists {
  readonly fallbacks: Fallbacks
  /** `litellm_settings.public_model_groups`. */
  readonly publicGroups: ReadonlySet<string>
}

/** What a client may ask of the list of names. */
export interface NamesOptions {
  readonly teamId?: string
  readonly metadata?: FallbackType
  readonly pricing?: boolean
  /** Also the patterns that models in the list are of. */
  readonly wildcards?: boolean
  /** Names of access groups after the models, or instead of them. */
  readonly groups?: 'also' | 'only'
  readonly shape?: NamesShape
}

export interface NamesParts extends NamesOptions {
  readonly slices: TimeSlices
  readonly fallbacksOf: (name: string) => readonly string[]
  /** The rows that the team may use which is asked for. */
  readonly isOfTeam: ((row: Row) => boolean) | undefined
  readonly publicInfo: readonly string[]
}

/** One entry of `/v1/models`. */
export interface NameEntry {
  readonly id: string
  readonly object: 'model'
  /** Unix seconds. */
  readonly created: number
  readonly owned_by: string
  readonly mode?: string
  readonly max_input_tokens?: number
  readonly max_output_tokens?: number
  /** The same as `max_input_tokens`, under the name that OpenRouter's clients read. */
  readonly context_length?: number
  readonly pricing?: JsonObject
  readonly metadata?: JsonObject
}

/** LiteLLM's constant, for rows of the config file, which know no time of their own. */
const createdUnknown = 1_677_610_602

/** One entry a name, in the order of the rows. A name whose deployments are all paused is left out. */
export async function namesOf(
  rows: readonly Row[],
  scope: Scope,
  presenter: Presenter,
  parts: NamesParts,
): Promise<readonly NameEntry[]> {
  const { isOfTeam, groups } = parts
  const listed = parts.wildcards === true ? withPatterns(rows, scope) : rows
  const usable = isOfTeam === undefined ? listed : listed.filter(isOfTeam)
  const models = groups === 'only' ? [] : await modelsOf(usable, scope, presenter, parts)
  if (groups === undefined) return models
  const taken = new Set(models.map(({ id }) => id))
  const named = new Set(usable.flatMap((row) => row.accessGroups).filter((group) => !taken.has(group)))
  const shown = [...named].filter((group) => scope.admin || (scope.holdsGroup(group) && !isAddress(group)))
  return [...models, ...shown.sort().map(groupEntry)]
}

async function modelsOf(
  rows: readonly Row[],
  scope: Scope,
  presenter: Presenter,
  parts: NamesParts,
): Promise<readonly NameEntry[]> {
  // One name may have all rows: what is known of each is found before.
  await parts.slices.map(rows, presenter.facts)
  const named = byName(rows, scope, parts.isOfTeam !== undefined)
  const entries = await parts.slices.map(named, ([name, group]) => {
    const [first, ...others] = group.filter((row) => !row.blocked)
    return first === undefined ? [] : [entryOf(name, [first, ...others], presenter, parts)]
  })
  return entries.flat()
}

function withPatterns(rows: readonly Row[], scope: Scope): readonly Row[] {
  const both = rows.flatMap((row) => {
    const { standsFor } = row
    return standsFor !== undefined && isWildcard(standsFor) && scope.sees(standsFor)
      ? [standsFor, row]
      : [row]
  })
  return [...new Set(both)]
}

function entryOf(
  name: string,
  rows: readonly [Row, ...Row[]],
  presenter: Presenter,
  parts: NamesParts,
): NameEntry {
  const facts = rows.map((row) => presenter.facts(row))
  const highest = (pick: (fact: ModelFacts) => number | null): number | null => most(facts.map(pick))
  const input = highest((fact) => fact.maxInputTokens)
  const output = highest((fact) => fact.maxOutputTokens)
  const pricing = {
    input_cost_per_token: highest((fact) => fact.inputCost),
    output_cost_per_token: highest((fact) => fact.outputCost),
  }
  const mode = facts.find((fact) => fact.mode !== null)?.mode
  return {
    id: name,
    object: 'model',
    created: createdOf(rows[0]),
    owned_by: facts.find(({ provider }) => provider !== null)?.provider ?? 'openai',
    ...(mode == null ? {} : { mode }),
    ...(input === null ? {} : { max_input_tokens: input }),
    ...(output === null ? {} : { max_output_tokens: output }),
    ...(input === null ? {} : { context_length: input }),
    ...(parts.pricing === true ? { pricing } : {}),
    ...(parts.metadata === undefined ? {} : { metadata: metadataOf(name, rows[0], presenter, parts) }),
  }
}

function metadataOf(
  name: string,
  row: Row,
  presenter: Presenter,
  { fallbacksOf, publicInfo }: NamesParts,
): JsonObject {
  const fallbacks = { fallbacks: [...fallbacksOf(name)] }
  if (publicInfo.length === 0) return fallbacks
  const info = presenter.info(row)
  const shown = publicInfo.flatMap((key): [string, JsonValue][] => {
    const value = info[key]
    return value === undefined ? [] : [[key, value]]
  })
  return { ...fallbacks, model_info: Object.fromEntries(shown) }
}

function groupEntry(id: string): NameEntry {
  return { id, object: 'model', created: createdUnknown, owned_by: 'openai' }
}

function createdOf({ audit }: Row): number {
  const time = Date.parse(audit.createdAt ?? '')
  return Number.isNaN(time) ? createdUnknown : Math.floor(time / 1000)
}

/** The largest of what is known; null when nothing is. */
export function most(values: readonly (number | null)[]): number | null {
  const larger = (one: number | null, other: number | null): number | null =>
    one === null || (other !== null && other > one) ? other : one
  return values.reduce(larger, null)
}
