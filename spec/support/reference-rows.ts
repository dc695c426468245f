import type { JsonObject, JsonValue } from '../../lib/json'
import { price, publicName, shownParams, teamOf } from './reference-model'
import type { Expected } from './reference-model'

/** What the cost map adds to `model_info`, by `litellm_params.model`. */
export type Derived = ReadonlyMap<string, JsonObject>

/** `model_info` as every reader sees it, but for how the reader has access. */
export function infoOf(row: Expected, derived: Derived): JsonObject {
  return {
    ...derived.get(modelOf(row)),
    ...ownInfo(row),
    ...Object.fromEntries(Object.entries(row.params).filter(([key]) => key === price)),
  }
}

function ownInfo({ id, stored, info, blocked, createdAt, updatedAt }: Expected): JsonObject {
  const own = { id, db_model: stored, ...info }
  if (!stored) return blocked ? { ...own, blocked } : own
  const by = { created_by: 'default_user_id', updated_by: 'default_user_id' }
  return { ...own, blocked, created_at: createdAt, updated_at: updatedAt, ...by }
}

/** What every write answers. */
export function record(row: Expected): JsonObject {
  const { id, name, extras, blocked, createdAt, updatedAt } = row
  return {
    ...extras,
    model_id: id,
    model_name: teamOf(row) === undefined ? name : publicName(row),
    litellm_params: shownParams(row),
    model_info: ownInfo(row),
    blocked,
    created_at: createdAt,
    created_by: 'default_user_id',
    updated_at: updatedAt,
    updated_by: 'default_user_id',
  }
}

export function modelOf(row: Expected): string {
  return (row.params['model'] as string | undefined) ?? publicName(row)
}

const numbers = (values: readonly (JsonValue | undefined)[]): readonly number[] =>
  values.filter((value) => typeof value === 'number')
export const most = (values: readonly (JsonValue | undefined)[]) =>
  numbers(values).toSorted((a, b) => b - a)[0] ?? null
export const least = (values: readonly (JsonValue | undefined)[]) =>
  numbers(values).toSorted((a, b) => a - b)[0] ?? null
export const sum = (values: readonly (JsonValue | undefined)[]) =>
  numbers(values).length === 0 ? null : numbers(values).reduce((total, value) => total + value, 0)
