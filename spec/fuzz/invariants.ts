import type { Deployment, StoredModel } from '../../lib/adapters/adapter'
import { pathPattern, withoutTrailingSlash } from '../../lib/http/paths'
import { routes } from '../../lib/http/routes'
import { isJsonObject, jsonEquals, omit } from '../../lib/json'
import type { JsonObject, JsonValue } from '../../lib/json'
import { managedInfoKeys, managedKeys } from '../../lib/model-info/present'
import { isPriceName } from '../../lib/model-info/prices'
import { paramsWithLimits } from '../../lib/model-info/rate-limits'
import { redactExtras, redactModelInfo, redactParams } from '../../lib/model-info/redact'
import { validator } from '../../lib/schema/validator'
import { findCanaries } from '../support/canary'
import type { Answer, Wire } from './wire'

const success = new Map(
  routes.map(({ method, path, reply }) => [`${method} ${path}`, validator(reply)] as const),
)
const patterns = routes.map((route) => ({ route, expression: pathPattern(route.path).expression }))

/** What is wrong with an answer, whatever the request was; undefined when nothing is. */
export function wrongAnswer(wire: Wire, answer: Answer): string | undefined {
  const { status, headers, text } = answer
  if (headers['x-host'] === 'error') return 'an error reached the host'
  if (headers['x-host'] === 'next') return undefined
  if (status >= 500) return `status ${status}: ${text}`
  if (text.length > large && text === lastLarge) return undefined
  const leaked = findCanaries(text + JSON.stringify(headers))
  if (leaked.length > 0) return `a canary came back: ${text}`
  if (status === 304 || wire.method === 'HEAD')
    return text === '' ? undefined : `a body where none belongs: ${text}`
  // Express tells the methods by itself; CORS is the host's.
  if (wire.method === 'OPTIONS' && status === 200 && headers['allow'] === text) return undefined
  if (headers['content-type'] !== 'application/json') return `content type ${String(headers['content-type'])}`
  const body = parsed(text)
  if (body === undefined) return `no JSON: ${text}`
  if (text.length > large) lastLarge = text
  return status < 300 ? wrongSuccess(wire, body) : wrongRefusal(status, body)
}

/** The cost map is as large as it is constant: looked at once. */
const large = 1_000_000
let lastLarge = ''

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function wrongSuccess({ method, target }: Wire, body: JsonValue): string | undefined {
  const path = withoutTrailingSlash(target.split('?')[0] ?? '')
  const hit = patterns.find(
    ({ route, expression }) => route.method.toUpperCase() === method && expression.test(path),
  )
  if (hit === undefined) return 'a success on no route'
  const checked = success.get(`${hit.route.method} ${hit.route.path}`)?.(body)
  return checked?.ok === false ? `not a ${hit.route.reply}: ${JSON.stringify(checked.problems)}` : undefined
}

/** LiteLLM's envelopes, key by key. */
function wrongRefusal(status: number, body: JsonValue): string | undefined {
  if (!isJsonObject(body)) return `no envelope: ${JSON.stringify(body)}`
  const { error, detail } = body
  const isError =
    isJsonObject(error) &&
    keysOf(error) === 'code,message,param,type' &&
    error['code'] === String(status) &&
    typeof error['message'] === 'string'
  const isDetail =
    typeof detail === 'string' ||
    (isJsonObject(detail) && keysOf(detail) === 'error' && typeof detail['error'] === 'string')
  const isProblems =
    status === 422 &&
    Array.isArray(detail) &&
    detail.length > 0 &&
    detail.every((one: JsonValue) => isJsonObject(one) && keysOf(one) === 'loc,msg,type')
  const fits = keysOf(body) === 'error' ? isError : keysOf(body) === 'detail' && (isDetail || isProblems)
  if (!fits) return `no envelope of LiteLLM's: ${JSON.stringify(body)}`
  return undefined
}

function keysOf(object: JsonObject): string {
  return Object.keys(object).sort().join()
}

/** Where the answer of a read by id differs from what storage holds, secrets aside. */
export function wrongReading(stored: StoredModel, shown: JsonObject): string | undefined {
  const deployment = stored.deployment as Deployment
  const { model_name: name, litellm_params: _, model_info: info, ...extras } = deployment
  const { model_name: shownName, litellm_params: shownParams, model_info: shownInfo, ...shownExtras } = shown
  const own = omit(
    redactModelInfo(info),
    new Set([...managedInfoKeys, ...Object.keys(info).filter(isPriceName)]),
  )
  const visible = Object.fromEntries(
    Object.keys(own).map((key) => [key, (shownInfo as JsonObject)[key] ?? null]),
  )
  // A team's model is shown by its public name.
  const { team_id: team, team_public_model_name: publicName } = info
  const ownName = typeof team === 'string' && team !== '' && publicName ? publicName : name
  const wrong = [
    jsonEquals(ownName, shownName) ? '' : 'model_name',
    jsonEquals(redactParams(paramsWithLimits(deployment)), shownParams) ? '' : 'litellm_params',
    jsonEquals(own, visible) ? '' : 'model_info',
    jsonEquals(redactExtras(extras), shownExtras) ? '' : 'extras',
  ].filter((part) => part !== '')
  return wrong.length === 0
    ? undefined
    : `${wrong.join(', ')} read back differently: ${JSON.stringify({ stored: stored.deployment, shown })}`
}

/** Where storage differs from what a creation sent, spelling of typed values aside. */
export function wrongStoring(sent: JsonObject, stored: JsonObject): string | undefined {
  const { model_name: name, litellm_params: params, model_info: info, ...extras } = sent
  const pairs: [string, JsonObject, JsonObject][] = [
    [
      'litellm_params',
      omit(params as JsonObject, new Set(['self', 'params', '__class__'])),
      stored['litellm_params'] as JsonObject,
    ],
    ['model_info', omit((info ?? {}) as JsonObject, managedInfoKeys), stored['model_info'] as JsonObject],
    ['', omit(extras, managedKeys), omit(stored, new Set(['model_name', 'litellm_params', 'model_info']))],
  ]
  const isTeams = (info as JsonObject | null | undefined)?.['team_id'] != null
  if (!isTeams && !jsonEquals(name, stored['model_name'])) return `model_name is not what was sent`
  for (const [where, given, kept] of pairs) {
    // A blank text in a field of another meaning is not set.
    const isUnset = (key: string): boolean => isBlank(given[key]) && kept[key] === undefined
    const expected = Object.keys(given).filter((key) => given[key] !== null && !isUnset(key))
    for (const key of expected)
      if (!sameValue(given[key] ?? null, kept[key] ?? null)) return `${where}.${key} is not what was sent`
    const extra = Object.keys(kept).filter((key) => !expected.includes(key) && !key.startsWith('team_public'))
    if (extra.length > 0) return `${where} holds ${extra.join()}, which was not sent`
  }
  return undefined
}

function isBlank(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.trim() === ''
}

/** Equal, or a typed field's other spelling. */
function sameValue(given: JsonValue, kept: JsonValue): boolean {
  if (jsonEquals(given, kept)) return true
  if (isJsonObject(given) && isJsonObject(kept))
    return (
      keysOf(given) === keysOf(kept) && Object.keys(given).every((key) => sameValue(given[key]!, kept[key]!))
    )
  if (typeof kept === 'boolean') return ['string', 'number'].includes(typeof given)
  if (typeof kept !== 'number') return false
  return (
    typeof given === 'boolean' || (typeof given === 'string' && Number(given.replaceAll('_', '')) === kept)
  )
}
