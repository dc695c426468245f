import type { JsonObject, JsonValue } from '../json'
import { mapFields } from '../model-info/litellm-names'
import type { ModelFacts, Presenter } from '../model-info/present'
import { numberIn } from '../model-info/prices'
import type { TimeSlices } from '../time-slices'
import { byName } from './by-name'
import { most } from './names'
import type { Row } from './row'
import type { Scope } from './visibility'

/** One entry of `/model_group/info`: what the deployments of one name can do together. */
export type GroupInfo = JsonObject & { readonly model_group: string }

/** Flags that every group has; others are there where a deployment has them. */
const flags = [
  'supports_parallel_function_calling',
  'supports_vision',
  'supports_web_search',
  'supports_url_context',
  'supports_reasoning',
  'supports_function_calling',
] as const
const otherFlags = mapFields.filter(
  (name) => name.startsWith('supports_') && !flags.some((flag) => flag === name),
)

/** One entry a name, in the order of the rows. Limits and prices are the largest of what is known, and null where nothing is. */
export async function groupsOf(
  rows: readonly Row[],
  scope: Scope,
  presenter: Presenter,
  slices: TimeSlices,
  publicGroups: ReadonlySet<string> = new Set(),
): Promise<readonly GroupInfo[]> {
  // One name may have all rows: what is known of each is found before.
  const shown = new Map(await slices.map(rows, (row) => [row, shownOf(row, presenter)] as const))
  return slices.map(byName(rows, scope), ([name, group]) => ({
    ...groupOf(name, group, scope, presenter, shown),
    is_public_model_group: publicGroups.has(name),
  }))
}

/** Of `model_info`, what a group says. */
type Shown = Readonly<Record<string, JsonValue | undefined>>

function shownOf(row: Row, presenter: Presenter): Shown {
  presenter.facts(row)
  const value = presenter.shown(row)
  const keys = ['input_cost_per_pixel', 'supported_openai_params', ...flags, ...otherFlags]
  return Object.fromEntries(keys.map((key) => [key, value(key)]))
}

function groupOf(
  name: string,
  rows: readonly [Row, ...Row[]],
  scope: Scope,
  presenter: Presenter,
  shown: ReadonlyMap<Row, Shown>,
): GroupInfo {
  const facts = rows.map((row) => presenter.facts(row))
  const highest = (pick: (fact: ModelFacts) => number | null): number | null => most(facts.map(pick))
  const sum = (pick: (fact: ModelFacts) => number | null): number | null => {
    const known = facts.map(pick).filter((value) => value !== null)
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
  }
  const values = (key: string): readonly (JsonValue | undefined)[] => rows.map((row) => shown.get(row)?.[key])
  const last = (key: string): JsonValue => values(key).findLast((value) => value != null) ?? null
  return {
    model_group: name,
    providers: [...new Set(facts.flatMap(({ provider }) => (provider === null ? [] : [provider])))],
    max_input_tokens: highest((fact) => fact.maxInputTokens),
    max_output_tokens: highest((fact) => fact.maxOutputTokens),
    input_cost_per_token: highest((fact) => fact.inputCost),
    output_cost_per_token: highest((fact) => fact.outputCost),
    input_cost_per_pixel: most(values('input_cost_per_pixel').map((value) => numberIn(value) ?? null)),
    mode: facts.find(({ mode }) => mode !== null)?.mode ?? 'chat',
    tpm: sum((fact) => fact.tpm),
    rpm: sum((fact) => fact.rpm),
    itpm: sum((fact) => fact.itpm),
    otpm: sum((fact) => fact.otpm),
    ...Object.fromEntries(flags.map((flag) => [flag, capability(values(flag))])),
    ...withoutNulls(otherFlags.map((flag) => [flag, capability(values(flag))])),
    supported_openai_params: last('supported_openai_params') ?? [],
    configurable_clientside_auth_params: clientsideAuth(rows[0], scope, presenter),
    is_public_model_group: false,
    health_status: null,
    health_response_time: null,
    health_checked_at: null,
    // Beyond LiteLLM: the widest deployment overstates what each of them takes.
    token_limits: {
      max_input_tokens: range(facts.map((fact) => fact.maxInputTokens)),
      max_output_tokens: range(facts.map((fact) => fact.maxOutputTokens)),
    },
  }
}

/** As the caller sees it in the row: hosts may be among it. */
function clientsideAuth(row: Row, scope: Scope, presenter: Presenter): JsonValue {
  const name = 'configurable_clientside_auth_params'
  if (row.deployment.litellm_params[name] == null) return null
  return presenter.model(row, scope.audience(row)).litellm_params[name] ?? null
}

function range(values: readonly (number | null)[]): JsonObject {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return { min: null, max: null }
  return { min: known.reduce((least, value) => Math.min(least, value)), max: most(known) }
}

/** True where one deployment can, false where one cannot and none is known to, null where nothing is known. */
function capability(values: readonly (JsonValue | undefined)[]): boolean | null {
  return values.includes(true) ? true : values.includes(false) ? false : null
}

function withoutNulls(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(members.filter(([, value]) => value !== null))
}
