import { unescape } from 'node:querystring'
import { addressWithin } from '../model-info/address-within'

/** Nobody encodes the name of a model so often. */
const mostDecodings = 4

/**
 * Whether a client of some provider may take a part of this name for a host, in whatever form it is written: names come from callers,
 * and the gateway's key is sent to that host. Linear in the length of the name.
 */
export function holdsAddress(name: string): boolean {
  // Most names are of these characters, and lists ask about thousands.
  if (/^[\w.+/-]*$/.test(name)) return name.includes('//')
  let plain = normalized(name)
  for (let left = mostDecodings; left > 0; left--) {
    const decoded = normalized(unescape(plain))
    if (decoded === plain) return isAddress(plain)
    plain = decoded
  }
  return true
}

/** As URL parsers read it: they skip control characters, fold wide letters and take a backslash for a slash. */
function normalized(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}\p{Cf}]/gu, '')
    .normalize('NFKC')
    .replaceAll('\\', '/')
    .replaceAll('。', '.')
}

function isAddress(name: string): boolean {
  if (name.includes('//') || addressWithin(name) !== undefined) return true
  return name.split(/[/?#]/).some((part) => /^(?:ftp|file):/i.test(part) || isHost(afterAt(part)))
}

function afterAt(part: string): string {
  const at = part.indexOf('@')
  return at < 0 ? '' : part.slice(at + 1)
}

/** Versions and accounts follow an `@` too, as in `claude-3-5-sonnet@20240620` and `@cf/meta/llama`. */
function isHost(text: string): boolean {
  return /[.:[\]]|^(?:localhost|0x|\d{9})/i.test(text)
}
