import type { JsonValue } from '../json'
import { blockLines, flowText } from './dump'
import { addition, memberOf } from './edit-map'
import type { Written, WrittenItem, WrittenList, WrittenMember } from './layout'
import { blockEnd, breakOf, columnOf, indented, lineEnd, lineStart, linesAt, nextLine } from './splice'
import type { Splice } from './splice'
import type { Tree } from './tree'

/** The edits that put items at this place of the list that is the root's member `name`, which may be missing. */
export function appendEdits(
  text: string,
  layout: Written | undefined,
  root: Tree | undefined,
  name: string,
  items: readonly JsonValue[],
  at = Infinity,
): readonly Splice[] {
  const member = root?.kind === 'map' ? memberOf(layout, root, name) : undefined
  if (layout?.kind === 'map' && layout.isFlow)
    return inBraces(layout.end - 1, member, name, items, at, layout)
  if (member !== undefined)
    return member.value.kind === 'list' ? behind(text, member, items, at) : below(text, member, items)
  if (layout?.kind === 'map' && layout.members.length > 0) return [addition(text, layout, { [name]: items })]
  return [linesAt(text, text.length, blockLines({ [name]: items }))]
}

/** Keeps a text block at the end, which has no last break, as it is once lines follow: `|` becomes `|-`. */
export function stripEdit(text: string): Splice | undefined {
  const header = text.endsWith('\n')
    ? undefined
    : [...text.matchAll(/[|>][1-9]?(\+?)(?=[ \t]*(?:#.*)?\r?$)/gm)].at(-1)
  if (header === undefined) return undefined
  const to = header.index + header[0].length
  return { from: to - (header[1] ?? '').length, to, text: '-' }
}

function behind(
  text: string,
  member: WrittenMember,
  items: readonly JsonValue[],
  at: number,
): readonly Splice[] {
  const list = member.value as WrittenList
  const before = list.items.slice(0, at)
  const last = before.at(-1)
  const known = last ?? list.items[0]
  if (known === undefined && !list.hasAnchor) return below(text, member, items)
  if (known === undefined || list.isFlow) return [inBrackets(list, items, at)]
  const column = columnOf(text, known.start)
  const gap = /^-( +)\S/.exec(text.slice(known.start, known.start + 10))?.[1] ?? ' '
  const lines = items.flatMap((item) => [...blankAbove(text, before), ...itemLines(item, column, gap)])
  const place = last === undefined ? lineStart(text, known.start) : blockEnd(text, last.value.end, column)
  return [linesAt(text, place, lines)]
}

/** A blank line where the items before are set apart by one. */
function blankAbove(text: string, items: readonly WrittenItem[]): readonly string[] {
  const [before, last] = items.slice(-2)
  if (before === undefined || last === undefined) return []
  return /\n\s*\n/.test(text.slice(before.value.end, last.start)) ? [''] : []
}

function itemLines(item: JsonValue, column: number, gap = ' '): readonly string[] {
  const [first = '', ...others] = blockLines(item)
  const dashed = [`-${gap}${first}`, ...indented(others, 1 + gap.length)]
  return indented(dashed, column)
}

/** Below the key of a list that is empty: its value is null or `[]`. */
function below(
  text: string,
  { start, colonEnd, value }: WrittenMember,
  items: readonly JsonValue[],
): Splice[] {
  const lines = items.flatMap((item) => itemLines(item, columnOf(text, start) + 2))
  const at = nextLine(text, value.end)
  return [{ from: colonEnd, to: value.end, text: '' }, linesAt(text, at, lines)]
}

function inBrackets(list: WrittenList, items: readonly JsonValue[], index: number): Splice {
  const [last, next] = [list.items.slice(0, index).at(-1), list.items[index]]
  const text = items.map(flowText).join(', ')
  const at = last?.value.end ?? next?.start ?? list.end - 1
  if (last !== undefined) return { from: at, to: at, text: `, ${text}` }
  return { from: at, to: at, text: next === undefined ? text : `${text}, ` }
}

function inBraces(
  end: number,
  member: WrittenMember | undefined,
  name: string,
  items: readonly JsonValue[],
  index: number,
  { members }: { members: readonly WrittenMember[] },
): readonly Splice[] {
  if (member?.value.kind === 'list') return [inBrackets(member.value, items, index)]
  if (member !== undefined)
    return [{ from: member.colonEnd, to: member.value.end, text: ` ${flowText(items)}` }]
  const at = members.at(-1)?.value.end ?? end
  const comma = members.length === 0 ? '' : ', '
  return [{ from: at, to: at, text: `${comma}"${name}": ${flowText(items)}` }]
}

/** The edits that take one item out of the list that is the value of `member`; `withBlank` with the blank line above it. */
export function removeEdits(
  text: string,
  member: WrittenMember,
  index: number,
  withBlank: boolean,
): readonly Splice[] | undefined {
  const list = member.value as WrittenList
  const item = list.items[index]
  // Of a key that stands twice the list that counts is another one.
  if (item === undefined) return undefined
  if (list.isFlow) return [cutFromBrackets(list, index)]
  const column = columnOf(text, item.start)
  const to = blockEnd(text, item.value.end, column)
  const start = lineStart(text, item.start)
  const blank = withBlank && (index === list.items.length - 1 || /^[ \t]*\r?\n/.test(text.slice(to)))
  const from = blank ? aboveBlank(text, start) : start
  // A text without a last line break is left without one.
  const isOpen = to === text.length && !text.endsWith('\n')
  const cut = { from: isOpen ? lineEnd(text, Math.max(from - 1, 0)) : from, to, text: '' }
  if (list.items.length > 1 || list.hasAnchor) return [cut]
  // Without this the key would be left with no value, which is no list.
  return [{ from: member.colonEnd, to: member.colonEnd, text: ' []' }, cut]
}

function aboveBlank(text: string, start: number): number {
  const above = lineStart(text, Math.max(start - 1, 0))
  return text.slice(above, start).trim() === '' ? above : start
}

function cutFromBrackets({ items }: WrittenList, index: number): Splice {
  const [before, item, next] = [items[index - 1], items[index] as WrittenItem, items[index + 1]]
  if (before !== undefined) return { from: before.value.end, to: item.value.end, text: '' }
  return { from: item.start, to: next?.start ?? item.value.end, text: '' }
}

/** Writes a whole item anew. What was written inside it, comments too, is lost. */
export function rewriteEdits(text: string, { value }: WrittenItem, wanted: JsonValue): readonly Splice[] {
  if (value.kind !== 'scalar' && value.isFlow)
    return [{ from: value.start, to: value.end, text: flowText(wanted) }]
  const isEmpty = value.start === value.end
  const column = isEmpty ? columnOf(text, value.start) + 1 : columnOf(text, value.start)
  const [first = '', ...others] = blockLines(wanted)
  const lines = [isEmpty ? ` ${first}` : first, ...indented(others, column)]
  return [{ from: value.start, to: value.end, text: lines.join(breakOf(text)) }]
}
