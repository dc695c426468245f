import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { JsonObject, JsonValue } from '../../lib/json'
import { mask } from './sequence-steps'
import type { FileContent } from './sequence-steps'

/** One deployment as it should be. Times and revisions are taken from what writes answer: nobody can foretell them. */
export interface Expected {
  readonly id: string
  readonly stored: boolean
  readonly name: string
  readonly params: JsonObject
  readonly info: JsonObject
  readonly extras: JsonObject
  readonly blocked: boolean
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly etag: string | undefined
}

export interface Alias {
  readonly alias: string
  readonly target: string
  readonly hidden: boolean
}

/** What should be there: no cache, no index, no layers. */
export interface Reference {
  file: readonly Expected[]
  aliases: readonly Alias[]
  /** In creation order. */
  stored: readonly Expected[]
}

/** What a write comes to: the status it is answered with, and the rows that are there if it is 200. */
export type Outcome = { readonly refused: number } | { readonly row: Expected }

export const price = 'input_cost_per_token'
const hidden: ReadonlySet<string> = new Set(['api_key', 'aws_session_token'])
/** Keys that the router manages, wherever they are sent. */
const managed: readonly string[] = `id model_id db_model blocked created_at created_by updated_at updated_by
  direct_access access_via_team_ids`.split(/\s+/)

export const teamOf = ({ info }: Pick<Expected, 'info'>): string | undefined =>
  info['team_id'] as string | undefined
export const publicName = ({ name, info }: Pick<Expected, 'name' | 'info'>): string =>
  (info['team_public_model_name'] as string | undefined) ?? name
export const groupsOf = ({ info }: Expected): readonly string[] =>
  (info['access_groups'] ?? []) as readonly string[]

/** The file wins where it has the same id. */
export function servedStored({ file, stored }: Reference): readonly Expected[] {
  return stored.filter(({ id }) => file.every((row) => row.id !== id))
}

export function served(reference: Reference): readonly Expected[] {
  return [...reference.file, ...servedStored(reference)]
}

/** Of two rows of the file with one id, the later answers. */
export function byId(reference: Reference, id: string): Expected | undefined {
  return served(reference).findLast((row) => row.id === id)
}

export function fileRows({ rows }: FileContent): readonly Expected[] {
  return rows.map(({ model_name: name, litellm_params: params, model_info: all = {} }) => {
    const { id, blocked, ...info } = all
    const none = { extras: {}, createdAt: null, updatedAt: null, etag: undefined }
    return {
      ...none,
      id: (id as string) ?? hashed(name, params),
      stored: false,
      name,
      params,
      info,
      blocked: blocked === true,
    }
  })
}

/** LiteLLM's id, of parameters that are texts and whole numbers. */
function hashed(name: string, params: JsonObject): string {
  const text = Object.entries(params).map(([key, value]) => key + (value as string | number))
  return createHash('sha256')
    .update(name + text.join(''))
    .digest('hex')
}

/** What POST /model/new makes of a body; its internal name, where it gets one, is still to be learnt. */
export function created(reference: Reference, body: JsonObject): Outcome {
  const { model_name, litellm_params, model_info, blocked, ...more } = body
  const sent = model_info as JsonObject
  const params = withoutNulls(litellm_params as JsonObject)
  if (Object.values(params).includes(mask)) return { refused: 400 }
  const id = sent['id'] as string | undefined
  if (id !== undefined && [...reference.file, ...reference.stored].some((row) => row.id === id))
    return { refused: 409 }
  const info = withoutNulls(without(sent, managed))
  const name = model_name as string
  const row = {
    id: id ?? '',
    stored: true,
    name,
    params,
    info: teamed(info, name),
    extras: withoutNulls(more),
    blocked: (blocked as boolean | undefined) ?? sent['blocked'] === true,
    createdAt: null,
    updatedAt: null,
    etag: undefined,
  }
  return { row }
}

/** What an update makes of a row. `shown` is its `model_info` as an administrator reads it. */
export function patched(row: Expected, patch: JsonObject, shown: JsonObject): Outcome {
  const { model_name: name, litellm_params, model_info, ...more } = patch
  const params: Record<string, JsonValue> = { ...(litellm_params as JsonObject) }
  const info: Record<string, JsonValue> = { ...without((model_info ?? {}) as JsonObject, managed) }
  // What only comes back as it was read is not meant as a change.
  for (const [key, value] of Object.entries(info))
    if (isDeepStrictEqual(shown[key], value) && !isDeepStrictEqual(row.info[key], value)) delete info[key]
  movePrice(row, params, info)
  const extras: Record<string, JsonValue> = { ...without(more, managed) }
  moveLimit(row, params, extras)
  if (
    Object.entries(params).some(([key, value]) => value === mask && !(hidden.has(key) && key in row.params))
  )
    return { refused: 400 }
  const kept = Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      value === mask ? (row.params[key] as JsonValue) : value,
    ]),
  )
  if (!info['team_id']) delete info['team_id']
  const nextInfo = merged(row.info, info)
  const isRenamed = typeof name === 'string' && name !== row.name && name !== publicName(row)
  const team = teamOf(row)
  const nextName = isRenamed && team === undefined ? name : row.name
  const renamed = isRenamed && team !== undefined ? { ...nextInfo, team_public_model_name: name } : nextInfo
  const said = [more['blocked'], (model_info as JsonObject | undefined)?.['blocked']]
  const next = {
    ...row,
    name: nextName,
    params: merged(row.params, kept),
    info: teamOf({ info: renamed }) === team ? renamed : teamed(renamed, nextName),
    extras: merged(row.extras, changedExtras(row, extras)),
    blocked: said.includes(!row.blocked) ? !row.blocked : row.blocked,
  }
  // A secret that is sent is written, so that nobody learns whether it is the stored one.
  const sent = Object.entries((litellm_params ?? {}) as JsonObject)
  const isSecret = sent.some(([key, value]) => hidden.has(key) && value !== null && value !== mask)
  return { row: isDeepStrictEqual(next, row) && !isSecret ? row : next }
}

/** A limit beside the parameters is shown in them too. */
function withLimit(params: JsonObject, { rpm }: JsonObject): JsonObject {
  return rpm === undefined || 'rpm' in params ? params : { ...params, rpm }
}

/** One that is changed or cleared in the parameters is kept there alone. */
function moveLimit(
  row: Expected,
  params: Record<string, JsonValue>,
  extras: Record<string, JsonValue>,
): void {
  if (!('rpm' in params) || 'rpm' in row.params || !('rpm' in row.extras)) return
  if (params['rpm'] === row.extras['rpm']) delete params['rpm']
  else extras['rpm'] = null
}

/** Beside the parts, an update changes what the row has, and rate limits. */
function changedExtras({ extras }: Expected, sent: JsonObject): JsonObject {
  const known = Object.entries(sent).filter(([key]) => key in extras || key === 'rpm' || key === 'tpm')
  return Object.fromEntries(known)
}

/** A price in the parameters is shown in `model_info` too, so there it can be changed and cleared as well. */
function movePrice(row: Expected, params: Record<string, JsonValue>, info: Record<string, JsonValue>): void {
  const isSaid = price in params && params[price] !== row.params[price]
  if (isSaid && params[price] === null) info[price] ??= null
  if (isSaid || !(price in row.params) || !(price in info)) return
  params[price] = info[price]
  if (info[price] !== null) delete info[price]
}

export function regrouped(row: Expected, group: string, belongs: boolean): Expected {
  if (groupsOf(row).includes(group) === belongs) return row
  const { access_groups: _, ...info } = row.info
  const groups = belongs ? [...groupsOf(row), group] : groupsOf(row).filter((one) => one !== group)
  return { ...row, info: groups.length === 0 ? info : { ...info, access_groups: groups } }
}

export function shownParams({ params, extras }: Pick<Expected, 'params' | 'extras'>): JsonObject {
  const { api_key: _, ...others } = withLimit(params, extras)
  return 'aws_session_token' in others ? { ...others, aws_session_token: mask } : others
}

/** A team's model shows its members the name it came with. */
function teamed(info: JsonObject, name: string): JsonObject {
  return info['team_id'] === undefined
    ? info
    : { ...info, team_public_model_name: publicName({ name, info }) }
}

function merged(object: JsonObject, changes: JsonObject): JsonObject {
  return withoutNulls({ ...object, ...changes })
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !names.includes(key)))
}
