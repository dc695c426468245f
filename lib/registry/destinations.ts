import type { Deployment } from '../adapters/adapter'
import { isReference } from '../yaml/environment'
import type { JsonValue } from '../json'
import { addressWithin } from '../model-info/address-within'
import { addressesIn } from './address-values'
import type { FoundAddress } from './address-values'
import { kindOfParam } from './known-params'
import type { ParamKind } from './known-params'
import { membersOf } from './leaves'
import type { Leaf } from './leaves'
import type { Path } from './path'
import { publicNameOf } from './team-name'

/** A value by which the requests of a model may go elsewhere. */
export interface Destination {
  readonly path: Path
  readonly value: JsonValue
  /** The stored value that it stands in: a text of JSON has values of its own. */
  readonly stored: Pick<Leaf, 'path' | 'value'>
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

interface Item extends Leaf {
  /** What the parameter says by its name, or by that of the object around it. */
  readonly kind: ParamKind
  /** The kind comes from the object around it, which leaves a doubt. */
  readonly isInherited: boolean
  readonly stored: Pick<Leaf, 'path' | 'value'> | undefined
  /** Levels that are left in a text of JSON. */
  readonly levels: number
}

/** Every value of a deployment by which its requests may go elsewhere, the name it is called by included. */
export function destinationsIn(deployment: Deployment, root: Path): readonly Destination[] {
  const { litellm_params: params } = deployment
  const found: Destination[] = []
  const path = root.member('litellm_params')
  for (const member of membersOf({ path, name: '', value: params })) {
    const model = member.name === 'model' ? modelDestination(member) : undefined
    if (model !== undefined) found.push(model)
    else visit(itemOf(member, undefined), found)
  }
  const name = nameDestination(deployment, root)
  return name === undefined ? found : [...found, name]
}

function itemOf(leaf: Leaf, around: Item | undefined): Item {
  const own = kindOfParam(leaf.name)
  const outer = around?.kind
  const shared = { stored: around?.stored, levels: around?.levels ?? Infinity }
  if (outer === 'content') return { ...leaf, ...shared, kind: 'content', isInherited: true }
  const isElement = around !== undefined && around.name === leaf.name
  if (isElement) return { ...leaf, ...shared, kind: around.kind, isInherited: around.isInherited }
  // A fallback is a model of its own, with an address of its own; whatever else it says chooses where requests go.
  if (outer === 'route') return { ...leaf, ...shared, kind: own ?? 'route', isInherited: false }
  if (own !== undefined) return { ...leaf, ...shared, kind: own, isInherited: false }
  const isAround = outer === 'url' || outer === 'host'
  return { ...leaf, ...shared, kind: isAround ? 'host' : 'text', isInherited: isAround }
}

function visit(item: Item, found: Destination[]): void {
  const { value, levels } = item
  if (levels === 0) return
  const members = membersOf(item)
  for (const member of members) {
    const key = member.path.key
    if (member.name === key && isAddressKey(key)) found.push(keyDestination(member, item))
    visit({ ...itemOf(member, item), levels: levels - 1 }, found)
  }
  if (members.length > 0) return
  const inner = typeof value === 'string' ? parsedText(value) : undefined
  if (inner !== undefined) {
    const stored = item.stored ?? { path: item.path, value }
    visit({ ...item, value: inner, stored, levels: Math.min(levels, deepestText) }, found)
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

function destinationOf(item: Item): Destination | undefined {
  const { path, name, value, kind, isInherited } = item
  if (value === null || typeof value === 'object') return undefined
  const stored = item.stored ?? { path, value }
  const base = { path, value, stored, addresses: [], isSure: false, leadsAway: false, place: value }
  if (kind === 'route')
    return { ...base, addresses: typeof value === 'string' ? addressesIn(value) : [], redirects: true }
  if (typeof value === 'boolean' || value === '') return undefined
  if (typeof value === 'number' || isReference(value)) {
    const isNamed = kind !== 'content' && kind !== 'text' && !isInherited
    return isNamed ? { ...base, redirects: true } : undefined
  }
  if (kind === 'place')
    return { ...base, addresses: addressesIn(value), leadsAway: leadsAway(value), redirects: true }
  if (kind === 'url' || kind === 'host') {
    const named = { text: value, isHost: kind === 'host', certainty: 'certain' as const }
    return { ...base, addresses: [named], isSure: !isInherited, redirects: true }
  }
  const addresses = name === 'model' ? modelAddresses(value) : addressesIn(value)
  if (addresses.length === 0) return undefined
  if (kind === 'content') return { ...base, addresses: addresses.map(asMentioned), redirects: false }
  return { ...base, addresses, redirects: addresses.some(({ certainty }) => certainty !== 'mentioned') }
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

function keyDestination({ path }: Leaf, { kind, stored, value }: Item): Destination {
  const isContent = kind === 'content'
  const found = addressesIn(path.key)
  const addresses = isContent ? found.map(asMentioned) : found
  return {
    path,
    value: path.key,
    stored: stored ?? { path, value },
    addresses,
    isSure: false,
    leadsAway: false,
    redirects: !isContent,
    place: path.key,
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
  const stored = { path, value }
  return { path, value, stored, addresses, isSure: true, leadsAway: false, redirects: true, place }
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
  const stored = { path, value: name }
  return { path, value: name, stored, addresses, isSure: true, leadsAway: false, redirects: true, place }
}
