/** Any JSON value. Nothing here is ever changed in place. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same text for equal values, whatever the order of keys. For comparing, never for sending. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
  return `{${members.join(',')}}`
}

/** Whether both are the same JSON, whatever the order of keys; `undefined` counts as null. Ends at the first difference. */
export function jsonEquals(one: unknown, other: unknown): boolean {
  return equals(one, other, jsonEquals)
}

/**
 * The same, and remembers what it has compared: whoever asks about the parts of what differs, and about their parts, takes linear
 * time. Each value of the first kind is to be compared with one of the second.
 */
export function createJsonComparison(): (one: unknown, other: unknown) => boolean {
  const known = new Map<unknown, { readonly other: unknown; readonly isSame: boolean }>()
  return function isSame(one, other) {
    if (typeof one !== 'object' || one === null) return equals(one, other, isSame)
    const before = known.get(one)
    if (before !== undefined && before.other === other) return before.isSame
    const found = equals(one, other, isSame)
    known.set(one, { other, isSame: found })
    return found
  }
}

function equals(one: unknown, other: unknown, isSame: (one: unknown, other: unknown) => boolean): boolean {
  const [a, b] = [one ?? null, other ?? null]
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  const [members, others] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  return keys.every((key) => {
    const [member, counterpart] = [members[key], others[key]]
    if (member === counterpart) return member !== undefined || Object.hasOwn(others, key)
    return Object.hasOwn(others, key) && isSame(member, counterpart)
  })
}

/**
 * Numbers JSON values so that equal ones have equal numbers. Each value is walked once, however often its parts are asked about:
 * comparing the parts of parts by their texts takes quadratic time.
 */
export function createJsonNumbering(): (value: JsonValue | undefined) => number {
  const numbers = new Map<string, number>()
  const known = new WeakMap<object, number>()

  function numberOf(value: JsonValue | undefined): number {
    if (typeof value !== 'object' || value === null) return numbered(JSON.stringify(value ?? null))
    const before = known.get(value)
    if (before !== undefined) return before
    const made = numbered(shapeOf(value))
    known.set(value, made)
    return made
  }

  function shapeOf(value: JsonObject | readonly JsonValue[]): string {
    if (!isJsonObject(value)) return `[${value.map(numberOf).join()}]`
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${numberOf(value[key])}`)
    return `{${members.join()}}`
  }

  function numbered(shape: string): number {
    const number = numbers.get(shape) ?? numbers.size
    numbers.set(shape, number)
    return number
  }

  return numberOf
}

/** A deep copy; unlike `structuredClone`, made of this realm's own plain objects. */
export function copyJson<T extends JsonValue>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Freezes at every depth and returns its argument. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}

/** The same object where nothing in it is null. */
export function withoutNulls(object: JsonObject): JsonObject {
  const set = Object.entries(object).filter(([, value]) => value !== null)
  return set.length === Object.keys(object).length ? object : Object.fromEntries(set)
}

/** The object without the named keys: the same one where it has none of them. */
export function omit(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  for (const key of keys) if (Object.hasOwn(object, key)) return pick(object, (name) => !keys.has(name))
  return object
}

/** The object with these of its members: the same one where they are all. */
export function pick(object: JsonObject, isPicked: (key: string, value: JsonValue) => boolean): JsonObject {
  const keys = Object.keys(object)
  const picked = keys.filter((key) => isPicked(key, object[key] ?? null))
  // `fromEntries` defines members, so that one called `__proto__` stays a member.
  return picked.length === keys.length
    ? object
    : Object.fromEntries(picked.map((key) => [key, object[key] ?? null]))
}

/**
 * Why this cannot be taken for JSON: lists and objects stand inside each other more than so many levels, as they do without end in
 * a circle, or there is a BigInt, which some drivers make of large numbers.
 */
export function notJson(value: unknown, levels: number): 'deep' | 'bigint' | undefined {
  if (typeof value === 'bigint') return 'bigint'
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0) return 'deep'
  // By keys: of an object of thousands of members, `Object.values` is several times as slow.
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const member = (value as Readonly<Record<number | string, unknown>>)[key]
    const found =
      typeof member === 'object' || typeof member === 'bigint' ? notJson(member, levels - 1) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
