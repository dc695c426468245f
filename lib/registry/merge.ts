import type { Deployment } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import { jsonEquals, omit, pick } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { CostMap } from '../model-info/cost-map'
import { stripDerived } from '../model-info/enrich'
import { extrasOf } from '../model-info/extras'
import { auditInfo, auditKeys, managedInfoKeys, managedKeys } from '../model-info/present'
import { isPriceName } from '../model-info/prices'
import { limitsMoved } from '../model-info/rate-limits'
import { restoreMasked } from '../model-info/restore'
import { memberOf } from './leaves'
import type { Row } from './row'
import { namedForTeam, publicNameOf, teamOf } from './team-name'

/** What `POST /model/update` and `PATCH /model/{id}/update` send: checked against `schemas/model-update.json`. */
export interface Patch {
  readonly model_name?: string | null
  readonly litellm_params?: JsonObject | null
  readonly model_info?: JsonObject | null
  readonly blocked?: boolean | null
  /** Names of parameters to remove. */
  readonly litellm_params_to_remove?: readonly string[] | null
  readonly [extra: string]: JsonValue | undefined
}

/** Keys that LiteLLM drops from `litellm_params` without a word, since its own code trips over them. */
export const reservedParams: ReadonlySet<string> = new Set(['self', 'params', '__class__'])

/** Rate limits may stand beside `litellm_params`. Of other keys an update changes only those that the row has. */
const knownExtras: ReadonlySet<string> = new Set(['rpm', 'tpm'])

/** Ownership is not given up by clearing a field. */
const neverCleared: ReadonlySet<string> = new Set(['team_id', 'team_public_model_name'])

/**
 * The deployment after a patch: absent keeps, `null` removes, anything else replaces; a key that comes back as a reader was
 * shown it, masked or derived, keeps what is stored. So a row that was read, edited in one field and sent back whole changes
 * in that field. `shown` is the stored deployment as readers are shown it. Throws `invalid_value` for a mask that stands for nothing.
 */
export function merge(
  { deployment: stored, audit }: Pick<Row, 'deployment' | 'audit'>,
  shown: JsonObject,
  patch: Patch,
  map: CostMap,
): Deployment {
  const { model_name: name, litellm_params: params, model_info: info } = stored
  const ownInfo = withoutShownAudit(omit(patch.model_info ?? {}, managedInfoKeys), info, audit)
  const sentInfo = stripDerived(ownInfo, stored, map)
  const removed = new Set(patch.litellm_params_to_remove)
  const cleared = Object.fromEntries([...removed].map((key) => [key, null]))
  const { params: sentParams, extras: sentExtras } = limitsMoved(stored, {
    params: { ...omit(patch.litellm_params ?? {}, reservedParams), ...cleared },
    extras: changedExtras(patch, extrasOf(stored)),
  })
  const prices = pricesMoved(params, sentParams, sentInfo)
  const nextInfo = merged(info, prices.info, memberOf(shown, 'model_info'), 'model_info')
  const nextParams = merged(params, prices.params, memberOf(shown, 'litellm_params'), 'litellm_params')
  const next: Deployment = {
    model_name: name,
    litellm_params: omit(nextParams, removed),
    model_info: nextInfo,
    ...merged(extrasOf(stored), sentExtras, shown, ''),
    ...renamed(stored, patch.model_name, nextInfo),
  }
  return namedForTeam(next, stored)
}

/** Throws `invalid_body` where a patch removes `model`, or a parameter that it also sets. */
export function assertRemovable({ litellm_params_to_remove: names, litellm_params: params }: Patch): void {
  const removed = new Set(names)
  if (removed.has('model')) throw removalRefused('The required litellm_params.model cannot be removed')
  const both = [...removed].filter((name) => Object.hasOwn(params ?? {}, name)).sort()
  if (both.length > 0)
    throw removalRefused(`Cannot set and remove the same litellm_params keys: ${both.join(', ')}`)
}

function removalRefused(message: string): ModelManagementError {
  const problem = { type: 'value_error', loc: ['body'], msg: `Value error, ${message}` }
  return new ModelManagementError('invalid_body', `${message}.`, { problems: [problem] })
}

/**
 * Without the audit fields that readers are shown and the row does not say itself. Beside the time of creation, another time of
 * change is that of an earlier read.
 */
function withoutShownAudit(sent: JsonObject, own: JsonObject, audit: Row['audit']): JsonObject {
  const shown = auditInfo(audit)
  const isShown = (key: string): boolean => own[key] == null && jsonEquals(sent[key], shown[key])
  const isEarlier = isShown('created_at') && audit.createdAt !== null && !isShown('updated_at')
  const isRead = (key: string): boolean =>
    isShown(key) || (isEarlier && own[key] == null && key.startsWith('updated_'))
  return omit(sent, new Set([...auditKeys].filter(isRead)))
}

/** A new name is the public one where the row belongs to a team; its internal name stays. */
function renamed(stored: Deployment, name: string | null | undefined, info: JsonObject): Partial<Deployment> {
  if (name == null || name === stored.model_name || name === publicNameOf(stored)) return {}
  return teamOf(stored) === null
    ? { model_name: name }
    : { model_info: { ...info, team_public_model_name: name } }
}

function changedExtras(patch: Patch, stored: JsonObject): JsonObject {
  const sent = omit(extrasOf(patch as JsonObject), managedKeys)
  return pick(sent, (key) => knownExtras.has(key) || Object.hasOwn(stored, key))
}

function merged(
  stored: JsonObject,
  sent: JsonObject,
  shown: JsonValue | undefined,
  path: string,
): JsonObject {
  let next: Record<string, JsonValue> | undefined
  for (const key of Object.keys(sent)) {
    const value = sent[key] ?? null
    if (path === 'model_info' && neverCleared.has(key) && (value === null || value === '')) continue
    const before = memberOf(stored, key)
    if (value === null) {
      // Without a value already: a row that comes back whole is no wish to change it.
      if (before !== undefined && before !== null) delete (next ??= { ...stored })[key]
      continue
    }
    const at = path === '' ? key : `${path}.${key}`
    const { value: restored, unknownMasks } = restoreMasked(value, before, memberOf(shown, key), at)
    const [mask] = unknownMasks
    if (mask !== undefined) throw maskRefused(mask)
    if (restored !== before) (next ??= { ...stored })[key] = restored
  }
  return next ?? stored
}

/**
 * A price in `litellm_params` is shown in `model_info` too and wins there. So a price that a client changes where it was
 * shown is changed where it is kept, and clearing it in one place clears it in both. An old price that comes back beside a
 * new one says nothing.
 */
function pricesMoved(
  stored: JsonObject,
  sentParams: JsonObject,
  sentInfo: JsonObject,
): { readonly params: JsonObject; readonly info: JsonObject } {
  const names = [stored, sentParams].flatMap((object) => Object.keys(object).filter(isPriceName))
  if (names.length === 0) return { params: sentParams, info: sentInfo }
  const params: Record<string, JsonValue> = { ...sentParams }
  const info: Record<string, JsonValue> = { ...sentInfo }
  for (const key of new Set(names)) {
    const isKeptHere = Object.hasOwn(stored, key)
    const isSaidHere = Object.hasOwn(params, key) && !(isKeptHere && jsonEquals(params[key], stored[key]))
    const shown = info[key]
    if (isSaidHere) {
      if (params[key] === null) info[key] = shown ?? null
    } else if (isKeptHere && shown !== undefined) {
      params[key] = shown
      if (shown !== null) delete info[key]
    }
  }
  return { params, info }
}

export function maskRefused(param: string): ModelManagementError {
  return new ModelManagementError(
    'invalid_value',
    `${param} is a mask, as readers are shown it in place of a secret. Send the secret itself or leave the key out.`,
    { param },
  )
}
