import { isIP } from 'node:net'
import { addressWithin } from '../model-info/address-within'

/** An address that a text is, whatever the text is called. */
export interface FoundAddress {
  readonly text: string
  /** A bare host, without a scheme, is one too. */
  readonly isHost: boolean
  /** `likely` may as well be something else, as `amazon.titan`; what is only mentioned stands in prose. */
  readonly certainty: 'certain' | 'likely' | 'mentioned'
}

/** Addresses of stored objects: what reads them takes no host from them. */
const storage = /^(?:s3|gs|gcs|hf|az):\/\//i
const longestHost = 300
const separators = /[\s"'`<>,;|(){}]+/

/** The addresses that a text is, or is a list of, or mentions. Linear in its length. */
export function addressesIn(text: string): readonly FoundAddress[] {
  if (!/[.:/\\]|localhost/i.test(text)) return []
  const trimmed = text.trim()
  const pieces = trimmed.split(separators).filter((piece) => piece !== '')
  const found: FoundAddress[] = []
  for (const piece of pieces) {
    const address = addressOf(piece)
    if (address !== undefined) found.push(address)
  }
  if (found.length === pieces.length) return found
  // Parsers of addresses skip line breaks and tabs, so only a blank keeps a text from being one address.
  const whole = trimmed.includes(' ') ? undefined : addressOf(trimmed)
  const mentioned = found.map((address) => ({ ...address, certainty: 'mentioned' as const }))
  return whole === undefined ? mentioned : [whole, ...mentioned]
}

function addressOf(text: string): FoundAddress | undefined {
  const within = addressWithin(text)
  if (within !== undefined)
    return storage.test(within) ? undefined : { text: within, isHost: false, certainty: 'certain' }
  const isRelative = /^[/\\]{2,}[^/\\]/.test(text)
  const [authority = ''] = /^[^/\\?#]*/.exec(isRelative ? text.replace(/^[/\\]+/, '') : text) ?? []
  if (authority === '' || authority.length > longestHost) return undefined
  if (isRelative) return { text, isHost: true, certainty: 'certain' }
  const certainty = /[.:]|localhost/i.test(authority) ? hostCertainty(authority) : undefined
  return certainty === undefined ? undefined : { text, isHost: true, certainty }
}

const hostAndPort = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:@]*)(?::(\d{1,5}))?$/
const topLevel = /^(?:[a-z]{2,24}|xn--[a-z\d-]+)$/i
/** Ends of file names, and not of hosts. */
const fileEnds =
  /^(?:json|ya?ml|toml|ini|txt|csv|md|html?|xml|py|js|ts|log|pem|key|crt|bin|gguf|onnx|safetensors|pt|jinja|j2|png|jpe?g|pdf|wav|mp3|mp4)$/i

/** Words with dots between them, with or without a port: most hosts, and most of what is none. */
const plainHost = /^((?:[\w-]+\.)*([a-z][\w-]*))(?::(\d{1,5}))?$/i

function hostCertainty(authority: string): 'certain' | 'likely' | undefined {
  const [, plain, last = '', itsPort] = plainHost.exec(authority) ?? []
  if (plain !== undefined) return nameCertainty(plain, last, itsPort)
  const [, user = '', host = '', port] = hostAndPort.exec(authority) ?? []
  const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(bare.replace(/%.*$/, '')) !== 0 || isIP(authority) !== 0) return 'certain'
  const [, name, end = ''] = plainHost.exec(bare) ?? []
  return name === undefined ? undefined : nameCertainty(name, end, port, user !== '')
}

function nameCertainty(
  host: string,
  end: string,
  port: string | undefined,
  hasUser = false,
): 'certain' | 'likely' | undefined {
  if (/^localhost$/i.test(host)) return 'certain'
  if (host !== end && topLevel.test(end)) {
    if (port !== undefined) return 'certain'
    // `ann@corp.example` is a mailbox.
    return hasUser || fileEnds.test(end) ? undefined : 'likely'
  }
  // `cache:6379`; not `16:9`, and not `llama3:8`.
  return port !== undefined && port.length > 1 && host === end ? 'likely' : undefined
}
