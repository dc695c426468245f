import { compactOf, plainLetters, wordsOf } from './name-words'
import { rememberNames } from './remember-names'
import * as listed from './secret-words'

/**
 * What a name says about its value:
 * - `open`: nothing, the value is judged by itself;
 * - `name`: the value is the name of a model or a host, and judged as such;
 * - `count`: numbers and numeric text stay readable, other text is masked;
 * - `hidden`: text is masked, numbers stay readable;
 * - `secret`: numbers are masked too, since a password may be one;
 * - `headers`: a header map, in which values are judged by the names of the headers;
 * - `header`: the value of a header whose name says nothing, masked where it looks random;
 * - `label`: a name itself;
 * - `query`: what is put behind a `?`, judged as such.
 */
export type NameKind =
  | 'open'
  | 'name'
  | 'count'
  | 'hidden'
  | 'secret'
  | 'headers'
  | 'header'
  | 'label'
  | 'query'

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
  'prompt_cache_key',
])

/** Words and phrases that hold one of ours and are no secrets. They are taken out before looking. */
const harmless = new RegExp(
  [
    'key(?:word|board|space|frame|note|stone|cloak|ed)s?|hockey|jockey|mickey',
    '(?:mon|don|tur|turn|whis|val|hot)key',
    'tokeni[sz][a-z]*|secretar[a-z]*|секретар[а-я]*|암호화방식',
    'schlu(?:e)?sselw[a-z]*|sleutelwoord[a-z]*|(?:nyckel|nokkel|nogle)ord[a-z]*|キーワード|키워드',
    'mots?_?cles?|palabras?_?claves?|palavras?_?chaves?|slow[ao]_?kluczow[a-z]*|anahtar_?kelime[a-z]*',
  ]
    .map(plainLetters)
    .join('|'),
  'g',
)

const keyParts = [...listed.keyParts, ...listed.foreignKeyParts]
const secretPart = anywhere([...listed.secretParts, ...listed.foreignSecretParts])
const hiddenPart: Readonly<Record<NameRule, RegExp>> = {
  params: anywhere([...keyParts, ...listed.paramsParts]),
  info: anywhere(keyParts),
}
/** Without a trace of any of our words there is nothing to look for, as in almost all names. */
const anyTrace = anywhere([
  secretPart.source,
  hiddenPart.params.source,
  ...listed.secretWords,
  ...listed.foreignSecretWords,
  ...listed.passwordEnds,
  ...listed.keyWords,
  ...listed.foreignKeyWords,
  ...listed.paramsWords,
  'header|query|ak|sk|hash',
])

type Meaning = 'secret' | 'key' | 'params' | 'count' | 'price' | 'description' | 'header' | 'query' | 'pair'

/** What whole words of a name say, in the singular; of two that belong together, both in one. */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...each('secret', [...listed.secretWords, ...listed.foreignSecretWords]),
  ...each('secret', pairs(listed.passwordOwners, listed.passwordEnds)),
  ...each('key', [...listed.keyWords, ...listed.foreignKeyWords]),
  ...each('key', pairs(listed.keyOwners, ['key'])),
  ...each('key', pairs(listed.authOwners, ['auth'])),
  ...each('key', pairs(['nt', 'lm', 'ntlm'], ['hash'])),
  ...each('params', listed.paramsWords),
  ...each('count', listed.countWords),
  ...each('price', ['cost', 'price', 'pricing']),
  ...each('description', listed.descriptionWords),
  ...each('header', ['header']),
  // `extra_query`, `default_query_params`.
  ...each('query', ['query', 'param', 'parameter', 'string']),
  // `volc_ak` and `volc_sk`: an access key and its secret.
  ...each('pair', ['ak', 'sk']),
])
const pairEnds: ReadonlySet<string> = new Set([...listed.passwordEnds, 'key', 'auth', 'hash'])
const places: ReadonlySet<string> = new Set(listed.placeWords)
const openKey = new RegExp(`(?:^|_)(?:${listed.openKeyWords.join('|')})_keys?(?:_ids?|_names?)?$`)

const valueIsName = /(?:^|_)(?:model|host|hostname|server|domain|deployment)(?:_name)?$/

const longestName = 256

const judgements: Readonly<Record<NameRule, (name: string) => NameKind>> = {
  params: rememberNames((name) => judge(name, 'params')),
  info: rememberNames((name) => judge(name, 'info')),
}

export function kindOfName(name: string, rule: NameRule): NameKind {
  return name.length > longestName ? 'hidden' : judgements[rule](name)
}

function judge(name: string, rule: NameRule): NameKind {
  if (openNames.has(name)) return 'open'
  const compact = compactOf(name)
  if (!anyTrace.test(compact)) return valueIsName.test(name) ? 'name' : 'open'
  const words = wordsOf(name)
  const last = meaningOf(words.at(-1) ?? '')
  if (last === 'header' || words.includes('headers')) return 'headers'
  const kind = kindOfWords(withoutHarmless(words), rule)
  if (kind !== 'open') return kind
  if (last === 'query' && words.includes('query')) return 'query'
  return valueIsName.test(name) ? 'name' : kind
}

function kindOfWords(words: readonly string[], rule: NameRule): NameKind {
  const compact = words.join('')
  if (!anyTrace.test(compact)) return 'open'
  const says = meaningsOf(words)
  const isCount = says.has('count') || words.at(-1) === 'tokens'
  if (says.has('secret') || secretPart.test(compact)) return isCount ? 'count' : 'secret'
  const isHidden =
    says.has('key') ||
    (rule === 'params' && says.has('params')) ||
    hiddenPart[rule].test(compact) ||
    isKeyPair(words)
  if (!isHidden || isDescription(words) || says.has('price')) return 'open'
  return isCount ? 'count' : 'hidden'
}

function withoutHarmless(words: readonly string[]): readonly string[] {
  const joined = words.join('_')
  const rest = joined.replace(harmless, '')
  return rest === joined ? words : rest.split('_').filter((word) => word !== '')
}

function meaningsOf(words: readonly string[]): ReadonlySet<Meaning> {
  const found = new Set<Meaning>()
  for (const [at, word] of words.entries()) {
    const isEnd = at > 0 && pairEnds.has(singular(word))
    const both = [meaningOf(word), isEnd ? meaningOf(`${words[at - 1]}${word}`) : undefined]
    for (const meaning of both) if (meaning !== undefined) found.add(meaning)
  }
  return found
}

/** `volc_sk`, and not `language_sk`. */
function isKeyPair(words: readonly string[]): boolean {
  return meaningOf(words.at(-1) ?? '') === 'pair' && !places.has(words.at(-2) ?? '')
}

function isDescription(words: readonly string[]): boolean {
  return meaningOf(words.at(-1) ?? '') === 'description' || openKey.test(words.join('_'))
}

/** A plural like `sas` or `access` loses its s in the singular, so both forms are looked up. */
function meaningOf(word: string): Meaning | undefined {
  return meanings.get(word) ?? meanings.get(singular(word))
}

function singular(word: string): string {
  const last = word.charAt(word.length - 1)
  if (last !== 's' && (last < '0' || last > '9')) return word
  return word.replace(/(?<!\d)\d+$/, '').replace(/(?<=[^s])s$/, '')
}

function anywhere(parts: readonly string[]): RegExp {
  return new RegExp(parts.join('|'))
}

function each(meaning: Meaning, words: readonly string[]): readonly [string, Meaning][] {
  return words.map((word) => [word, meaning])
}

function pairs(firsts: readonly string[], seconds: readonly string[]): readonly string[] {
  return firsts.flatMap((first) => seconds.map((second) => first + second))
}

const sessionWords: ReadonlySet<string> = new Set(listed.sessionWords)

/** A header is a credential by its name, or else judged by its value. */
export function kindOfHeader(name: string): NameKind {
  const kind = kindOfName(name, 'params')
  if (kind === 'secret' || kind === 'hidden' || kind === 'headers') return kind === 'secret' ? kind : 'hidden'
  return wordsOf(name).some((word) => sessionWords.has(word)) ? 'hidden' : 'header'
}

const queryNames: ReadonlySet<string> = new Set(['code', 'ticket', 'assertion'])

/** Whether a query parameter of this name is a credential or a part of a signed request. */
export function isCredentialQuery(name: string): boolean {
  const lower = name.toLowerCase()
  if (queryNames.has(lower) || lower.startsWith('x-amz-') || lower.startsWith('x-goog-')) return true
  const kind = kindOfName(name, 'params')
  return kind === 'hidden' || kind === 'secret' || kind === 'headers'
}
