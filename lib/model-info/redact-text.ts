import { holdsKey } from './credential-shapes'
import { isCredentialQuery, kindOfName, type NameRule } from './secret-names'

/** What stands for a secret, whatever its length. */
export const MASK = '********'

const reference = /^os\.environ\/[A-Za-z_][A-Za-z0-9_]*$/

/** `os.environ/NAME`: the name of a secret and therefore none. */
export function isReference(text: string): boolean {
  return reference.test(text)
}

// A single or double star is a wildcard, never a mask.
const starsOnly = /^\*{3,}$/
const litellmMask = /^[^*]{4}\*{3,}[^*]{4}$/

/** Our mask, or one as LiteLLM writes it: `*******`, `sk-1***********cdef`. */
export function isMask(text: string): boolean {
  return starsOnly.test(text) || litellmMask.test(text)
}

const maskWithin = /(?<![^\s:=@/"'])\*{8}(?![^\s:@&,;"'}])/

/** Whether the text is a mask or carries ours, as `Bearer ********` does. */
export function holdsMask(text: string): boolean {
  return text.includes('***') && (isMask(text) || maskWithin.test(text))
}

/**
 * Text that may leave: the credentials of a URL are cut out, any other text that holds a credential becomes the mask
 * as a whole, because nobody can tell where a secret ends inside free text. `isName` tells a name of a model or a host.
 *
 * Every pattern here starts at fixed text or at the beginning of a word, so that the time is linear in the length.
 */
export function redactText(text: string, rule: NameRule, isName = false): string {
  if (text.length < 6 || isReference(text)) return text
  if (!startsAsUrl.test(text)) return holdsCredential(text, rule, isName) ? MASK : text
  const { address, query } = stripUrl(text, rule)
  // Each parameter that is left was looked at by itself.
  return holdsCredential(address, rule) ? MASK : address + query
}

const startsAsUrl = /^\s*[a-z][a-z0-9+.-]{0,31}:\/\//i

interface Stripped {
  readonly address: string
  readonly query: string
}

function stripUrl(text: string, rule: NameRule): Stripped {
  const start = text.indexOf('//') + 2
  const rest = text.slice(start)
  const [authority = ''] = /^[^/?#\s\\]*/.exec(rest) ?? []
  const afterUser = authority.slice(endOfUser(authority))
  const tail = rest.slice(authority.length)
  // `//user:pa/ss@host`: an authority that ended too early, inside of the password.
  const suspicious =
    afterUser !== authority || hasOddPort(authority) || (authority.includes(':') && !/^\s*http/i.test(text))
  if (suspicious && /@|%40/.test(tail)) return { address: MASK, query: '' }
  const at = tail.search(/[?#]/)
  const path = at < 0 ? tail : tail.slice(0, at)
  return {
    address: text.slice(0, start) + afterUser + path,
    query: at < 0 ? '' : stripQuery(tail.slice(at), rule),
  }
}

function endOfUser(authority: string): number {
  const [plain, encoded] = [authority.lastIndexOf('@'), authority.lastIndexOf('%40')]
  return Math.max(plain + 1, encoded < 0 ? 0 : encoded + 3)
}

function hasOddPort(authority: string): boolean {
  const host = authority.startsWith('[') ? authority.indexOf(']') + 1 : authority.indexOf(':')
  return host >= 0 && authority.charAt(host) === ':' && !/^:\d*$/.test(authority.slice(host))
}

/** Keeps each parameter that is not a credential. What follows a credential without a name of its own is its rest. */
function stripQuery(query: string, rule: NameRule): string {
  let cut = false
  const kept = query.match(/[?&#;][^?&#;]*/g)?.filter((part) => {
    const equals = part.indexOf('=')
    if (equals < 0) return !cut && !(part.length > 6 && holdsCredential(part.slice(1), rule))
    const value = decode(part.slice(equals + 1))
    cut =
      (isCredentialQuery(decode(part.slice(1, equals))) && !isReference(value)) ||
      holdsCredential(value, rule)
    return !cut
  })
  const text = kept?.join('') ?? ''
  return text.startsWith('&') || text.startsWith(';') ? `?${text.slice(1)}` : text
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Not percent-encoded after all; the text as it stands is what there is to judge.
    return text
  }
}

/** Whether text looks like a credential or carries one, whatever the name it stands under. */
export function holdsCredential(text: string, rule: NameRule, isName = false): boolean {
  if (holdsKey(text, isName)) return true
  if (!/[:=@\s]/.test(text)) return false
  return (
    userInfo.test(text) ||
    hasPlainUserInfo(text) ||
    hasScheme(text) ||
    hasQuery(text) ||
    hasAssignment(text, rule)
  )
}

const userInfo = /\/\/[^\s/?#@]*(?:@|%40)/i
/** `user:password@host.name`, `user:password@tcp(…)`; not `provider:model@20240620`. */
const afterUserName = /(?<!\S)[^\s/@:]+:(?!\/\/)(\S*@\S+)/g
const hostAfterUser = /@(?:[\w-][\w.-]*(?:\.[a-z]|:\d)|localhost|(?:tcp|unix)\(|\[[\da-f:]*\])/i

function hasPlainUserInfo(text: string): boolean {
  if (!text.includes('@')) return false
  for (const [, rest = ''] of text.matchAll(afterUserName)) if (hostAfterUser.test(rest)) return true
  return false
}

const scheme = /\b(bearer|basic)\s+([\w.~+/=:-]+)/gi
const anyScheme = /bearer|basic/i
const proseAfterBearer = /^(?:tokens?|auth\w*|credentials?|keys?|headers?|scheme)\W*$/i

function hasScheme(text: string): boolean {
  // Making an iterator takes longer than looking through a short text.
  if (!anyScheme.test(text)) return false
  for (const [, word = '', value = ''] of text.matchAll(scheme)) {
    if (value.length < 6) continue
    if (word.toLowerCase() === 'bearer' ? !proseAfterBearer.test(value) : isBasicCredential(value))
      return true
  }
  return false
}

/** `basic` is an everyday word: only Base64 of `user:password`, or what has digits or padding, counts. */
function isBasicCredential(value: string): boolean {
  return /[\d=]/.test(value) || Buffer.from(value, 'base64').toString('latin1').includes(':')
}

function hasQuery(text: string): boolean {
  if (!/[?&][^=&?#\s]/.test(text) || !text.includes('=')) return false
  for (const [, name = '', value = ''] of text.matchAll(/[?&]([^=&?#\s]{1,64})=([^&#\s]+)/g)) {
    if (isCredentialQuery(decode(name)) && !isReference(decode(value))) return true
  }
  return false
}

const assignment = /(?<![\w.-])([\w.-]+)(\\?["'])?\s*([:=])=?\s*(\\?["'])?([^\s=\\"',;}]{1,64})/g
/** A part of what is searched for, found in a fraction of the time. */
const anyAssignment = /[\w.-]\\?["']?\s*[:=]/
const harmlessValue = /^(?:-?\d[\d.e+-]*|true|false|null|none|\*+|os\.environ\/\w+|[{[]+)$/i

/** `Password=…;` of a connection string, `'api_key': '…'` of text that is almost JSON, `x-api-key: …` of a header line. */
function hasAssignment(text: string, rule: NameRule): boolean {
  if (!anyAssignment.test(text)) return false
  for (const { 1: name = '', 2: quote, 3: sign, 4: opening, 5: value = '', index } of text.matchAll(
    assignment,
  )) {
    const kind = kindOfName(name.slice(-longestAssigned), rule)
    if (kind !== 'secret' && kind !== 'hidden') continue
    if (kind === 'hidden' && !(quote || sign === '=')) continue
    if (sign === ':' && !quote && !opening && (text[index - 1] === '/' || isHost(name, value, rule))) continue
    if (!isHarmless(value, kind === 'secret')) return true
  }
  return false
}

const longestAssigned = 64
const portOrTag = /^(?:\d{2,5}|latest|\d+(?:\.\d+)?[bm])(?:$|\/)/i

/** `vault-secrets-proxy:8200` and `secret-model:7b`, whose last word is none for a secret. */
function isHost(name: string, value: string, rule: NameRule): boolean {
  const last = /[.-]([^.-]+)$/.exec(name.slice(-longestAssigned))?.[1]
  return last !== undefined && portOrTag.test(value) && kindOfName(last, rule) !== 'secret'
}

function isHarmless(value: string, digitsAreSecret: boolean): boolean {
  return harmlessValue.test(value) && !(digitsAreSecret && /^\d{4}/.test(value))
}
