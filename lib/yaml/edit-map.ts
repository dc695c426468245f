import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { blockLines, flowText, inlineText } from './dump'
import type { Written, WrittenMap, WrittenMember } from './layout'
import { plain, str } from './python-text'
import { blockEnd, breakOf, columnOf, indented, lineEnd, lineStart, linesAt } from './splice'
import type { Splice } from './splice'
import type { MapTree, Tree } from './tree'

/** Keys whose place does not matter: in the mapping itself, and by the name of a member, in that member. */
export interface Loose {
  readonly keys: ReadonlySet<string>
  readonly within?: Readonly<Record<string, ReadonlySet<string>>>
}

const strict: Loose = { keys: new Set() }

/**
 * The edits that make a mapping mean `after`: lines of other members, comments and quotes stay. `undefined` where that
 * cannot be done member by member. The order of keys matters, except for the `loose` ones.
 */
export function mapEdits(
  text: string,
  map: Written,
  tree: Tree,
  after: JsonObject,
  loose = strict,
): readonly Splice[] | undefined {
  if (map.kind !== 'map' || tree.kind !== 'map') return undefined
  const before = Array.from(tree.entries.values(), ({ key, value }) => ({ name: str(key), key, value }))
  const kept = before.filter(({ name }) => Object.hasOwn(after, name))
  const had = new Set(before.map(({ name }) => name))
  const added = Object.keys(after).filter((name) => !had.has(name))
  if (kept.length === 0 || !sameOrder([...kept.map(({ name }) => name), ...added], after, loose.keys))
    return undefined

  const written = new Map(map.members.map((member) => [member.keyOffset, member]))
  const splices: Splice[] = []
  for (const { name, key, value } of before) {
    const member = written.get(key.offset)
    if (Object.hasOwn(after, name)) {
      const wanted = after[name] ?? null
      if (JSON.stringify(plain(value)) === JSON.stringify(wanted)) continue
      // Brought in by a merge: a member of its own wins over it.
      if (member === undefined) added.push(name)
      else splices.push(...valueEdits(text, member, map, value, wanted, looseIn(loose, name)))
    } else {
      const cut = member && removal(text, map, member)
      if (cut === undefined) return undefined
      splices.push(cut)
    }
  }
  const news = Object.fromEntries(added.map((name) => [name, after[name] ?? null]))
  return added.length === 0 ? splices : [...splices, addition(text, map, news)]
}

function sameOrder(names: readonly string[], after: JsonObject, loose: ReadonlySet<string>): boolean {
  // As an object orders them: names that look like whole numbers come first.
  const result = Object.keys(Object.fromEntries(names.map((name) => [name, 0])))
  const [one, other] = [result, Object.keys(after)].map((all) => all.filter((name) => !loose.has(name)))
  return JSON.stringify(one) === JSON.stringify(other)
}

/** One more member, behind the last one. */
export function addition(text: string, map: WrittenMap, news: JsonObject): Splice {
  const column = columnOfMap(text, map)
  const last = map.members.at(-1)
  if (map.isFlow) {
    const at = last?.value.end ?? map.end - 1
    return { from: at, to: at, text: (last === undefined ? '' : ', ') + flowText(news).slice(1, -1) }
  }
  const at = last === undefined ? text.length : blockEnd(text, last.value.end, column)
  return linesAt(text, at, indented(blockLines(news), column))
}

function removal(text: string, map: WrittenMap, member: WrittenMember): Splice | undefined {
  // Between braces the comma would have to go too: rare enough to write the whole value anew.
  if (map.isFlow) return undefined
  const next = map.members[map.members.indexOf(member) + 1]
  // The first one may stand behind a dash, which must stay.
  if (member === map.members[0])
    return next === undefined ? undefined : { from: member.start, to: next.start, text: '' }
  const to = blockEnd(text, member.value.end, columnOfMap(text, map))
  return { from: lineStart(text, member.start), to, text: '' }
}

/** The edits that give a member another value; a comment behind it stays where it can. */
function valueEdits(
  text: string,
  { value, colonEnd }: WrittenMember,
  map: WrittenMap,
  tree: Tree,
  wanted: JsonValue,
  loose: Loose,
): readonly Splice[] {
  const inner = isJsonObject(wanted) ? mapEdits(text, value, tree, wanted, loose) : undefined
  if (inner !== undefined) return inner
  if (value.kind !== 'scalar' && value.isFlow)
    return [{ from: value.start, to: value.end, text: flowText(wanted) }]
  if (map.isFlow) {
    const isEmpty = value.start === value.end
    return [
      {
        from: isEmpty ? colonEnd : value.start,
        to: value.end,
        text: (isEmpty ? ' ' : '') + flowText(wanted),
      },
    ]
  }
  const hasComment = text.slice(value.end, lineEnd(text, value.end)).includes('#')
  if (isBlock(wanted) && (value.kind !== 'scalar' || !hasComment)) {
    const lines = ['', ...indented(blockLines(wanted), columnOfMap(text, map) + 2)]
    return [{ from: colonEnd, to: value.end, text: lines.join(breakOf(text)) }]
  }
  const inline = isBlock(wanted) ? flowText(wanted) : inlineText(wanted)
  return value.kind === 'scalar' && value.start < value.end
    ? [{ from: value.start, to: value.end, text: inline }]
    : [{ from: colonEnd, to: value.end, text: ` ${inline}` }]
}

function looseIn({ within = {} }: Loose, name: string): Loose {
  const keys = Object.hasOwn(within, name) ? within[name] : undefined
  return keys === undefined ? strict : { keys }
}

function isBlock(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function columnOfMap(text: string, map: WrittenMap): number {
  return columnOf(text, map.members[0]?.start ?? map.start)
}

/** The member that a key of the typed tree was read from; `undefined` when a merge brought it in. */
export function memberOf(map: Written | undefined, tree: MapTree, name: string): WrittenMember | undefined {
  const offset = tree.entries.get(`'${name}`)?.key.offset
  return map?.kind === 'map' ? map.members.find(({ keyOffset }) => keyOffset === offset) : undefined
}
