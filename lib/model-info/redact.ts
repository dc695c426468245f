import { isJsonObject, omit, type JsonObject, type JsonValue } from '../json'
import { holdsCredential, isReference, MASK, redactText } from './redact-text'
import {
  isCredentialQuery,
  kindOfName,
  openHeaders,
  removedParams,
  type NameKind,
  type NameRule,
} from './secret-names'

export { isMask, MASK } from './redact-text'

/** Deeper than any real deployment, far from the end of the stack. What lies below is one mask. */
export const deepest = 100

/** `litellm_params` as a reader may see them: LiteLLM's removed keys are gone, every other secret is a mask. */
export function redactParams(params: JsonObject): JsonObject {
  return shownParams.get(params) ?? remember(shownParams, params, omit(redactExtras(params), removedParams))
}

/** `model_info` as a reader may see it: it is the user's own, so only what is plainly a credential is masked. */
export function redactModelInfo(info: JsonObject): JsonObject {
  return shownInfo.get(info) ?? remember(shownInfo, info, redactTop(info, 'info'))
}

/** Top-level extras of a deployment. Nobody knows what they are, so the wide rule applies; nothing is left out. */
export function redactExtras(extras: JsonObject): JsonObject {
  return shownExtras.get(extras) ?? remember(shownExtras, extras, redactTop(extras, 'params'))
}

/** A deployment is never changed in place, so each part of it is redacted once, however many ask for it. */
const shownParams = new WeakMap<JsonObject, JsonObject>()
const shownInfo = new WeakMap<JsonObject, JsonObject>()
const shownExtras = new WeakMap<JsonObject, JsonObject>()

function remember(known: WeakMap<JsonObject, JsonObject>, object: JsonObject, shown: JsonObject): JsonObject {
  known.set(object, shown)
  return shown
}

function redactTop(object: JsonObject, rule: NameRule): JsonObject {
  const secrets = Object.keys(object).filter((name) => holdsCredential(name, rule))
  const rest = secrets.length === 0 ? object : omit(object, new Set(secrets))
  return redactMembers(rest, 'open', { rule, depth: 1, tags: false })
}

interface Place {
  readonly rule: NameRule
  readonly depth: number
  /** Inside of a list of tags, where `Key` is the name of the tag. */
  readonly tags: boolean
}

/** What nothing is masked in is returned as it is, not as a copy. */
function redactValue(value: JsonValue, named: NameKind, place: Place): JsonValue {
  if (typeof value === 'string') return redactString(value, named, place)
  const kind = named === 'name' && !Array.isArray(value) ? 'open' : named
  if (typeof value === 'number') return kind === 'secret' ? MASK : value
  if (typeof value !== 'object' || value === null) return value
  if (place.depth >= deepest) return MASK
  const below = { rule: place.rule, depth: place.depth + 1, tags: place.tags }
  if (!isJsonObject(value)) return redactItems(value, (item) => redactItem(item, kind, below))
  // A secret used as a key cannot be masked in its place without colliding with the next one.
  if (Object.keys(value).some((name) => holdsCredential(name, place.rule))) return MASK
  return redactMembers(value, kind, below)
}

function redactItems(
  items: readonly JsonValue[],
  redact: (item: JsonValue, at: number) => JsonValue,
): readonly JsonValue[] {
  let shown: JsonValue[] | undefined
  for (const [at, item] of items.entries()) {
    const one = redact(item, at)
    if (one !== item) shown ??= items.slice(0, at)
    shown?.push(one)
  }
  return shown ?? items
}

/** In a list of `[name, value]`, as clients take headers, a value is judged by its name. */
function redactItem(item: JsonValue, kind: NameKind, place: Place): JsonValue {
  const name = isOpen(kind) && isPair(item) ? item[0] : undefined
  if (typeof name !== 'string') return redactValue(item, kind, place)
  const below = { ...place, depth: place.depth + 1 }
  const own = kindOfName(name, place.rule)
  return redactItems(item as readonly JsonValue[], (part, at) =>
    at === 0 ? redactValue(part, kind, below) : redactItem(part, own, below),
  )
}

function isOpen(kind: NameKind): boolean {
  return kind === 'open' || kind === 'name'
}

function isPair(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value) && value.length === 2
}

function redactMembers(object: JsonObject, parent: NameKind, place: Place): JsonObject {
  const pairName = pairNameOf(object)
  const isTag = place.tags && parent === 'open' && Object.hasOwn(object, 'Value')
  const names = Object.keys(object)
  let changed: Map<string, JsonValue> | undefined
  for (const name of names) {
    const value = object[name] ?? null
    const isTagName = isTag && name === 'Key' && typeof value === 'string'
    const own = isTagName ? 'open' : memberKind(name, pairName, parent, place.rule)
    const tags = /tags$/i.test(name)
    const shown = redactValue(value, own, tags === place.tags ? place : { ...place, tags })
    if (shown !== value) (changed ??= new Map()).set(name, shown)
  }
  if (changed === undefined) return object
  const shown = changed
  // `fromEntries` defines members, so that one called `__proto__` stays a member.
  return Object.fromEntries(names.map((name) => [name, shown.get(name) ?? object[name] ?? null]))
}

const pairNames = [
  'name',
  'Name',
  'key',
  'Key',
  'header',
  'field',
  'param',
  'parameter',
  'option',
  'variable',
  'k',
]

/** `{ name, value }`: the value is judged by the name that it is given. */
function pairNameOf(object: JsonObject): string | undefined {
  const key = pairNames.find((one) => object[one] != null)
  const name = key === undefined ? undefined : object[key]
  return typeof name === 'string' ? name : undefined
}

function memberKind(name: string, pairName: string | undefined, parent: NameKind, rule: NameRule): NameKind {
  const own = kindOfName(name, rule)
  if (own === 'secret') return own
  if (parent === 'headers') return openHeaders.has(name.toLowerCase()) ? 'open' : 'hidden'
  if (parent === 'query') return isCredentialQuery(name) ? 'hidden' : own
  if (parent === 'count') return isOpen(own) ? parent : own
  if (parent !== 'open') return 'hidden'
  if (pairName !== undefined && /^(?:values?|val|v)$/i.test(name)) return kindOfName(pairName, rule)
  return own
}

function redactString(text: string, kind: NameKind, place: Place): string {
  if (text === '' || isReference(text)) return text
  if (kind === 'count') return isAmount(text) ? text : MASK
  if (kind === 'query') return holdsCredential(`?${text}`, place.rule) ? MASK : redactText(text, place.rule)
  if (!isOpen(kind)) return MASK
  return redactJson(text, place) ?? redactText(text, place.rule, kind === 'name')
}

const longestCount = 32
/** `128k`, `32_000`, `8,192 tokens`, `1.5e6`, or that there is no limit. */
const amount =
  /^(?:[-+]?\.?\d[\d_,. ]*(?:e[-+]?\d+)? ?[kmbgt]?(?: ?tokens?)?|unlimited|infinity|inf|none|null|auto|default)$/i

function isAmount(text: string): boolean {
  return text.length <= longestCount && amount.test(text.trim())
}

/** Masked as a whole rather than inside: a string keeps its exact bytes or shows none of them. Undefined for what is not JSON. */
function redactJson(text: string, place: Place): string | undefined {
  if (!/^\s*[{["]/.test(text)) return undefined
  let parsed: JsonValue
  try {
    parsed = JSON.parse(text)
  } catch {
    // Not JSON; `redactText` looks for names and values inside of it.
    return undefined
  }
  const shown = redactValue(parsed, 'open', { ...place, depth: place.depth + 1, tags: false })
  return shown === parsed ? text : MASK
}
