import type { Deployment } from '../adapters/adapter'
import { isReference } from '../yaml/environment'
import type { JsonValue } from '../json'
import { addressWithin } from '../model-info/address-within'
import { leavesOf } from './leaves'
import type { Leaf } from './leaves'
import { publicNameOf } from './team-name'

/** A text that says where requests of a model go. */
export interface Destination {
  readonly text: string
  /** A bare host, without a scheme, is one too. */
  readonly isHost: boolean
  /** The name of the parameter leaves no doubt: what is no address there is a mistake. */
  readonly isSure: boolean
}

const paramsPrefix = 'litellm_params.'
const urlName = /(?:api[_-]?base|base[_-]?url|ur[li])s?$/i
const hostName = /(?:host(?:[_-]?name)?|endpoint|server|domain|upstream|address(?:e)?)s?$|prox(?:y|ies)$/i
/** Somewhere in a name, as in `api_base_override`: a hint, and no more than that. */
const hint = /ur[li]|api[_-]?base|endpoint|host|server|domain|prox(?:y|ies)|upstream|address|webhook/i
/** What clients build a host of, as `https://${region}-aiplatform.example`. */
const placeName =
  /(?:region(?:_name)?|location|project|zone|account(?:_?id)?|resource(?:_?name)?|instance|workspace|s3\w{0,64}bucket(?:_name)?)$/i
/** No URL has to stand there, and still it may choose the host. */
const otherName = /base$/i

/** What a parameter says of where requests go, if anything. */
export function destinationIn(leaf: Leaf): Destination | undefined {
  const { path, name, value } = leaf
  if (typeof value !== 'string' || value === '' || isReference(value)) return undefined
  if (isModel(leaf) || (name === 'model' && path.startsWith(paramsPrefix))) {
    // Of some providers the model itself may be an address: `huggingface/https://…`.
    const text = addressWithin(value)
    return text === undefined ? undefined : { text, isHost: false, isSure: true }
  }
  if (!path.startsWith(paramsPrefix)) return undefined
  if (urlName.test(name)) return { text: value, isHost: false, isSure: true }
  if (hostName.test(name)) return { text: value, isHost: true, isSure: true }
  const names = path.slice(paramsPrefix.length).split('.')
  if (names.some((one) => urlName.test(one) || hostName.test(one)))
    return { text: value, isHost: true, isSure: false }
  return names.some((one) => hint.test(one)) ? { text: value, isHost: false, isSure: false } : undefined
}

/** With such a character in it what follows the place in a host is a path, and the place is the host. */
export function leadsAway({ path, name, value }: Leaf): boolean {
  const isPlace = path.startsWith(paramsPrefix) && placeName.test(name)
  return isPlace && typeof value === 'string' && !isReference(value) && /[/\\?#@\s\p{Cc}]/u.test(value)
}

/** Whether another value would send the secrets of the row elsewhere; whatever hosts read of their own is spelled alike. */
export function directs(leaf: Leaf): boolean {
  if (isModel(leaf)) return true
  const { path, name } = leaf
  if (!path.startsWith(paramsPrefix)) return false
  if (/^litellm_params\.(?:custom_llm_provider$|configurable_clientside_auth_params\b)/.test(path))
    return true
  if ([urlName, hostName, placeName, otherName].some((pattern) => pattern.test(name))) return true
  const found = destinationIn(leaf)
  return found !== undefined && (found.isHost || addressWithin(found.text) !== undefined)
}

/** Another model of the same provider is at the same place; the bare name of a row says nothing of one. */
export function placeOf(leaf: Leaf): JsonValue {
  const { path, value } = leaf
  if (!isModel(leaf) || typeof value !== 'string' || addressWithin(value) !== undefined) return value
  if (value.includes('/')) return value.slice(0, value.indexOf('/'))
  return path === 'model_name' ? '' : value
}

/** Every value of a deployment, those in texts of JSON included, and the model it is called by where it names none. */
export function destinationLeaves(deployment: Deployment): readonly Leaf[] {
  const { litellm_params: params } = deployment
  const calledBy = { path: 'model_name', name: 'model', value: publicNameOf(deployment) }
  const leaves = leavesOf(deployment).flatMap((leaf) => [leaf, ...leavesInText(leaf)])
  return typeof params['model'] === 'string' ? leaves : [...leaves, calledBy]
}

function isModel({ path, name }: Leaf): boolean {
  return name === 'model' && (path === `${paramsPrefix}model` || path === 'model_name')
}

/** Deeper than anybody looks into such a text for an address; the text itself may be deeper than the stack. */
const deepestText = 16

/** A service account may be written as text, and says where its token is fetched. */
function leavesInText({ path, name, value }: Leaf): readonly Leaf[] {
  if (typeof value !== 'string' || !path.startsWith(paramsPrefix) || !/^\s*[{[]/.test(value)) return []
  try {
    const leaves = leavesOf(JSON.parse(value) as JsonValue, path, name, deepestText)
    return leaves.filter((leaf) => typeof leaf.value === 'string')
  } catch {
    // Not JSON, and so no one's set of parameters.
    return []
  }
}
