import { isJsonObject } from '../json'
import type { JsonObject } from '../json'
import { schemas } from './schemas'
import type { SchemaName } from './schemas'

const yes = new Set(['true', '1', 'yes', 'on', 't', 'y'])
const no = new Set(['false', '0', 'no', 'off', 'f', 'n'])
const decimal = /^[+-]?(\d+(_\d+)*)?(\.\d*)?(e[+-]?\d+)?$/i

/**
 * The value with its typed fields as pydantic would read them: `"6"` is a number where a number is meant, `"yes"` a boolean.
 * What cannot be read is left alone, for the schema to refuse. The input is not changed.
 */
export function coerce(value: unknown, schema: JsonObject): unknown {
  if (!isJsonObject(value)) return lax(value, typesOf(schema))
  let result: Record<string, unknown> | undefined
  // By the fields, of which there are few, whatever else was sent.
  for (const [key, field] of fieldsOf(schema)) {
    if (!Object.hasOwn(value, key)) continue
    const member = value[key]
    const coerced = isUnset(key, member, field) ? null : coerce(member, field)
    if (coerced !== member) (result ??= { ...value })[key] = coerced
  }
  return result ?? value
}

/** A form sends the empty text for what is not set. Where an empty text means something else, the schema or a check says so. */
function isUnset(key: string, value: unknown, field: JsonObject): boolean {
  if (typeof value !== 'string' || value.trim() !== '' || judgedBlank.has(key)) return false
  return typesOf(field).includes('null') && follow(field)['minLength'] === undefined
}

/** Attached to no credential is `null`. */
const judgedBlank: ReadonlySet<string> = new Set(['litellm_credential_name'])

/** The declared properties of a schema, those of its `$ref` and `allOf` included. */
export function fieldsOf(schema: JsonObject): ReadonlyMap<string, JsonObject> {
  const known = fieldsBySchema.get(schema)
  if (known !== undefined) return known
  const fields = new Map<string, JsonObject>()
  const target = follow(schema)
  if (Array.isArray(target['allOf']))
    for (const part of target['allOf'])
      if (isJsonObject(part)) for (const entry of fieldsOf(part)) fields.set(...entry)
  if (isJsonObject(target['properties']))
    for (const [key, field] of Object.entries(target['properties']))
      if (isJsonObject(field)) fields.set(key, field)
  fieldsBySchema.set(schema, fields)
  return fields
}

/** A memo of pure facts about constant files; nothing of any request is in it. */
const fieldsBySchema = new WeakMap<JsonObject, ReadonlyMap<string, JsonObject>>()

function follow(schema: JsonObject): JsonObject {
  const reference = schema['$ref']
  return typeof reference === 'string' ? schemas[reference.replace(/\.json$/, '') as SchemaName] : schema
}

/** The types a schema names, its `$ref` followed; empty when it names none. */
export function typesOf(schema: JsonObject): readonly string[] {
  const type = follow(schema)['type']
  return typeof type === 'string' ? [type] : Array.isArray(type) ? (type as string[]) : []
}

function lax(value: unknown, types: readonly string[]): unknown {
  if (typeof value === 'boolean') return numeric(types) && !types.includes('boolean') ? Number(value) : value
  if (typeof value === 'number') {
    const only = types.includes('boolean') && !numeric(types)
    return only && (value === 0 || value === 1) ? value === 1 : value
  }
  if (typeof value !== 'string' || types.includes('string')) return value
  const text = value.trim()
  if (numeric(types) && /\d/.test(text) && decimal.test(text)) {
    const number = Number(text.replaceAll('_', ''))
    return Number.isFinite(number) ? number : value
  }
  if (types.includes('boolean')) {
    const word = text.toLowerCase()
    return yes.has(word) ? true : no.has(word) ? false : value
  }
  return value
}

function numeric(types: readonly string[]): boolean {
  return types.includes('integer') || types.includes('number')
}
