/** Fixed beginnings that nothing but a credential has, wherever they stand. */
const certain = new RegExp(
  [
    '-----BEGIN [A-Z]',
    String.raw`hooks\.slack\.com/services/\w`,
    String.raw`discord(?:app)?\.com/api/webhooks/\w`,
    `(?<![A-Za-z0-9])(?:${[
      String.raw`[sr]k_(?:live|test)_\w{4}`,
      '(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12}',
      String.raw`AIza[\w-]{16}`,
      String.raw`ya29\.[\w-]{8}`,
      'gh[pousr]_[A-Za-z0-9]{6}',
      String.raw`github_pat_\w{6}`,
      String.raw`xox[abeoprs]-[\w-]{6}`,
      String.raw`xapp-\d`,
      'dapi[a-f0-9]{24}',
      String.raw`hv[sb]\.[\w-]{16}`,
      String.raw`SG\.[\w-]{16}`,
      String.raw`eyJ[\w-]{6,300}\.[\w-]{4}`,
      String.raw`(?:ABSK|bedrock-api-key-)[\w+/]{16}`,
      'GOCSPX-[A-Za-z0-9]',
      'AGE-SECRET-KEY-1',
      'sk_[a-f0-9]{32}',
      // Base64 of an object: a service account, an encoded set of headers; and of a key file.
      String.raw`e(?:yJ|yA|w0|wo|wk)[\w+/-]{40}`,
      'LS0tLS1CRUdJTi',
    ].join('|')})`,
  ].join('|'),
)

const prefixes =
  'sk-|(?:hf|gsk|npm|r8|whsec|pcsk|glsa|jina|lsv2_pt|lsv2_sk|tgp_v1|vck|dckr_pat)_|glpat-|(?:nvapi|pplx|xai|tvly|dop_v1|shpat)[-_]'
const anyPrefix = new RegExp(prefixes)
/** Beginnings that names of hosts and models have too: `pplx-embed-v1`, `hf_hub/tiny`, `sk-learn`. */
const vendor = new RegExp(String.raw`(?<![A-Za-z0-9])(${prefixes})([\w-]{4,})(?=([./]\w|:\d)?)`, 'g')

/**
 * Whether text is, or holds, what only keys, tokens and certificates look like. Within a path, a host or a name a beginning proves
 * nothing, so that what follows has to be random there; `isName` says that the whole text is such a name.
 */
export function holdsKey(text: string, isName = false): boolean {
  if (text.length < shortest) return false
  if (certain.test(text)) return true
  if (!anyPrefix.test(text)) return false
  for (const { 1: prefix = '', 2: body = '', 3: more, index } of text.matchAll(vendor)) {
    const isWithin = isName || more !== undefined || (index > 0 && joint.test(text.charAt(index - 1)))
    if (isRandom(body) || (!isWithin && isKey(prefix, body))) return true
  }
  return false
}

/** Whether text may hold a key: for what is free text and may be hidden as a whole, as another program's error message. */
export function mayHoldKey(text: string): boolean {
  return certain.test(text) || anyPrefix.test(text)
}

const shortest = 7
/** What joins the parts of a path, a host or a name. */
const joint = /[\w./~%+-]/

function isKey(prefix: string, body: string): boolean {
  if (prefix === 'sk-') return body.length >= 12 || /^[A-Za-z]{0,8}\d/.test(body)
  return body.split(/[-_]/).some((part) => part.length >= 16 || (part.length >= 12 && kindsIn(part) >= 2))
}

/** Longer and more mixed than words and versions are. */
function isRandom(body: string): boolean {
  return body.split('-').some((part) => part.length >= 12 && kindsIn(part) >= (part.length >= 20 ? 2 : 3))
}

/** Whether a part of the text has the length and the mix of letters and digits of a key, and is made of no words. */
export function isRandomText(text: string): boolean {
  return text
    .split(/[^A-Za-z0-9]+/)
    .some((part) => (/\d/.test(part) ? isRandom(part) : part.length >= 12 && !joinedWords.test(part)))
}

/** `blueTeam`, `CustomerAPIGateway`, `PLATFORM`. */
const joinedWords =
  /^(?!.*[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{5})(?:[a-z]*|[A-Z]*|(?:[a-z]{3,}|(?=[A-Z]))(?:[A-Z]{0,3}[A-Z][a-z]{3,})+)$/

/** Of digits, small and capital letters. */
function kindsIn(part: string): number {
  return [/\d/, /[a-z]/, /[A-Z]/].filter((kind) => kind.test(part)).length
}
