import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { Path } from './path'

/** One value inside of a JSON value that has no members of its own. */
export interface Leaf {
  readonly path: Path
  /** The last name of the path; elements of a list stand under the list's name. */
  readonly name: string
  readonly value: JsonValue
}

export function leavesOf(value: JsonValue, root = new Path()): readonly Leaf[] {
  const leaves: Leaf[] = []
  walk({ path: root, name: root.key, value }, (leaf) => void leaves.push(leaf))
  return leaves
}

function walk(item: Leaf, visit: (leaf: Leaf) => void): void {
  const members = membersOf(item)
  if (members.length === 0) visit(item)
  for (const member of members) walk(member, visit)
}

/** One level further down; nothing for a value without members. */
export function membersOf({ path, name, value }: Leaf): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return []
  if (!isJsonObject(value))
    return value.map((member: JsonValue, at) => ({ path: path.member(String(at)), name, value: member }))
  return Object.entries(value).map(([key, member]) => ({ path: path.member(key), name: key, value: member }))
}

/** The leaves of `value` that are not the same in `other`. */
export function differingLeaves(value: JsonValue, other: JsonValue | undefined, root = new Path()): Leaf[] {
  const leaves: Leaf[] = []
  compare({ path: root, name: root.key, value }, other, leaves)
  return leaves
}

function compare(item: Leaf, other: JsonValue | undefined, found: Leaf[]): void {
  if (item.value === other) return
  const members = membersOf(item)
  if (members.length === 0 && !isEmptyLike(item.value, other)) found.push(item)
  for (const member of members) compare(member, memberOf(other, member.path.key), found)
}

function isEmptyLike(value: JsonValue, other: JsonValue | undefined): boolean {
  return isContainer(value) && isContainer(other) && Array.isArray(value) === Array.isArray(other)
    ? Object.keys(other).length === 0
    : false
}

export function isContainer(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null
}

export function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isContainer(value) && Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined
}
