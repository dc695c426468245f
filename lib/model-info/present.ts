import { randomUUID } from 'node:crypto'
import type { Deployment } from '../adapters/adapter'
import { omit, pick, withoutNulls } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { holdsAddress, isAddress } from './addresses'
import type { CostMap } from './cost-map'
import { enrich, enriched } from './enrich'
import { extrasOf } from './extras'
import { isPriceName, numberOrNull } from './prices'
import { paramsWithLimits } from './rate-limits'
import { redactExtras, redactModelInfo, redactParams } from './redact'
import { createRowJsonStore } from './row-json'
import type { RowJsonStore, RowText } from './row-json'

/** When and by whom; `null` throughout for rows of the config file, which keeps no such record. */
export interface Audit {
  readonly createdAt: string | null
  readonly createdBy: string | null
  readonly updatedAt: string | null
  readonly updatedBy: string | null
}

/** What presenting needs to know of a row. */
export interface Presentable {
  readonly id: string
  /** True for rows of the writable adapter, LiteLLM's `db_model`. */
  readonly stored: boolean
  readonly deployment: Deployment
  readonly blocked: boolean
  readonly audit: Audit
  /** The name users call: `team_public_model_name` where there is one. */
  readonly publicName: string
  /** The team that it belongs to; null for none. */
  readonly teamId: string | null
}

/** A deployment that may leave the process: nothing in it is secret. Only this file makes one. */
export type PublicModel = Deployment & { readonly [isPublic]: true }
declare const isPublic: unique symbol

/** How one caller sees one row. Callers for whom the key is equal see the same bytes. */
export interface Audience {
  readonly key: string
  /** Administrators see all parameters; others those on a list. */
  readonly admin: boolean
  /** Whether the caller may use the model without help of a team. */
  readonly direct: boolean
  /** The caller's teams through which it may be used. */
  readonly teams: readonly string[]
}

/** What lists and groups need of a row, from its own keys and the cost map; null where neither knows. */
export interface ModelFacts {
  readonly provider: string | null
  readonly mode: string | null
  readonly maxInputTokens: number | null
  readonly maxOutputTokens: number | null
  readonly inputCost: number | null
  readonly outputCost: number | null
  readonly rpm: number | null
  readonly tpm: number | null
  readonly itpm: number | null
  readonly otpm: number | null
}

export interface Presenter {
  /** The row as the lists show it. */
  model(row: Presentable, audience: Audience): PublicModel
  /** The same as JSON. */
  bytes(row: Presentable, audience: Audience): Buffer
  /** The same, as administrators see it and as others do; in the gap of the latter stands their access. */
  readonly json: Readonly<Record<'admin' | 'others', RowJsonStore<Presentable>>>
  /** What one audience's access is, as text for the gap. */
  access(row: Presentable, audience: Audience): string
  /** `model_info` as the lists show it. */
  info(row: Presentable): JsonObject
  /** A key of it at a time, for those who need a few of many rows. Not for what the core knows itself, as `id`. */
  shown(row: Presentable): (key: string) => JsonValue | undefined
  facts(row: Presentable): ModelFacts
  /** The row as the answer of a write shows it: LiteLLM's table row, without the cost map. */
  record(row: Presentable, audience: Audience): JsonObject
}

/** Audit fields. In `model_info` a client may say them itself; beside it they always say what the core knows. */
export const auditKeys: ReadonlySet<string> = new Set([
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
])

/** Keys of `model_info` that say what the core knows; what a client sends back under them is not stored. */
export const managedInfoKeys: ReadonlySet<string> = new Set([
  'id',
  'db_model',
  'blocked',
  'direct_access',
  'access_via_team_ids',
])

/** The same for keys beside `model_info`: columns of LiteLLM's table row. None of them is an extra of the deployment. */
export const managedKeys: ReadonlySet<string> = new Set(['id', 'model_id', 'blocked', ...auditKeys])

/** What callers who are not administrators see of `litellm_params`: what the model is and costs, not where it runs. */
const publicParamNames: ReadonlySet<string> = new Set([
  'model',
  'custom_llm_provider',
  'base_model',
  'rpm',
  'tpm',
  'max_tokens',
  'temperature',
  'timeout',
  'stream_timeout',
  'tags',
  'drop_params',
  'tiered_pricing',
  'output_vector_size',
  'search_context_cost_per_query',
  'configurable_clientside_auth_params',
])

/** Names that everybody who sees the row has to know it by, and what the core says of it. */
const alwaysShown: ReadonlySet<string> = new Set([...managedInfoKeys, 'team_id', 'team_public_model_name'])

function isCores(name: string, own: JsonObject): boolean {
  return alwaysShown.has(name) || (auditKeys.has(name) && own[name] == null)
}

/** A presenter belongs to one cost map: with another map the bytes are other bytes. */
export function presenterOf(map: CostMap, publicParams?: readonly string[] | 'all'): Presenter {
  // Nobody can write a model that holds the mark.
  const mark = randomUUID()
  const known = new WeakMap<Presentable, ModelFacts>()
  const named = publicParams === undefined || publicParams === 'all' ? undefined : new Set(publicParams)
  const isAll = publicParams === 'all'
  const isPublicParam = (name: string): boolean =>
    named?.has(name) ?? (publicParamNames.has(name) || isPriceName(name))

  function params(row: Presentable, audience: Audience): JsonObject {
    const redacted = redactParams(withoutNulls(paramsWithLimits(row.deployment)))
    if (audience.admin || isAll) return redacted
    return withoutAddresses(pick(redacted, isPublicParam), audience)
  }

  /** As this audience sees it: where something runs is told to administrators only, unless the host opens it by name. */
  function withoutAddresses(object: JsonObject, { admin }: Audience, own: JsonObject = object): JsonObject {
    if (admin || isAll) return object
    return pick(
      object,
      (name, value) =>
        isCores(name, own) || named?.has(name) === true || !(isAddress(name) || holdsAddress(value, name)),
    )
  }

  function model(row: Presentable, audience: Audience): PublicModel {
    const { deployment } = row
    const shown = {
      model_name: shownName(row, audience),
      litellm_params: params(row, audience),
      model_info: {
        ...withoutAddresses(enrich(ownInfo(row), deployment, map), audience, deployment.model_info),
        ...access(row, audience),
      },
      ...withoutAddresses(redactedExtras(deployment), audience),
    }
    return shown as unknown as PublicModel
  }

  /** Callers differ in their access only, so that each row is made into JSON once for all of them. */
  function textFor(row: Presentable, admin: boolean): RowText {
    const audience = { key: '', admin, direct: true, teams: admin ? [] : [mark] }
    const text = JSON.stringify(model(row, audience))
    if (admin) return [text]
    const [before = '', behind] = text.split(accessText(row, audience))
    return behind === undefined ? [before] : [before, behind]
  }

  const json = {
    admin: createRowJsonStore((row: Presentable) => textFor(row, true)),
    others: createRowJsonStore((row: Presentable) => textFor(row, false)),
  }

  return {
    model,
    json,
    access: accessText,
    bytes(row, audience) {
      const { bytes, gap } = json[audience.admin ? 'admin' : 'others'].get(row)
      if (gap === undefined) return bytes
      return Buffer.concat([
        bytes.subarray(0, gap),
        Buffer.from(accessText(row, audience)),
        bytes.subarray(gap),
      ])
    },
    info: (row) => enrich(ownInfo(row), row.deployment, map),
    shown({ deployment }) {
      const value = enriched(deployment.model_info, deployment, map)
      return (key) => {
        const found = value(key)
        // What the cost map says is no secret.
        if (found === undefined || !Object.hasOwn(deployment.model_info, key)) return found
        const shown = redactModelInfo({ [key]: found })[key]
        return holdsAddress(shown ?? null, key) ? undefined : shown
      }
    },
    facts(row) {
      const facts = known.get(row) ?? factsOf(row, map)
      known.set(row, facts)
      return facts
    },
    record: (row, audience) => ({
      model_id: row.id,
      model_name: shownName(row, audience),
      litellm_params: params(row, audience),
      model_info: withoutAddresses(ownInfo(row), audience, row.deployment.model_info),
      blocked: row.blocked,
      created_at: row.audit.createdAt,
      created_by: row.audit.createdBy,
      updated_at: row.audit.updatedAt,
      updated_by: row.audit.updatedBy,
      ...omit(withoutAddresses(redactedExtras(row.deployment), audience), managedKeys),
    }),
  }
}

/**
 * The name by which a row is read and written. The name that the core gives to a team's model is shown to nobody: a client that
 * does not read the name that it wrote creates the model again.
 */
export function shownName(
  {
    deployment,
    publicName,
    teamId,
  }: Pick<Presentable, 'publicName' | 'teamId'> & { readonly deployment: Pick<Deployment, 'model_name'> },
  { admin }: Pick<Audience, 'admin'>,
): string {
  return admin && teamId === null ? deployment.model_name : publicName
}

/** An administrator uses what is no team's own. */
function access({ teamId }: Presentable, { admin, direct, teams }: Audience): JsonObject {
  if (!admin) return { direct_access: direct, access_via_team_ids: teams }
  return { direct_access: teamId === null, access_via_team_ids: teamId === null ? [] : [teamId] }
}

function accessText(row: Presentable, audience: Audience): string {
  return JSON.stringify(access(row, audience)).slice(1, -1)
}

function factsOf({ deployment }: Presentable, map: CostMap): ModelFacts {
  const info = enriched(deployment.model_info, deployment, map)
  const { litellm_params: params } = deployment
  const text = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)
  // Lists of names and groups say these to everybody, beside rows in which credentials and addresses among them are hidden.
  const publicText = (value: JsonValue | undefined): string | null => {
    const shown = text(redactExtras({ value: value ?? null })['value'])
    return shown === null || isAddress(shown) ? null : shown
  }
  // LiteLLM's order: beside the params, in the params, in what is known of the model.
  const limit = (name: string): number | null => numberOrNull(deployment[name] ?? params[name] ?? info(name))
  return {
    provider: publicText(
      text(params['custom_llm_provider']) ??
        map.describe(deployment).provider ??
        text(info('litellm_provider')),
    ),
    mode: publicText(info('mode')),
    maxInputTokens: numberOrNull(info('max_input_tokens')),
    maxOutputTokens: numberOrNull(info('max_output_tokens')),
    inputCost: numberOrNull(info('input_cost_per_token')),
    outputCost: numberOrNull(info('output_cost_per_token')),
    rpm: limit('rpm'),
    tpm: limit('tpm'),
    itpm: limit('itpm'),
    otpm: limit('otpm'),
  }
}

/** The audit fields as `model_info` shows them where the deployment says none itself. */
export function auditInfo({ createdAt, createdBy, updatedAt, updatedBy }: Audit): JsonObject {
  return { created_at: createdAt, created_by: createdBy, updated_at: updatedAt, updated_by: updatedBy }
}

/** What the deployment says of itself, between what the core knows of it. */
function ownInfo({ id, stored, blocked, audit, deployment: { model_info: info } }: Presentable): JsonObject {
  const said = new Set([...auditKeys].filter((key) => info[key] != null))
  return {
    id,
    db_model: stored,
    ...redactModelInfo(omit(info, managedInfoKeys)),
    ...(stored ? { blocked, ...omit(auditInfo(audit), said) } : blocked ? { blocked: true } : {}),
  }
}

function redactedExtras(deployment: Deployment): JsonObject {
  return withoutNulls(redactExtras(extrasOf(deployment)))
}
