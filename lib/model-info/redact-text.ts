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
  return isMask(text) || maskWithin.test(text)
}

/**
 * Text that may leave: the credentials of a URL are cut out, any other text that holds a credential becomes the mask
 * as a whole, because nobody can tell where a secret ends inside free text.
 *
 * Every pattern here starts at fixed text or at the beginning of a word, so that the time is linear in the length.
 */
export function redactText(text: string, rule: NameRule): string {
  if (text.length < 6 || isReference(text)) return text
  const stripped = startsAsUrl.test(text) ? stripUrl(text, rule) : text
  return holdsCredential(stripped, rule) ? MASK : stripped
}

const startsAsUrl = /^\s*[a-z][a-z0-9+.-]{0,31}:\/\//i

function stripUrl(text: string, rule: NameRule): string {
  const start = text.indexOf('//') + 2
  const rest = text.slice(start)
  const [authority = ''] = /^[^/?#\s\\]*/.exec(rest) ?? []
  const afterUser = authority.replace(/^.*(?:@|%40)/is, '')
  const tail = rest.slice(authority.length)
  // `//user:pa/ss@host`: an authority that ended too early, inside of the password.
  const suspicious =
    afterUser !== authority || oddPort.test(authority) || (authority.includes(':') && !/^\s*http/i.test(text))
  if (suspicious && /@|%40/.test(tail)) return MASK
  const query = tail.search(/[?#]/)
  const path = query < 0 ? tail : tail.slice(0, query)
  return text.slice(0, start) + afterUser + path + (query < 0 ? '' : stripQuery(tail.slice(query), rule))
}

const oddPort = /^(?:[^[\]]*|\[[^\]]*\]):(?!\d*$)/

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
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Not percent-encoded after all; the text as it stands is what there is to judge.
    return text
  }
}

/** Whether text looks like a credential or carries one, whatever the name it stands under. */
export function holdsCredential(text: string, rule: NameRule): boolean {
  return (
    knownShapes.test(text) ||
    userInfo.test(text) ||
    plainUserInfo.test(text) ||
    hasScheme(text) ||
    hasQuery(text) ||
    hasAssignment(text, rule)
  )
}

const knownShapes = new RegExp(
  [
    '-----BEGIN [A-Z]',
    String.raw`hooks\.slack\.com/services/\w`,
    String.raw`discord(?:app)?\.com/api/webhooks/\w`,
    `(?<![A-Za-z0-9])(?:${[
      String.raw`sk-(?:[\w-]{12}|(?=[A-Za-z]{0,8}\d)[\w-]{4})`,
      String.raw`[sr]k_(?:live|test)_\w{4}`,
      '(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12}',
      String.raw`AIza[\w-]{16}`,
      String.raw`ya29\.[\w-]{8}`,
      'gh[pousr]_[A-Za-z0-9]{6}',
      String.raw`github_pat_\w{6}`,
      String.raw`glpat-[\w-]{6}`,
      String.raw`xox[abeoprs]-[\w-]{6}`,
      String.raw`xapp-\d`,
      '(?:hf|gsk|npm|r8)_[A-Za-z0-9]{12}',
      String.raw`(?:nvapi|pplx|xai|tvly|dop_v1|shpat)[-_][\w-]{16}`,
      'dapi[a-f0-9]{24}',
      String.raw`hv[sb]\.[\w-]{16}`,
      String.raw`SG\.[\w-]{16}`,
      String.raw`eyJ[\w-]{6,300}\.[\w-]{4}`,
      String.raw`(?:ABSK|bedrock-api-key-)[\w+/]{16}`,
      'GOCSPX-[A-Za-z0-9]',
      'AGE-SECRET-KEY-1',
      String.raw`sk_[a-f0-9]{32}`,
      String.raw`(?:whsec|pcsk|glsa|jina|lsv2_pt|lsv2_sk|tgp_v1|vck|dckr_pat)_[\w-]{12}`,
      // Base64 of an object: a service account, an encoded set of headers; and of a key file.
      String.raw`e(?:yJ|yA|w0|wo|wk)[\w+/-]{40}`,
      'LS0tLS1CRUdJTi',
    ].join('|')})`,
  ].join('|'),
)

const userInfo = /\/\/[^\s/?#@]*(?:@|%40)/i
/** `user:password@host.name`, `user:password@tcp(…)`; not `provider:model@20240620`. */
const plainUserInfo =
  /(?<!\S)[^\s/@:]+:(?!\/\/)\S*@(?:[\w-]+(?:\.[\w-]+)*\.[a-z]|[\w.-]+:\d|localhost|(?:tcp|unix)\(|\[)/i

const scheme = /\b(bearer|basic)\s+([\w.~+/=:-]{6,})/gi
const proseAfterBearer = /^(?:tokens?|auth\w*|credentials?|keys?|headers?|scheme)\W*$/i

function hasScheme(text: string): boolean {
  for (const [, word = '', value = ''] of text.matchAll(scheme)) {
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
  for (const [, name = '', value = ''] of text.matchAll(/[?&]([^=&?#\s]{1,64})=([^&#\s]+)/g)) {
    if (isCredentialQuery(decode(name)) && !isReference(decode(value))) return true
  }
  return false
}

const assignment = /(?<![\w.-])([\w.-]+)(\\?["'])?\s*([:=])=?\s*(\\?["'])?([^\s=\\"',;}]{1,64})/g
const harmlessValue = /^(?:-?\d[\d.e+-]*|true|false|null|none|\*+|os\.environ\/\w+|[{[]+)$/i

/** `Password=…;` of a connection string, `'api_key': '…'` of text that is almost JSON, `x-api-key: …` of a header line. */
function hasAssignment(text: string, rule: NameRule): boolean {
  for (const [, name = '', quote, sign, , value = ''] of text.matchAll(assignment)) {
    const kind = kindOfName(name.slice(-64), rule)
    if (kind === 'secret' && !isHarmless(value, true)) return true
    if (kind === 'hidden' && (quote || sign === '=') && !isHarmless(value, false)) return true
  }
  return false
}

function isHarmless(value: string, digitsAreSecret: boolean): boolean {
  return harmlessValue.test(value) && !(digitsAreSecret && /^\d{4}/.test(value))
}
