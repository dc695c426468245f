import type { Deployment } from '../adapters/adapter'
import { isReference } from '../yaml/environment'
import type { JsonObject, JsonValue } from '../json'
import { addressWithin } from '../model-info/address-within'
import { addressesIn } from './address-values'
import type { FoundAddress } from './address-values'
import { kindOfParam } from './known-params'
import type { ParamKind } from './known-params'
import { keysOf, leafIn } from './leaves'
import type { Leaf } from './leaves'
import { Path } from './path'
import { publicNameOf } from './team-name'

/** A value by which the requests of a model may go elsewhere. */
export interface Destination {
  readonly path: Path
  readonly value: JsonValue
  /** The stored value that it stands in: a text of JSON has values of its own. */
  readonly stored: Path
  readonly addresses: readonly FoundAddress[]
  /** The name of the parameter leaves no doubt: what is no address there is a mistake. */
  readonly isSure: boolean
  /** What follows this place in a host would be a path, and the place is the host. */
  readonly leadsAway: boolean
  /** Whether another value would send the secrets of the model elsewhere. */
  readonly redirects: boolean
  /** Equal for values that lead to the same place. */
  readonly place: JsonValue
}

/** Deeper than anybody looks into a text of JSON for an address; the text itself may be deeper than the stack. */
const deepestText = 16

interface Item {
  readonly leaf: Leaf
  /** What the parameter says by its name, or by that of the object around it. */
  readonly kind: ParamKind
  /** The kind comes from the object around it, which leaves a doubt. */
  readonly isInherited: boolean
  /** The text of JSON that it stands in. */
  readonly text: Leaf | undefined
  /** Levels that are left in such a text. */
  readonly levels: number
}

/**
 * Finds every value of a deployment by which its requests may go elsewhere, the name it is called by included. `isAsked` says which
 * of the parameters are looked into. A parameter that the next deployment has as well is looked into once.
 */
export function createDestinationFinder(
  root: Path,
  isAsked: (param: string) => boolean = () => true,
): (deployment: Deployment) => readonly Destination[] {
  const path = root.member('litellm_params')
  const known = new Map<string, { readonly value: JsonValue | undefined; readonly found: Destination[] }>()

  function destinationsOf(params: JsonObject, key: string): readonly Destination[] {
    const value = params[key]
    const before = known.get(key)
    if (before !== undefined && before.value === value) return before.found
    const found: Destination[] = []
    visitMember(params, key, path, found, isAsked)
    if (found.length > 0) known.set(key, { value, found })
    return found
  }

  return (deployment) => {
    const { litellm_params: params } = deployment
    const found: Destination[] = []
    for (const key of Object.keys(params)) {
      const model = key === 'model' ? modelDestination(leafIn(params, key, path)) : undefined
      if (model !== undefined) found.push(model)
      else for (const one of destinationsOf(params, key)) found.push(one)
    }
    const name = nameDestination(deployment, root)
    if (name !== undefined) found.push(name)
    return found
  }
}

function visitMember(
  container: JsonValue,
  key: string,
  place: Item | Path,
  found: Destination[],
  isAsked: (param: string) => boolean = () => true,
): void {
  const around = place instanceof Path ? undefined : place
  const name = Array.isArray(container) ? (around?.leaf.name ?? '') : key
  const { kind, isInherited } = kindWithin(name, around)
  const value = (container as JsonObject)[key] ?? null
  // Most values are neither, and nothing is made for them.
  if (leadsNowhere(name, value, kind, isInherited) || !isAsked(key)) return
  const leaf = leafIn(container, key, place instanceof Path ? place : place.leaf, name)
  visit({ leaf, kind, isInherited, text: around?.text, levels: (around?.levels ?? Infinity) - 1 }, found)
}

function kindWithin(name: string, around: Item | undefined): Pick<Item, 'kind' | 'isInherited'> {
  if (around?.kind === 'content' || around?.leaf.name === name) return around
  const own = kindOfParam(name)
  if (own !== undefined) return { kind: own, isInherited: false }
  // A fallback is a model of its own; whatever it says chooses where requests go.
  if (around?.kind === 'route') return inRoute
  return around?.kind === 'url' || around?.kind === 'host' ? inAddress : inText
}

const inRoute = { kind: 'route', isInherited: false } as const
const inAddress = { kind: 'host', isInherited: true } as const
const inText = { kind: 'text', isInherited: false } as const

/** What can be no destination by its value alone. */
function leadsNowhere(name: string, value: JsonValue, kind: ParamKind, isInherited: boolean): boolean {
  if (value === null) return true
  if (typeof value === 'object' || kind === 'route') return false
  if (typeof value === 'string') return !isNamed(kind) && !mayHoldAddress.test(value)
  return typeof value === 'boolean' || !isNamed(kind) || isInherited
}

/** Also of a text of JSON. */
const mayHoldAddress = /[.:/\\{[]|localhost/i

function isNamed(kind: ParamKind): boolean {
  return kind !== 'content' && kind !== 'text'
}

function visit(item: Item, found: Destination[]): void {
  const { leaf, levels } = item
  if (levels < 0) return
  const { value } = leaf
  const keys = keysOf(value)
  for (const key of keys) {
    if (!Array.isArray(value) && isAddressKey(key)) found.push(keyDestination(leafIn(value, key, leaf), item))
    if (levels > 0) visitMember(value, key, item, found)
  }
  if (keys.length > 0) return
  const inner = typeof value === 'string' ? parsedText(value) : undefined
  if (inner !== undefined) {
    const read = { ...item, leaf: leaf.read(inner), text: item.text ?? leaf }
    visit({ ...read, levels: Math.min(levels, deepestText) }, found)
    return
  }
  const destination = destinationOf(item)
  if (destination !== undefined) found.push(destination)
}

/** A service account may be written as text, and says where its token is fetched. */
function parsedText(text: string): JsonValue | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    // Not JSON, and so no one's set of parameters.
    return undefined
  }
}

type Facts = Pick<Destination, 'addresses' | 'redirects'> & Partial<Pick<Destination, 'isSure' | 'leadsAway'>>

function destinationOf({ leaf, kind, isInherited, text }: Item): Destination | undefined {
  const { name, value } = leaf
  const facts =
    kind === 'route'
      ? { addresses: typeof value === 'string' ? addressesIn(value) : [], redirects: true }
      : factsOf(name, value, kind, isInherited)
  if (facts === undefined || value === null || typeof value === 'object') return undefined
  const { path } = leaf
  return { path, value, stored: (text ?? leaf).path, isSure: false, leadsAway: false, place: value, ...facts }
}

function factsOf(name: string, value: JsonValue, kind: ParamKind, isInherited: boolean): Facts | undefined {
  if (typeof value === 'number' || isReference(value))
    return isNamed(kind) && !isInherited ? { addresses: [], redirects: true } : undefined
  if (typeof value !== 'string' || value === '') return undefined
  if (kind === 'place') return { addresses: addressesIn(value), redirects: true, leadsAway: leadsAway(value) }
  if (isNamed(kind)) {
    const named = { text: value, isHost: kind === 'host', certainty: 'certain' as const }
    return { addresses: [named], redirects: true, isSure: !isInherited }
  }
  const addresses = name === 'model' ? modelAddresses(value) : addressesIn(value)
  if (addresses.length === 0) return undefined
  if (kind === 'content') return { addresses: addresses.map(asMentioned), redirects: false }
  return { addresses, redirects: addresses.some(({ certainty }) => certainty !== 'mentioned') }
}

function asMentioned(address: FoundAddress): FoundAddress {
  return { ...address, certainty: 'mentioned' }
}

function leadsAway(place: string): boolean {
  return /[/\\?#@\s\p{Cc}]/u.test(place)
}

function isAddressKey(key: string): boolean {
  return key.length > 6 && /:[/\\]{2}[^/\\]/.test(key)
}

function keyDestination({ key, path }: Leaf, { kind, text }: Item): Destination {
  const isContent = kind === 'content'
  const found = addressesIn(key)
  const addresses = isContent ? found.map(asMentioned) : found
  return {
    path,
    value: key,
    stored: text?.path ?? path,
    addresses,
    isSure: false,
    leadsAway: false,
    redirects: !isContent,
    place: key,
  }
}

/** Of some providers the model itself may be an address: `huggingface/https://…`. */
function modelAddresses(value: string): readonly FoundAddress[] {
  const text = addressWithin(value)
  return text === undefined ? [] : [{ text, isHost: false, certainty: 'certain' }]
}

/** Another model of the same provider is at the same place. */
function modelDestination({ path, value }: Leaf): Destination | undefined {
  if (typeof value !== 'string') return undefined
  const addresses = modelAddresses(value)
  const slash = value.indexOf('/')
  const place = addresses.length > 0 || slash < 0 ? value : value.slice(0, slash)
  return { path, value, stored: path, addresses, isSure: true, leadsAway: false, redirects: true, place }
}

/** The name says where requests go where there is no model beside it, or where its stars stand for parts of the model. */
function nameDestination(deployment: Deployment, root: Path): Destination | undefined {
  const { model } = deployment.litellm_params
  const isModel = typeof model !== 'string'
  const name = publicNameOf(deployment)
  if (!isModel && !model.includes('*')) return undefined
  const addresses = isModel ? modelAddresses(name) : []
  const path = root.member('model_name')
  const isWhole = addresses.length > 0 || name.includes('*')
  const provider = isModel && name.includes('/') ? name.slice(0, name.indexOf('/')) : ''
  const place = isWhole ? name : provider
  return {
    path,
    value: name,
    stored: path,
    addresses,
    isSure: true,
    leadsAway: false,
    redirects: true,
    place,
  }
}
