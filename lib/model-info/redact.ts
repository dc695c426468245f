import { isJsonObject, omit, type JsonObject, type JsonValue } from '../json'
import { isRandomText } from './credential-shapes'
import { isObjectSchema, kindOfKeyword } from './json-schema'
import { holdsCredential, isReference, MASK, redactText } from './redact-text'
import {
  isCredentialQuery,
  kindOfHeader,
  kindOfName,
  removedParams,
  type NameKind,
  type NameRule,
} from './secret-names'

export { isMask, MASK } from './redact-text'

/** Deeper than any real deployment, far from the end of the stack. What lies below is one mask. */
export const deepest = 100

/** `litellm_params` as a reader may see them: LiteLLM's removed keys and what is null are gone, every other secret is a mask. */
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
  if (hasCredentialName(value, place)) return MASK
  return kind === 'open' && isObjectSchema(value)
    ? redactSchema(value, kind, below)
    : redactMembers(value, kind, below)
}

/** What a schema says of fields stays readable, whatever they are called; what it says that they hold is judged by their names. */
function redactSchema(schema: JsonObject, named: NameKind, place: Place): JsonObject {
  const kindBelow = (name: string): NameKind => (isOpen(named) ? kindOfName(name, place.rule) : named)
  const below = { ...place, depth: place.depth + 1 }
  return redactEach(schema, (name, value) => {
    switch (kindOfKeyword(name)) {
      case 'about':
        return redactValue(value, 'open', place)
      case 'names':
        return redactValue(value, 'label', place)
      case 'schema':
        return redactSubschema(value, named, place)
      case 'properties':
        return isJsonObject(value) && !hasCredentialName(value, place)
          ? redactEach(value, (field, part) => redactSubschema(part, kindBelow(field), below))
          : redactValue(value, named, place)
      case undefined:
        return redactValue(value, kindBelow(name), place)
    }
  })
}

/** A schema, or a list of them; anything else is judged as a value. */
function redactSubschema(part: JsonValue, named: NameKind, place: Place): JsonValue {
  const below = { ...place, depth: place.depth + 1 }
  const isWalked = typeof part === 'object' && part !== null && place.depth < deepest
  if (isWalked && Array.isArray(part)) return redactItems(part, (item) => redactSubschema(item, named, below))
  if (!isWalked || !isJsonObject(part) || hasCredentialName(part, place))
    return redactValue(part, named, place)
  return redactSchema(part, named, below)
}

function hasCredentialName(object: JsonObject, { rule }: Place): boolean {
  return Object.keys(object).some((name) => holdsCredential(name, rule))
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
  const name = (isOpen(kind) || kind === 'headers') && isPair(item) ? item[0] : undefined
  if (typeof name !== 'string') return redactValue(item, kind, place)
  const below = { ...place, depth: place.depth + 1 }
  if (kind === 'headers') return redactHeaderPair(item as readonly JsonValue[], kindOfHeader(name), below)
  const own = kindOfName(name, place.rule)
  return redactItems(item as readonly JsonValue[], (part, at) =>
    at === 0 ? redactValue(part, kind, below) : redactItem(part, own, below),
  )
}

function redactHeaderPair(pair: readonly JsonValue[], kind: NameKind, place: Place): JsonValue {
  return redactItems(pair, (part, at) => redactValue(part, at === 0 ? 'header' : kind, place))
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
  return redactEach(object, (name, value) => {
    const isTagName = isTag && name === 'Key' && typeof value === 'string'
    const own = isTagName ? 'open' : memberKind(name, pairName, parent, place.rule)
    const tags = /tags$/i.test(name)
    return redactValue(value, own, tags === place.tags ? place : { ...place, tags })
  })
}

/** The same object where nothing in it is masked. */
function redactEach(object: JsonObject, redact: (name: string, value: JsonValue) => JsonValue): JsonObject {
  const names = Object.keys(object)
  let changed: Map<string, JsonValue> | undefined
  for (const name of names) {
    const value = object[name] ?? null
    const shown = redact(name, value)
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
  if (parent === 'label') return parent
  const own = kindOfName(name, rule)
  if (own === 'secret') return own
  if (parent === 'headers' || parent === 'header')
    return kindOfHeader(pairName !== undefined && isPairValue(name) ? pairName : name)
  if (parent === 'query') return isCredentialQuery(name) ? 'hidden' : own
  if (parent === 'count') return isOpen(own) ? parent : own
  if (parent !== 'open') return 'hidden'
  if (pairName !== undefined && isPairValue(name)) return kindOfName(pairName, rule)
  return own
}

function isPairValue(name: string): boolean {
  return /^(?:values?|val|v)$/i.test(name)
}

function redactString(text: string, kind: NameKind, place: Place): string {
  if (text === '' || isReference(text)) return text
  if (kind === 'count') return isAmount(text) ? text : MASK
  if (kind === 'query') return holdsCredential(`?${text}`, place.rule) ? MASK : redactText(text, place.rule)
  if (kind === 'label') return redactText(text, place.rule, true)
  if (kind === 'header') {
    if (isRandomText(text) || authorization.test(text)) return MASK
  } else if (!isOpen(kind)) return MASK
  return redactJson(text, place) ?? redactText(text, place.rule, kind === 'name')
}

/** A scheme and what it takes, as in `Token 1234`; `bearer` and `basic` are known everywhere. */
const authorization = /^\s*(?:token|api-?key|key|digest|negotiate|ntlm|hawk|hmac|signature|aws4-\S+)\s+\S/i

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
