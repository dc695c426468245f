/**
 * What a name says about its value:
 * - `open`: nothing, the value is judged by itself;
 * - `count`: numbers and numeric text stay readable, other text is masked;
 * - `hidden`: text is masked, numbers stay readable;
 * - `secret`: numbers are masked too, since a password may be one;
 * - `headers`: a header map, of which only a few values are shown;
 * - `query`: what is put behind a `?`, judged as such.
 */
export type NameKind = 'open' | 'count' | 'hidden' | 'secret' | 'headers' | 'query'

/** `params` is the wide rule; `info` hides only what is plainly a credential, because that object is the user's own. */
export type NameRule = 'params' | 'info'

/** LiteLLM leaves these out of `litellm_params`. Deeper down they are masked: a nested object is replaced as a whole
 * by an update, so leaving a key out there would lose it when a reader writes back what was read. */
export const removedParams: ReadonlySet<string> = new Set([
  'api_key',
  'client_secret',
  'vertex_credentials',
  'vertex_ai_credentials',
  'aws_access_key_id',
  'aws_secret_access_key',
])

/** Named like a secret, yet a name or a list of names. */
const openNames: ReadonlySet<string> = new Set([
  'litellm_credential_name',
  'configurable_clientside_auth_params',
  'default_api_key_tpm_limit',
  'default_api_key_rpm_limit',
  'provider_affinity_header',
])

/** Looked for anywhere in the name, separators and case aside. */
const secretWords = [
  'secret|password|passwd|passphrase|passcode|credential|authorization|bearer|privatekey',
  'apikey|apitoken|accesskey|authkey|masterkey|signingkey|encryptionkey|sessionkey|sharedkey|accountkey|subscriptionkey|sastoken',
  'connectionstring|connstr|seedphrase|recoveryphrase',
].join('|')
const secretPattern = new RegExp(secretWords)

/** Compared with whole words of the name; the singular stands for the plural. */
const secretSegments: ReadonlySet<string> = new Set(
  'pwd pw psk passkey pin otp totp cred userpass dbpass rootpass adminpass smtppass'.split(' '),
)
const hiddenSegments: Readonly<Record<NameRule, ReadonlySet<string>>> = {
  params: new Set([
    'auth',
    'oauth',
    'authn',
    'authz',
    'authentication',
    'access',
    'private',
    'certificate',
    'cert',
    'fingerprint',
    'tenancy',
    'cookie',
    'jwt',
    'sas',
    'dsn',
    'signature',
    'sig',
    'hmac',
    'pem',
    'pat',
    'pass',
    'csrf',
    'assertion',
    'xsrf',
  ]),
  info: new Set(['cookie', 'jwt', 'sas', 'dsn']),
}

/** Words that happen to hold one of ours. They are taken out before looking. */
const harmless =
  /keyword|keyboard|keyspace|keyframe|keynote|keystone|keycloak|keyed|monkey|donkey|turkey|turnkey|hockey|jockey|whiskey|valkey|hotkey|mickey|tokeni[sz]\w*|secretar\w*/g

const hiddenWithin: Readonly<Record<NameRule, RegExp>> = {
  params: /key|token|cookie|sessionid|serviceaccount|basicauth|pwd/,
  info: /token|cookie|sessionid|serviceaccount/,
}

const prices: ReadonlySet<string> = new Set(['cost', 'price', 'pricing'])
const counts: ReadonlySet<string> = new Set([
  'max',
  'min',
  'limit',
  'count',
  'budget',
  'per',
  'total',
  'tpm',
  'rpm',
  'size',
  'length',
  'window',
  'ttl',
  'expiry',
  'second',
  'minute',
  'hour',
  'day',
  'ms',
])
/** As a last word they say that the value describes the secret and is none: `token_url`, `access_groups`. */
const descriptions: ReadonlySet<string> = new Set([
  'type',
  'url',
  'uri',
  'endpoint',
  'group',
  'mode',
  'method',
  'email',
  'enabled',
  'provider',
  'through',
])

/** `extra_query`, `default_query_params`. */
const queryEnds: ReadonlySet<string> = new Set(['query', 'param', 'parameter', 'string'])

const longestName = 256
// `apiKey`, `APIKey` and `API_KEYs`: a plural s belongs to the capitals before it.
const wordBoundary = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s(?![a-z]))[a-z])|[^A-Za-z0-9]+/

/** Never remembers names: they come from callers, and a memory of them would grow without bound. */
export function kindOfName(name: string, rule: NameRule): NameKind {
  if (openNames.has(name)) return 'open'
  if (name.length > longestName) return 'hidden'
  const words = name
    .normalize('NFKC')
    .split(wordBoundary)
    .map((word) => word.toLowerCase().replace(harmless, ''))
    .filter((word) => word !== '')
  const singular = words.map((word) => word.replace(/\d+$/, '').replace(/(?<=[^s])s$/, ''))
  const last = singular.at(-1) ?? ''
  if (words.includes('headers') || last === 'header') return 'headers'
  const compact = words.join('')
  const counted = words.at(-1) === 'tokens' || singular.some((word) => counts.has(word))
  if (secretPattern.test(compact) || words.concat(singular).some((word) => secretSegments.has(word))) {
    return counted ? 'hidden' : 'secret'
  }
  // A plural like `sas` or `access` loses its s above, so both forms are looked up.
  const hidden =
    words.concat(singular).some((word) => hiddenSegments[rule].has(word)) || hiddenWithin[rule].test(compact)
  if (!hidden || descriptions.has(last) || singular.some((word) => prices.has(word)))
    return words.includes('query') && queryEnds.has(last) ? 'query' : 'open'
  return counted ? 'count' : 'hidden'
}

/** Header values that are shown: all others are masked, whatever the header is called. */
export const openHeaders: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'anthropic-version',
  'anthropic-beta',
])

const queryNames: ReadonlySet<string> = new Set(['code', 'ticket', 'assertion'])

/** Whether a query parameter of this name is a credential or a part of a signed request. */
export function isCredentialQuery(name: string): boolean {
  const lower = name.toLowerCase()
  if (queryNames.has(lower) || lower.startsWith('x-amz-') || lower.startsWith('x-goog-')) return true
  const kind = kindOfName(name, 'params')
  return kind === 'hidden' || kind === 'secret' || kind === 'headers'
}
