import { isJsonObject, jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'

/** One value inside of a JSON value that is neither an object nor a list. */
export interface Leaf {
  /** As `extra_headers.Authorization`. */
  readonly path: string
  /** The last name of the path; elements of a list stand under the list's name. */
  readonly name: string
  readonly value: JsonValue
}

/** What is further down than so many levels is left out. */
export function leavesOf(value: JsonValue, path = '', name = '', levels = Infinity): readonly Leaf[] {
  if (levels === 0) return []
  if (Array.isArray(value))
    return value.flatMap((item: JsonValue, at) => leavesOf(item, `${path}.${at}`, name, levels - 1))
  if (!isJsonObject(value)) return [{ path, name, value }]
  return Object.entries(value).flatMap(([key, member]) =>
    leavesOf(member, path === '' ? key : `${path}.${key}`, key, levels - 1),
  )
}

/** The leaves that a reader, to whom `shown` is shown, does not see as they are. */
export function hiddenLeaves(value: JsonObject, shown: JsonObject): readonly Leaf[] {
  const seen = new Map(leavesOf(shown).map((leaf) => [leaf.path, leaf.value] as const))
  return leavesOf(value).filter(
    ({ path, value: leaf }) => !seen.has(path) || !jsonEquals(seen.get(path), leaf),
  )
}

/** Equal for leaves of the same path, name and value. */
export function identity(leaf: Leaf): string {
  return `${leaf.path} ${sameness(leaf)}`
}

/** Equal for leaves of the same name and value, wherever they stand. */
export function sameness({ name, value }: Leaf): string {
  return JSON.stringify([name, value])
}
