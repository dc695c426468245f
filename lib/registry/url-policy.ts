import { BlockList, isIPv4 } from 'node:net'
import type { UrlFacts } from '../options'
import { mayForAll } from './permissions'

/** Its first address, and how many bits of it count. */
type Network = readonly [address: string, bits: number]

/** Link-local networks and the addresses at which clouds hand a machine its own credentials. */
const networks: readonly Network[] = [
  ['169.254.0.0', 16],
  ['fe80::', 10],
  // Amazon's services for one machine: metadata, credentials of containers, time.
  ['fd00:ec2::', 32],
  // Google's, Oracle's and Scaleway's, by IPv6.
  ['fd20:ce::254', 128],
  ['fd00:c1::a9fe:a9fe', 128],
  ['fd00:42::42', 128],
  // Alibaba's metadata, Azure's host, Oracle's older metadata.
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
]

/**
 * How an IPv4 address is written inside an IPv6 one: compatible, mapped, translated (NAT64, also within one network), tunnelled
 * (6to4, Teredo's server).
 */
const embeddings: readonly ((hex: string, bits: number) => Network)[] = [
  (hex, bits) => [`::${hex}`, 96 + bits],
  (hex, bits) => [`::ffff:${hex}`, 96 + bits],
  (hex, bits) => [`::ffff:0:${hex}`, 96 + bits],
  (hex, bits) => [`64:ff9b::${hex}`, 96 + bits],
  (hex, bits) => [`64:ff9b:1::${hex}`, 96 + bits],
  (hex, bits) => [`2002:${hex}::`, 16 + bits],
  (hex, bits) => [`2001:0:${hex}::`, 32 + bits],
]

const hostNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.azure.com',
  'metadata.azure.internal',
  'metadata.azure.microsoft.com',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
  'metadata.oraclecloud.com',
  'metadata.cloud.ibm.com',
  'api.metadata.cloud.ibm.com',
  'metadata.ibm.com',
  'metadata.hetzner.cloud',
  'metadata.exoscale.com',
  'rancher-metadata',
])

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'ws:', 'wss:'])

const networksV4 = networks
  .filter(([address]) => isIPv4(address))
  .map(([address, bits]) => [parseInt(hexOf(address).replace(':', ''), 16), bits] as const)

/** Those of IPv6. */
const denied = new BlockList()
for (const [address, bits] of networks) {
  if (!isIPv4(address)) deny([address, bits])
  else for (const embed of embeddings) deny(embed(hexOf(address), bits))
}

/**
 * What `urlPolicy` is by default: administrators may name any address; others none that is link-local, a cloud's metadata
 * service, or of another scheme than http, https, ws and wss. Names are not looked up: where a name may lead to such an
 * address, let the network keep the gateway from it. For a policy of one's own to begin with.
 */
export function defaultUrlPolicy(url: URL, { caller }: Pick<UrlFacts, 'caller'>): true | string {
  if (mayForAll(caller, 'update')) return true
  if (!schemes.has(url.protocol)) return 'its scheme is not http, https, ws or wss'
  return deniedHost(url) ?? true
}

/** Why a host is closed to callers who are not administrators, by its name or address alone. */
export function deniedHost({ hostname }: URL): string | undefined {
  // The parser of `URL` has already made one spelling of decimal, octal, hexadecimal, wide and percent-encoded addresses.
  const host = decoded(hostname)
    .toLowerCase()
    .replace(/(?<!\.)\.+$/, '')
  const isDenied = host.startsWith('[') ? isDeniedV6(host.slice(1, -1)) : isIPv4(host) && isDeniedV4(host)
  if (isDenied) return 'it is a link-local address or the metadata service of a cloud'
  return deniedName(host)
}

function deniedName(host: string): string | undefined {
  if (!hostNames.has(host) && !/^metadata\..*\.internal$/.test(host)) return undefined
  return 'it is the metadata service of a cloud'
}

/** The same for a text that may be an address. Most are plain names, which say what they are without being parsed. */
export function deniedAddress(text: string, isHost: boolean): string | undefined {
  const [, name] = (isHost ? plainName.exec(text) : null) ?? []
  if (name !== undefined) return deniedName(name.toLowerCase())
  const address = addressIn(text, isHost)
  return address === undefined ? undefined : deniedHost(address.url)
}

const plainName = /^((?:[a-z\d-]+\.)*[a-z][a-z\d-]*)\.?(?::\d*)?(?:[/?#]|$)/i

/** Only hosts of the schemes that `URL` knows come decoded. */
function decoded(host: string): string {
  if (!host.includes('%')) return host
  try {
    return decodeURIComponent(host)
  } catch {
    // Not percent-encoded after all.
    return host
  }
}

function isDeniedV6(address: string): boolean {
  return (
    denied.check(address, 'ipv6') ||
    embeddedIn(groupsOf(address)).some(([high, low]) => isDeniedNumber(high, low))
  )
}

/** The IPv4 addresses that stand in an IPv6 one behind a prefix of any kind, each as two groups. */
function embeddedIn(groups: readonly number[]): readonly (readonly [high: number, low: number])[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  const found: [number, number][] = []
  // ISATAP.
  if (f === 0x5efe && (e & ~0x200) === 0) found.push([g, h])
  // Teredo inverts the client's.
  if (a === 0x2001 && b === 0) found.push([g ^ 0xffff, h ^ 0xffff])
  // NAT64 within one network: the bits from 64 to 71 are left out, behind a prefix of 48, 56, 64 or 96 bits.
  if (a === 0x64 && b === 0xff9b && c === 1) {
    const [d1, e1, f0, f1, g0] = [d & 255, e & 255, f >> 8, f & 255, g >> 8]
    found.push([d, (e1 << 8) | f0], [(d1 << 8) | e1, f], [(e1 << 8) | f0, (f1 << 8) | g0], [g, h])
  }
  return found
}

function isDeniedV4(address: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  return isDeniedNumber((a << 8) | b, (c << 8) | d)
}

/** By numbers, since a text may hold a hundred thousand addresses: a `BlockList` makes an object of each. */
function isDeniedNumber(high: number, low: number): boolean {
  const address = ((high << 16) | low) >>> 0
  return networksV4.some(([first, bits]) => address >>> (32 - bits) === first >>> (32 - bits))
}

/** The eight numbers of an address as `URL` spells it. */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::')
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16))
  const [first, last] = [numbers(head), numbers(tail ?? '')]
  return tail === undefined
    ? first
    : [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
}

export interface Address {
  readonly url: URL
  /** What one parser reads in another way than the next, so that what was checked is not where the request goes. */
  readonly oddity: string | undefined
}

/** A text as the address it stands for, if it does. With `isHost` a bare host, with or without a port, is one too. */
export function addressIn(text: string, isHost: boolean): Address | undefined {
  const bare = /[\s\p{Cc}]/u.test(text) ? text.replaceAll(/[\s\p{Cc}]/gu, '') : text
  const hasScheme = /^[a-z][a-z\d+.-]*:[/\\]{2}|^(?:https?|wss?):/i.test(bare)
  const url = hasScheme ? parsed(text) : isHost ? parsed(`http://${text.trim()}`) : undefined
  return url === undefined ? undefined : { url, oddity: oddityOf(text, url) }
}

function oddityOf(text: string, url: URL): string | undefined {
  if (text.includes('\\')) return 'it has a backslash'
  if (/[\s\p{Cc}\p{Cf}]/u.test(text)) return 'it has a blank or an invisible character'
  if (/^[^/?#]*\/\/[^/?#]*@/.test(text) || url.username !== '' || url.password !== '')
    return 'it has a user name or a password before its host'
  if (/^(?:https?|wss?):(?!\/\/[^/])/i.test(text)) return 'its scheme is not followed by // and a host'
  return undefined
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function deny([address, bits]: Network): void {
  denied.addSubnet(address, bits, 'ipv6')
}

/** `169.254.0.0` as `a9fe:0000`. */
function hexOf(address: string): string {
  const parts = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
  return parts.join('').replace(/.{4}/, '$&:')
}
