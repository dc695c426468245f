import { isJsonObject } from '../json'
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

  /** One level further down; nothing for a value without members. */
  get members(): readonly Leaf[] {
    return membersOf(this.value, this, this.name)
  }

  /** The same place with what its text says as JSON. */
  read(value: JsonValue): Leaf {
    return new Leaf(this.#around, this.key, this.name, value)
  }
}

export function membersOf(value: JsonValue | undefined, around: Leaf | Path, name = ''): readonly Leaf[] {
  if (!isContainer(value)) return []
  return isJsonObject(value)
    ? Object.entries(value).map(([key, member]) => new Leaf(around, key, key, member))
    : value.map((member: JsonValue, at) => new Leaf(around, String(at), name, member))
}

/** Those that have no members of their own. */
export function leavesOf(value: JsonValue, around: Path = new Path()): readonly Leaf[] {
  const leaves: Leaf[] = []
  for (const member of membersOf(value, around)) walk(member, leaves)
  return leaves
}

function walk(leaf: Leaf, found: Leaf[]): void {
  const { members } = leaf
  if (members.length === 0) found.push(leaf)
  for (const member of members) walk(member, found)
}

/** The leaves of `value` that are not the same in `other`. */
export function differingLeaves(
  value: JsonValue,
  other: JsonValue | undefined,
  around: Path = new Path(),
): readonly Leaf[] {
  const leaves: Leaf[] = []
  compareMembers(membersOf(value, around), other, leaves)
  return leaves
}

function compareMembers(members: readonly Leaf[], other: JsonValue | undefined, found: Leaf[]): void {
  for (const member of members) {
    const counterpart = memberOf(other, member.key)
    if (member.value === counterpart) continue
    const inner = member.members
    if (inner.length > 0) compareMembers(inner, counterpart, found)
    else if (!areEmptyAlike(member.value, counterpart)) found.push(member)
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
