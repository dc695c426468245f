import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'

/**
 * What a keyword of a JSON Schema holds:
 * - `schema`: a schema, or a list of them;
 * - `properties`: a schema for each name, where `password` is the name of a field and no password;
 * - `names`: names of fields, by themselves or for each name;
 * - `about`: what is said of a value, never the value itself.
 */
export type KeywordKind = 'schema' | 'properties' | 'names' | 'about'

const keywords: ReadonlyMap<string, KeywordKind> = new Map([
  ...each(
    'schema',
    `items prefixItems additionalItems additionalProperties unevaluatedItems unevaluatedProperties contains propertyNames
    anyOf oneOf allOf not if then else contentSchema`,
  ),
  ...each('properties', 'properties patternProperties dependentSchemas $defs definitions'),
  ...each('names', 'required propertyOrdering dependentRequired'),
  ...each(
    'about',
    `$schema $id $ref $anchor $dynamicRef $dynamicAnchor $comment type title description format pattern nullable deprecated
    readOnly writeOnly minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems
    uniqueItems minContains maxContains minProperties maxProperties contentEncoding contentMediaType strict`,
  ),
])

/** Undefined for what may hold a value, as `default`, `const`, `enum` and `examples` do. */
export function kindOfKeyword(name: string): KeywordKind | undefined {
  return keywords.get(name)
}

/** Whether an object is the schema of an object, `{ type: 'object', properties: { … } }`, each property being a schema itself. */
export function isObjectSchema({ type, properties }: JsonObject): boolean {
  if (!isJsonObject(properties)) return false
  const fields = Object.values(properties)
  if (type === undefined)
    return fields.length > 0 && fields.every((field) => isJsonObject(field) && isType(field['type']))
  const isOfObjects = (Array.isArray(type) ? type : [type]).some((one) => isType(one, /^object$/i))
  return isOfObjects && fields.every((field) => isJsonObject(field) || typeof field === 'boolean')
}

/** Some providers write types in capitals. */
function isType(value: JsonValue | undefined, type = anyType): boolean {
  return typeof value === 'string' && type.test(value)
}

const anyType = /^(?:object|array|string|number|integer|boolean|null)$/i

function each(kind: KeywordKind, names: string): readonly [string, KeywordKind][] {
  return names.split(/\s+/).map((name) => [name, kind])
}
