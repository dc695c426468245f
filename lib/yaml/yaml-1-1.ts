import { CHOMPING_MODE, EVENT_ID, SCALAR_STYLE, YAMLException, getScalarValue } from 'js-yaml'
import type { Event, ScalarEvent } from 'js-yaml'
import { ModelManagementError } from '../errors'
import { parseYaml } from './parse'
import type { Parsed } from './parse'
import { describePlace, keyIdentity, sourceOf } from './tree'
import type { Entry, ListTree, MapTree, Place, Scalar, Source, Tree } from './tree'
import { resolvePlain, resolveTagged } from './yaml-scalars'

/** How many values aliases may stand for in one file: far above any real file, far below what fills the memory. */
export const maxAliased = 1_000_000
const maxDepth = 100

export interface ReadOptions {
  /** Called for each key `__proto__`, which is then left out: a config has no use for it. @default kept, as storage keeps any key */
  readonly onProto?: ((place: Place) => void) | undefined
  /** What aliases may refer to: the anchors of the text before this one. @default none */
  readonly anchors?: Anchors | undefined
  /** How many collections of the file stand around this text. @default 0 */
  readonly levelsAbove?: number | undefined
}

/** A value for each anchor of a text. */
export type Anchors = ReadonlyMap<string, Built | 'open'>

export interface YamlDocument {
  /** `undefined` when there is nothing in it. */
  readonly tree: Tree | undefined
  /** Those given, and those of the text. */
  readonly anchors: Anchors
  readonly definesAnchors: boolean
  /** How many values its aliases stand for. */
  readonly aliased: number
}

/**
 * The document as PyYAML's `safe_load` reads it, typed and located; `undefined` when there is nothing in it.
 *
 * Throws `invalid_config` with file, line and column. The message never quotes the text, since a line may hold a secret.
 */
export function readYaml(text: string, file: string, options: ReadOptions = {}): Tree | undefined {
  return readDocument(text, file, options).tree
}

/** The same, with what is needed to read one text of a file by itself. */
export function readDocument(text: string, file: string, options: ReadOptions = {}): YamlDocument {
  const source = sourceOf(file, text)
  const parsed = parse(text, source, options)
  const composer = composerOf(parsed, source, options)
  for (const event of parsed.events) composer.take(event)
  return composer.document()
}

function parse(text: string, source: Source, { levelsAbove = 0 }: ReadOptions): Parsed {
  try {
    return parseYaml(text, maxDepth - levelsAbove)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    // The exception itself is no `cause`: it carries the whole text. Its reason may end in a piece of it, after a colon or in quotes.
    const reason = error.reason.replace(/: .*|(?<!\s)\s*"[^"]*"/gs, '')
    return refuse({ source, offset: error.mark?.position ?? 0 }, reason)
  }
}

/** What was built, and how much it stands for once its aliases are followed. */
interface Built {
  readonly tree: Tree
  readonly size: number
  readonly depth: number
  readonly isMergeKey: boolean
}

interface Open {
  readonly place: Place
  readonly isMap: boolean
  readonly anchor: string | undefined
  readonly children: Built[]
}

function composerOf({ text, original }: Parsed, source: Source, options: ReadOptions) {
  const deepest = maxDepth - (options.levelsAbove ?? 0)
  const open: Open[] = []
  const anchors = new Map(options.anchors)
  let definesAnchors = false
  let root: Built | undefined
  let documents = 0
  let aliased = 0
  let last = 0

  function take(event: Event): void {
    last = offsetOf(event, last)
    const place = { source, offset: original(last) }
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        documents += 1
        if (documents > 1) refuse(place, 'a second document begins; a config file holds one')
        return
      case EVENT_ID.SCALAR: {
        const { tree, isMergeKey } = scalarOf(text, event, place)
        return add({ tree, isMergeKey, size: 1, depth: 1 }, nameOf(text, event))
      }
      case EVENT_ID.ALIAS:
        return add(follow(text.slice(event.anchorStart, event.anchorEnd), place), undefined)
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const isMap = event.type === EVENT_ID.MAPPING
        checkTag(tagOf(text, event), isMap ? 'map' : 'seq', place)
        const anchor = nameOf(text, event)
        if (anchor !== undefined) define(anchor, 'open')
        open.push({ place, isMap, anchor, children: [] })
        return
      }
      case EVENT_ID.POP: {
        const closed = open.pop()
        if (closed !== undefined) add(close(closed, options), closed.anchor)
      }
    }
  }

  function add(built: Built, anchor: string | undefined): void {
    if (built.depth > deepest) refuse(built.tree, `nesting exceeded ${maxDepth} levels`)
    if (anchor !== undefined) define(anchor, built)
    const parent = open.at(-1)
    if (parent === undefined) root = built
    else parent.children.push(built)
  }

  function define(anchor: string, value: Built | 'open'): void {
    anchors.set(anchor, value)
    definesAnchors = true
  }

  function follow(name: string, place: Place): Built {
    const target = anchors.get(name)
    if (target === undefined) return refuse(place, 'this alias has no anchor before it')
    if (target === 'open') return refuse(place, 'this alias stands inside its own anchor')
    aliased += target.size
    if (aliased > maxAliased) return refuse(place, `aliases stand for more than ${maxAliased} values`)
    return target
  }

  return { take, document: (): YamlDocument => ({ tree: root?.tree, anchors, definesAnchors, aliased }) }
}

function close({ place, isMap, children }: Open, options: ReadOptions): Built {
  const tree = isMap ? mapOf(place, children, options) : listOf(place, children)
  const size = children.reduce((sum, child) => sum + child.size, 1)
  const depth = children.reduce((deepest, child) => Math.max(deepest, child.depth), 0) + 1
  return { tree, size, depth, isMergeKey: false }
}

function listOf(place: Place, children: readonly Built[]): ListTree {
  return { kind: 'list', items: children.map(({ tree }) => tree), ...place }
}

/** What `<<` brings in comes first, as in PyYAML, and of a list of mappings the first one wins. */
function mapOf(place: Place, children: readonly Built[], options: ReadOptions): MapTree {
  const entries = new Map<string, Entry>()
  const own: Entry[] = []
  for (let index = 0; index + 1 < children.length; index += 2) {
    const [key, value] = children.slice(index, index + 2) as [Built, Built]
    if (key.isMergeKey) for (const entry of merged(value.tree)) put(entries, entry)
    else if (isProto(key.tree) && options.onProto !== undefined) options.onProto(key.tree)
    else own.push({ key: usableKey(key.tree), value: value.tree })
  }
  for (const entry of own) put(entries, entry)
  const duplicate = duplicateIn(own)
  return { kind: 'map', entries, ...(duplicate && { duplicate }), ...place }
}

function duplicateIn(own: readonly Entry[]): Scalar | undefined {
  const seen = new Set<string>()
  for (const { key } of own) if (seen.size === seen.add(keyIdentity(key)).size) return key
  return undefined
}

/** Like a Python dict: the first key of that value stays, with its place; the last value wins. */
function put(entries: Map<string, Entry>, entry: Entry): void {
  const identity = keyIdentity(entry.key)
  entries.set(identity, { key: entries.get(identity)?.key ?? entry.key, value: entry.value })
}

function merged(tree: Tree): Entry[] {
  if (tree.kind === 'map') return [...tree.entries.values()]
  if (tree.kind !== 'list') return refuse(tree, '<< needs a mapping or a list of mappings')
  return tree.items.toReversed().flatMap((item) => {
    return item.kind === 'map' ? [...item.entries.values()] : refuse(item, '<< needs a mapping here')
  })
}

function usableKey(key: Tree): Scalar {
  return key.kind === 'list' || key.kind === 'map' ? refuse(key, 'a key must be a single value') : key
}

/** Assigned to an object somewhere later, it would change what that object inherits. */
function isProto(key: Tree): boolean {
  return key.kind === 'string' && key.value === '__proto__'
}

function scalarOf(text: string, event: ScalarEvent, place: Place): { tree: Scalar; isMergeKey: boolean } {
  const tag = tagOf(text, event)
  const content = contentOf(text, event)
  const isPlain = event.style === SCALAR_STYLE.PLAIN
  if (tag === undefined && !isPlain) return { tree: textAt(content, place), isMergeKey: false }
  // The tag `!` alone asks for the resolution of a plain scalar, quoted or not.
  const value = tag === undefined || tag === '!' ? resolvePlain(content) : resolveTagged(tag, content)
  if (value !== undefined) {
    const tree = value.kind === 'string' ? textAt(value.value, place) : { ...value, ...place }
    return { tree, isMergeKey: tag === undefined && content === '<<' }
  }
  return refuse(place, tag === undefined ? 'this is no valid date or number; put it in quotes' : unsupported)
}

/** A text block whose last line is not ended by a break has none at its end, whatever the rule for breaks says. */
function contentOf(text: string, event: ScalarEvent): string {
  const content = getScalarValue(text, event)
  const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK
  if (!isBlock || event.chomping === CHOMPING_MODE.STRIP || event.valueEnd < text.length) return content
  return /[\r\n]$/.test(text) ? content : content.replace(/\n$/, '')
}

/** Most of a file is text, so this is spelled out: spreading objects takes several times as long. */
function textAt(value: string, { source, offset }: Place): Scalar {
  return { kind: 'string', value, source, offset }
}

const unsupported = 'this tag is not supported here, or the value does not fit it'

function checkTag(tag: string | undefined, expected: string, place: Place): void {
  if (tag !== undefined && tag !== '!' && tag !== expected) refuse(place, unsupported)
}

/** The name after `!!`, or `!` alone; anything else is told by a leading `!`, which no known tag has. */
function tagOf(text: string, { tagStart, tagEnd }: { tagStart: number; tagEnd: number }): string | undefined {
  if (tagStart < 0) return undefined
  const raw = text.slice(tagStart, tagEnd)
  return /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/.exec(raw)?.[1] ?? raw
}

function nameOf(text: string, event: { anchorStart: number; anchorEnd: number }): string | undefined {
  return event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd)
}

/** An empty value has no offset of its own: it stands where the last one was. */
function offsetOf(event: Event, last: number): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart < 0 ? last : event.valueStart
    case EVENT_ID.ALIAS:
      return event.anchorStart
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start
    default:
      return last
  }
}

function refuse(place: Place, reason: string): never {
  throw new ModelManagementError('invalid_config', `${describePlace(place)}: ${reason}`)
}
