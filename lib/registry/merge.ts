import type { Deployment } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import { isJsonObject, omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { CostMap } from '../model-info/cost-map'
import { stripDerived } from '../model-info/enrich'
import { managedInfoKeys } from '../model-info/present'
import { redactExtras, redactModelInfo, redactParams } from '../model-info/redact'
import { restoreMasked } from '../model-info/restore'

/** What `POST /model/update` and `PATCH /model/{id}/update` send: checked against `schemas/model-update.json`. */
export interface Patch {
  readonly model_name?: string | null
  readonly litellm_params?: JsonObject | null
  readonly model_info?: JsonObject | null
  readonly blocked?: boolean | null
  readonly [extra: string]: JsonValue | undefined
}

/** Keys of a row or of a request that are not the deployment's own. */
const notExtras: ReadonlySet<string> = new Set([
  'model_name',
  'litellm_params',
  'model_info',
  'blocked',
  'id',
  'model_id',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
])

/** Ownership is not given up by clearing a field. */
const keptOnNull: ReadonlySet<string> = new Set(['team_id', 'team_public_model_name'])

/**
 * The deployment after a patch: absent keeps, `null` removes, anything else replaces; a key that comes back as a reader was
 * shown it, masked or derived, keeps what is stored. So a row that was read, edited in one field and sent back whole changes
 * in that field. Throws `invalid_value` for a mask that stands for nothing.
 */
export function merge(stored: Deployment, patch: Patch, map: CostMap): Deployment {
  const { model_name: name, litellm_params: params, model_info: info, ...extras } = stored
  const sentInfo = stripDerived(omit(patch.model_info ?? {}, managedInfoKeys), stored, map)
  const prices = pricesMoved(params, patch.litellm_params ?? {}, sentInfo)
  const nextParams = merged(params, prices.params, redactParams(params), 'litellm_params')
  const nextInfo = merged(info, prices.info, redactModelInfo(info), 'model_info')
  return {
    model_name: name,
    litellm_params: nextParams,
    model_info: nextInfo,
    ...merged(extras, extrasOf(patch), redactExtras(extras), ''),
    ...renamed(stored, patch.model_name, nextInfo),
  }
}

/** A new name is the public one where the row belongs to a team; its internal name stays. */
function renamed(stored: Deployment, name: string | null | undefined, info: JsonObject): Partial<Deployment> {
  const publicName = stored.model_info['team_public_model_name']
  if (name == null || name === stored.model_name || name === publicName) return {}
  if (typeof stored.model_info['team_id'] !== 'string') return { model_name: name }
  return { model_info: { ...info, team_public_model_name: name } }
}

function extrasOf(patch: Patch): JsonObject {
  return omit(patch as JsonObject, notExtras)
}

function merged(stored: JsonObject, sent: JsonObject, shown: JsonObject, path: string): JsonObject {
  const next: Record<string, JsonValue> = { ...stored }
  for (const [key, value] of Object.entries(sent)) {
    if (value === null) {
      if (!keptOnNull.has(key)) delete next[key]
      continue
    }
    const at = path === '' ? key : `${path}.${key}`
    const { value: restored, unknownMasks } = restoreMasked(value, stored[key], shown[key], at)
    const [mask] = unknownMasks
    if (mask !== undefined) throw maskRefused(mask)
    next[key] = restored
  }
  return next
}

/**
 * A price in `litellm_params` is shown in `model_info` too and wins there. So a price that a client changes where it was
 * shown is changed where it is kept, and clearing it in one place clears it in both.
 */
function pricesMoved(
  stored: JsonObject,
  params: JsonObject,
  info: JsonObject,
): { readonly params: JsonObject; readonly info: JsonObject } {
  const moved = Object.entries(info).filter(([key]) => isPrice(key) && Object.hasOwn(stored, key))
  const cleared = Object.keys(params).filter((key) => isPrice(key) && params[key] === null)
  return {
    params: { ...Object.fromEntries(moved), ...params },
    info: {
      ...omit(info, new Set(moved.filter(([, value]) => value !== null).map(([key]) => key))),
      ...Object.fromEntries(cleared.map((key) => [key, null])),
    },
  }
}

export function isPrice(name: string): boolean {
  return name.includes('cost_per_') || name.includes('_cost') || name === 'tiered_pricing'
}

export function maskRefused(param: string): ModelManagementError {
  return new ModelManagementError(
    'invalid_value',
    `${param} is a mask, as readers are shown it in place of a secret. Send the secret itself or leave the key out.`,
    { param },
  )
}

/** The ids that a body names: the path's wins, then `model_info.id`, then a top-level `id`. */
export function idIn(body: JsonObject): JsonValue | undefined {
  const info = body['model_info']
  const own = isJsonObject(info) ? info['id'] : undefined
  return own ?? body['id']
}
