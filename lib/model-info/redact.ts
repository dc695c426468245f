import { isJsonObject, type JsonObject, type JsonValue } from '../json'
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
  return redactTop(params, 'params', removedParams)
}

/** `model_info` as a reader may see it: it is the user's own, so only what is plainly a credential is masked. */
export function redactModelInfo(info: JsonObject): JsonObject {
  return redactTop(info, 'info', none)
}

/** Top-level extras of a deployment. Nobody knows what they are, so the wide rule applies; nothing is left out. */
export function redactExtras(extras: JsonObject): JsonObject {
  return redactTop(extras, 'params', none)
}

const none: ReadonlySet<string> = new Set()

function redactTop(object: JsonObject, rule: NameRule, removed: ReadonlySet<string>): JsonObject {
  const kept = Object.entries(object).filter(([name]) => !removed.has(name) && !holdsCredential(name, rule))
  return redactMembers(Object.fromEntries(kept), 'open', { rule, depth: 1, tags: false })
}

interface Place {
  readonly rule: NameRule
  readonly depth: number
  /** Inside of a list of tags, where `Key` is the name of the tag. */
  readonly tags: boolean
}

function redactValue(value: JsonValue, kind: NameKind, place: Place): JsonValue {
  if (typeof value === 'string') return redactString(value, kind, place)
  if (typeof value === 'number') return kind === 'secret' ? MASK : value
  if (typeof value !== 'object' || value === null) return value
  if (place.depth >= deepest) return MASK
  const below = { ...place, depth: place.depth + 1 }
  if (!isJsonObject(value)) return value.map((item: JsonValue) => redactItem(item, kind, below))
  // A secret used as a key cannot be masked in its place without colliding with the next one.
  if (Object.keys(value).some((name) => holdsCredential(name, place.rule))) return MASK
  return redactMembers(value, kind, below)
}

/** In a list of `[name, value]`, as clients take headers, a value is judged by its name. */
function redactItem(item: JsonValue, kind: NameKind, place: Place): JsonValue {
  const [name, value] = kind === 'open' && Array.isArray(item) && item.length === 2 ? item : []
  if (typeof name !== 'string' || value === undefined) return redactValue(item, kind, place)
  const below = { ...place, depth: place.depth + 1 }
  return [redactValue(name, kind, below), redactItem(value, kindOfName(name, place.rule), below)]
}

function redactMembers(object: JsonObject, parent: NameKind, place: Place): JsonObject {
  const pairName = pairNameOf(object)
  const isTag = place.tags && parent === 'open' && Object.hasOwn(object, 'Value')
  // `fromEntries` defines members, so that one called `__proto__` stays a member.
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const isTagName = isTag && name === 'Key' && typeof value === 'string'
      const own = isTagName ? 'open' : memberKind(name, pairName, parent, place.rule)
      return [name, redactValue(value, own, { ...place, tags: /tags$/i.test(name) })]
    }),
  )
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
  const name = pairNames.map((key) => object[key]).find((value) => value != null)
  return typeof name === 'string' ? name : undefined
}

function memberKind(name: string, pairName: string | undefined, parent: NameKind, rule: NameRule): NameKind {
  const own = kindOfName(name, rule)
  if (own === 'secret') return own
  if (parent === 'headers') return openHeaders.has(name.toLowerCase()) ? 'open' : 'hidden'
  if (parent === 'query') return isCredentialQuery(name) ? 'hidden' : own
  if (parent !== 'open') return 'hidden'
  if (pairName !== undefined && /^(?:values?|val|v)$/i.test(name)) return kindOfName(pairName, rule)
  return own
}

function redactString(text: string, kind: NameKind, place: Place): string {
  if (text === '' || isReference(text)) return text
  if (kind === 'count') return isNumeric(text) ? text : MASK
  if (kind === 'query') return holdsCredential(`?${text}`, place.rule) ? MASK : redactText(text, place.rule)
  if (kind !== 'open') return MASK
  return holdsSecretJson(text, place) ? MASK : redactText(text, place.rule)
}

function isNumeric(text: string): boolean {
  return text.length <= 32 && text.trim() !== '' && Number.isFinite(Number(text))
}

/** Masked as a whole rather than inside: a string keeps its exact bytes or shows none of them. */
function holdsSecretJson(text: string, place: Place): boolean {
  if (!/^\s*[{["]/.test(text)) return false
  let parsed: JsonValue
  try {
    parsed = JSON.parse(text)
  } catch {
    // Not JSON; `redactText` looks for names and values inside of it.
    return false
  }
  const shown = redactValue(parsed, 'open', { ...place, depth: place.depth + 1, tags: false })
  return !isUnchanged(shown, parsed)
}

/** Goes no deeper than what is shown, unlike a comparison of texts. */
function isUnchanged(shown: JsonValue, value: JsonValue | undefined): boolean {
  if (typeof shown !== 'object' || shown === null) return shown === value
  const members = new Map(Object.entries(Object(value) as JsonObject))
  return Object.entries(shown).every(([name, member]) => isUnchanged(member, members.get(name)))
}
