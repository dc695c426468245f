import type { JsonObject, JsonValue } from '../json'
import { Path } from './path'

/** A value inside of a JSON value. Its path is made when it is asked for, which it is of few. */
export class Leaf {
  readonly key: string
  /** The last name of the path; elements of a list stand under the list's name. */
  readonly name: string
  readonly value: JsonValue
  readonly #around: Leaf | Path
  #path: Path | undefined

  constructor(around: Leaf | Path, key: string, name: string, value: JsonValue) {
    this.#around = around
    this.key = key
    this.name = name
    this.value = value
  }

  /** As `extra_headers.Authorization`. */
  get path(): Path {
    this.#path ??= (this.#around instanceof Leaf ? this.#around.path : this.#around).member(this.key)
    return this.#path
  }

  /** The same place with what its text says as JSON. */
  read(value: JsonValue): Leaf {
    return new Leaf(this.#around, this.key, this.name, value)
  }
}

/** The keys of a list are its numbers; no other value has any. */
export function keysOf(value: JsonValue | undefined): readonly string[] {
  return isContainer(value) ? Object.keys(value) : []
}

/** `name` is the one that the elements of a list stand under. */
export function leafIn(container: JsonValue, key: string, around: Leaf | Path, name = ''): Leaf {
  return new Leaf(around, key, Array.isArray(container) ? name : key, (container as JsonObject)[key] ?? null)
}

/** Those that have no members of their own. */
export function leavesOf(value: JsonValue, around: Path = new Path()): readonly Leaf[] {
  return differingLeaves(value, undefined, around)
}

/** The leaves of `value` that are not the same in `other`. */
export function differingLeaves(
  value: JsonValue,
  other: JsonValue | undefined,
  around: Path = new Path(),
): readonly Leaf[] {
  const leaves: Leaf[] = []
  collect(value, keysOf(value), other, around, '', leaves)
  return leaves
}

/** What is the same in both is passed over without being taken apart. */
function collect(
  value: JsonValue,
  keys: readonly string[],
  other: JsonValue | undefined,
  around: Leaf | Path,
  name: string,
  found: Leaf[],
): void {
  for (const key of keys) {
    const counterpart = memberOf(other, key)
    if ((value as JsonObject)[key] === counterpart) continue
    const leaf = leafIn(value, key, around, name)
    const inner = keysOf(leaf.value)
    if (inner.length > 0) collect(leaf.value, inner, counterpart, leaf, leaf.name, found)
    else if (!areEmptyAlike(leaf.value, counterpart)) found.push(leaf)
  }
}

/** Both are containers without members, and of one kind. */
function areEmptyAlike(value: JsonValue, other: JsonValue | undefined): boolean {
  return (
    isContainer(value) &&
    isContainer(other) &&
    Array.isArray(value) === Array.isArray(other) &&
    Object.keys(other).length === 0
  )
}

export function isContainer(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null
}

export function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isContainer(value) && Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined
}

/** What stands at a path. */
export function valueAt(value: JsonValue, { keys }: Path): JsonValue | undefined {
  return keys.reduce<JsonValue | undefined>(memberOf, value)
}
