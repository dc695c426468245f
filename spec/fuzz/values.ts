import * as fc from 'fast-check'
import { isJsonObject } from '../../lib/json'
import type { JsonObject, JsonValue } from '../../lib/json'
import { fieldsOf, typesOf } from '../../lib/schema/coerce'
import { schemas } from '../../lib/schema/schemas'
import type { SchemaName } from '../../lib/schema/schemas'
import { canary, credentialParams } from '../support/canary'

/** Few, so that requests meet each other's models. */
export const ids = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  'e/f',
  'ü',
  '%2F',
  '..',
  'a b',
  '0',
  '__proto__',
  'constructor',
  'file',
)
export const names = fc.constantFrom('m', 'n', 'openai/*', '*', 'gpt-4', 'a/b', 'toString', '[', '(a+)+$')
export const groups = fc.constantFrom('g', 'h', 'x/y', '__proto__', ' ')
export const canaries = fc.nat({ max: 399 }).map(canary)

const oddTexts = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u2028',
  '\ufeff',
  '\u202e',
  '💥',
  'null',
  'undefined',
  'NaN',
  '1e999',
  '0x10',
  '1_0',
  '********',
  'sk-1*****abcd',
  'os.environ/HOME',
  'os.environ/',
  'https://user:pw@host/?key=1',
  '{"a":',
  '"',
  '\\',
  'a'.repeat(300),
)
const oddNumbers = fc.constantFrom(0, -0, -1, 1.5, 1e21, 1e-7, 5e-324, 1e308, 2 ** 53, 2 ** 31, -(2 ** 63))
const leaf: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  oddTexts,
  oddNumbers,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const oddNames = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'id',
    'model_id',
    'blocked',
    'model',
    'team_id',
    'access_groups',
    '',
    '\u0000',
    'self',
    'params',
  ),
)

export const anyJson: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small', depthIdentifier: 'json' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(oddNames, tie('value')), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value

/** A secret where one belongs, so that an answer that repeats what was sent is caught. */
const secretEntry = (title: unknown): fc.Arbitrary<[string, JsonValue]> =>
  // What the user says of a model is masked only where it is plainly a credential.
  fc.tuple(
    fc.constantFrom(...(title === 'ModelInfo' ? ['api_key', 'password', 'hub_token'] : credentialParams)),
    canaries,
  )
const extraEntry = fc.tuple(
  fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__'),
  anyJson,
)

/** Values the property of this name is given, where any text would never meet anything. */
const known: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  id: ids,
  model_id: ids,
  model_ids: fc.array(ids, { maxLength: 3 }),
  litellm_model_id: ids,
  modelId: ids,
  model_name: names,
  model_names: fc.array(names, { maxLength: 3 }),
  model: fc.constantFrom('gpt-4', 'openai/gpt-4', 'x', 'openai/*', '*'),
  access_group: groups,
  access_groups: fc.array(groups, { maxLength: 2 }),
  team_id: fc.constantFrom('t', 'u'),
  teamId: fc.constantFrom('t', 'u'),
  search: fc.constantFrom('m', 'GPT', '.*', '('),
  sortBy: fc.constantFrom('model_name', 'created_at', 'updated_at', 'costs', 'status', 'toString'),
  sortOrder: fc.constantFrom('asc', 'desc', ''),
  scope: fc.constantFrom('expand', 'all'),
}

/** What a schema of `schemas/` allows, now and then spelled as pydantic also takes it. */
export function fitting(given: JsonObject, depth = 0): fc.Arbitrary<JsonValue> {
  const reference = given['$ref']
  const schema = typeof reference === 'string' ? schemas[reference.replace('.json', '') as SchemaName] : given
  const fields = fieldsOf(schema)
  if (fields.size > 0) return object(schema, fields, depth)
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as JsonValue[]))
  const types = typesOf(schema)
  return types.length === 0 ? anyJson : fc.oneof(...types.map((type) => ofType(type, schema, depth)))
}

function object(
  schema: JsonObject,
  fields: ReadonlyMap<string, JsonObject>,
  depth: number,
): fc.Arbitrary<JsonValue> {
  const required = Array.isArray(schema['required']) ? (schema['required'] as string[]) : []
  const memberOf = new Map(
    Array.from(fields, ([name, field]) => {
      const value = depth > 2 ? leaf : (known[name] ?? fitting(field, depth + 1))
      return [name, value.map((made): [string, JsonValue] => [name, made])] as const
    }),
  )
  const must = required.flatMap((name) => memberOf.get(name) ?? [])
  const often = Object.keys(known).flatMap((name) => memberOf.get(name) ?? [])
  const may = fc.oneof(
    ...memberOf.values(),
    ...often.map((arbitrary) => ({ arbitrary, weight: 6 })),
    { arbitrary: extraEntry, weight: 4 },
    { arbitrary: secretEntry(schema['title']), weight: depth === 1 ? 6 : 0 },
  )
  return fc
    .tuple(fc.tuple(...must), fc.array(may, { maxLength: 4 }))
    .map(([first, more]) => Object.fromEntries([...more, ...first]))
}

function ofType(type: string, schema: JsonObject, depth: number): fc.Arbitrary<JsonValue> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.constantFrom<JsonValue>(true, false, 'yes', 'off', 1)
    case 'integer':
      return fc.oneof(
        fc.integer({ min: 1, max: 2000 }),
        fc.constantFrom<JsonValue>('7', ' 12 ', 2 ** 53, true, '1_000'),
      )
    case 'number':
      return fc.oneof(
        fc.double({ noNaN: true, min: 0, max: 10 }),
        fc.constantFrom<JsonValue>('1e-7', 0, '.5'),
      )
    case 'array': {
      const { items } = schema as { readonly items?: JsonObject }
      return fc.array(items === undefined ? anyJson : fitting(items, depth + 1), { maxLength: 3 })
    }
    case 'object':
      return fc.dictionary(
        oddNames.filter((name) => name !== '__proto__'),
        anyJson,
        { maxKeys: 3 },
      )
    default:
      return fc.oneof(names, fc.string({ minLength: 1, maxLength: 10 }), oddTexts)
  }
}

/** Fits the schema but for one place. */
function mutated(base: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  const odd = fc.oneof(
    anyJson,
    canaries.map((secret) => ({ api_key: secret })),
  )
  return fc
    .tuple(base, fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 3 }), odd, fc.nat({ max: 5 }))
    .map(([value, path, to, how]) => mutate(value, path, to, how))
}

function mutate(value: JsonValue, path: readonly number[], to: JsonValue, how: number): JsonValue {
  const [step = 0, ...rest] = path
  if (typeof value !== 'object' || value === null) return to
  const entries = Object.entries(value)
  const chosen = entries[step % (entries.length + 1)]
  if (chosen === undefined) return isJsonObject(value) ? { ...value, extra: to } : [...value, to]
  const [key, member] = chosen
  const isLast = rest.length === 0
  if (isLast && how === 0)
    return rebuilt(
      value,
      entries.filter(([name]) => name !== key),
    )
  const next = isLast ? to : mutate(member, rest, to, how)
  return rebuilt(
    value,
    entries.map(([name, old]) => [name, name === key ? next : old]),
  )
}

function rebuilt(like: JsonValue, entries: readonly [string, JsonValue][]): JsonValue {
  return Array.isArray(like) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
}

/** Bodies or queries for a schema: mostly fitting, often nearly, sometimes anything. */
export function around(name: SchemaName): fc.Arbitrary<JsonValue> {
  const base = fitting(schemas[name])
  return fc.oneof(
    { arbitrary: base, weight: 6 },
    { arbitrary: mutated(base), weight: 4 },
    { arbitrary: anyJson, weight: 1 },
  )
}
