import { isIPv4, isIPv6 } from 'node:net'
import { isJsonObject, type JsonValue } from '../json'
import { addressWithin } from './address-within'

/** Whether a value says where something runs, at any depth: an address, or any text under a name for one. */
export function holdsAddress(value: JsonValue, name = ''): boolean {
  if (typeof value === 'string') return isAddress(value) || (isAddressName(name) && isPlace(value))
  if (typeof value !== 'object' || value === null) return false
  if (!isJsonObject(value)) return value.some((item: JsonValue) => holdsAddress(item, name))
  return Object.entries(value).some(([key, member]) => isAddress(key) || holdsAddress(member, key))
}

const addressNames = [
  /(?:^|[_-])(?:api[_-]?base|base[_-]?ur[il]|ur[il]|host(?:name)?|endpoint|upstream|address)s?$/i,
  /[a-z](?:Base|Ur[il]|URL|Host|Endpoint)s?$/,
]

/** `api_base`, `healthCheckUrl`, `hosts`. */
function isAddressName(name: string): boolean {
  return addressNames.some((pattern) => pattern.test(name))
}

/** `/v1/chat/completions` is a path on whatever host; so is what is turned on or counted none. */
function isPlace(value: string): boolean {
  return !/^(?:\/(?!\/)|\s*$|(?:true|false|none|null|yes|no|\d+)$)/i.test(value)
}

/** Whether text is or holds a URL, an IP address, a host with a port, or a host of a known domain. Linear in the length. */
export function isAddress(text: string): boolean {
  if (!/[.:]|localhost|^\s*\/\//i.test(text)) return false
  if (addressWithin(text) !== undefined || /^\s*\/\/\S/.test(text)) return true
  const isWhole = !/\s/.test(text)
  // An expression that hosts have to match has its dots escaped.
  const tokens = text.replaceAll('\\.', '.').matchAll(/[^\s/\\?#"'`,;(){}<>|=&*!$^~+]{3,}/g)
  for (const [token] of tokens) if (isHost(token, isWhole)) return true
  return false
}

/** Longer than any host with a port. */
const longestHost = 300

function isHost(text: string, isWhole: boolean): boolean {
  if (text.length > longestHost || !/[.:]|^localhost$/i.test(text)) return false
  // The end of a sentence, or what is left of an expression.
  const token = text.replace(/^\.|\.$/g, '')
  if (!/[:@]/.test(token)) return isIPv4(token) || isDomain(token, isWhole)
  if (isIPv6Text(token)) return true
  // An e-mail address is none of a host.
  const [host = '', user] = token.split('@', 2).toReversed()
  const parts = host.split(':')
  return parts.some(
    (part, at) =>
      isIPv4(part) || isHostWithPort(part, parts[at + 1]) || (user === undefined && isDomain(part, isWhole)),
  )
}

function isIPv6Text(token: string): boolean {
  const [, bare = token] = /^\[(.*)\](?::\d*)?$/.exec(token) ?? []
  return /\d/.test(bare) && isIPv6(bare)
}

function isHostWithPort(host: string, port: string | undefined): boolean {
  if (port === undefined || !/^[1-9]\d{1,4}$/.test(port) || Number(port) > 65_535) return false
  if (!/^[\d_.-]*\p{L}[\p{L}\d_.-]*$/u.test(host)) return false
  // Behind a single word a small number, or a year, is the tag of a model.
  return host.includes('.') || /^(?:80|443|(?!(?:19|20)\d\d$)\d{4,5})$/.test(port)
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))
/** Last parts of hosts that are hardly anything else. */
const domains = words(`
  arpa cluster com corp edu example gov home int internal intranet invalid lan local localdomain localhost mil net org
  private svc test`)
const modernDomains = words('app biz cloud dev info online site tech xyz')
/** Two letters that are no country but the ending of a file. */
const fileEndings = words('cc go js md mm pl pm ps py rs sh so ts')
/** Of public models, in whose names the host is a part like any other. */
const registries = words('hf.co huggingface.co')

/** In a sentence a dot may be a slip; in a text without spaces it joins the parts of a host, or of a version. */
function isDomain(host: string, isWhole: boolean): boolean {
  const lower = host.toLowerCase()
  if (lower === 'localhost') return true
  const last = lower.slice(lower.lastIndexOf('.') + 1)
  if (last.length < 2 || last === lower || registries.has(lower)) return false
  const labels = lower.split('.')
  if (!labels.every((label) => /^[\p{L}\d_-]{1,63}$/u.test(label))) return false
  if (!/^(?:\p{L}{2,24}|xn--[a-z\d-]+)$/u.test(last)) return false
  if (domains.has(last)) return true
  if (labels.length > 2 && labels.every((label) => label.length > 1)) return true
  return isWhole && (modernDomains.has(last) || (last.length === 2 && !fileEndings.has(last)))
}
