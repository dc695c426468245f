import { ModelManagementError } from '../errors'

/** What a value should have been; undefined when it is that. */
export type Check = (value: unknown) => string | undefined

/** One check for each member; the compiler holds such a table complete. */
export type Checks<T> = { readonly [K in keyof Required<T>]: Check }

export const text: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a non-empty string'
export const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false')
export const count: Check = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? undefined : 'a whole number above 0'
/** The longest time that a timer takes; anything longer fires at once. */
const longestMs = 2 ** 31 - 1
export const milliseconds: Check = (value) =>
  count(value) === undefined && (value as number) <= longestMs
    ? undefined
    : `a whole number of milliseconds from 1 to ${longestMs}`
export const zero: Check = (value) => (value === 0 ? undefined : '0')
/** Of names and values: what else `typeof` calls an object, as a list or a promise, has none. */
export const object: Check = (value) =>
  /^\[object (?:Object|Module)\]$/.test(Object.prototype.toString.call(value)) ? undefined : 'an object'
export const url: Check = (value) => (value instanceof URL ? undefined : 'a URL')
export const callable: Check = (value) => (typeof value === 'function' ? undefined : 'a function')
export const names: Check = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'a list of names'

export const origins: Check = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && isOrigin(one))
    ? undefined
    : "a list of origins, each a scheme, a host and perhaps a port, as ['https://dashboard.example.com']"

function isOrigin(one: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s*,]+$/i.test(one)
}

export const methods =
  (...wanted: readonly string[]): Check =>
  (value) => {
    const missing = wanted.filter(
      (name) => typeof (value as Record<string, unknown> | null)?.[name] !== 'function',
    )
    return missing.length === 0
      ? undefined
      : `an object with the method${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`
  }

/** How those adapters are called that come with this package. */
const calls: Readonly<Record<string, string>> = {
  memoryAdapter: '()',
  postgresAdapter: '({ url })',
  sqliteAdapter: '({ file })',
  yamlFileAdapter: '({ file })',
}

/** An adapter; what is often put in its place is told from other mistakes. */
export const adapter: Check = (value) => {
  if (typeof value === 'function') {
    const call = Object.hasOwn(calls, value.name) ? `${value.name}${calls[value.name]}` : 'it'
    return `an adapter, and is the function that makes one. Call ${call === 'it' ? 'it' : `it: ${call}`}`
  }
  if (typeof (value as { readonly then?: unknown } | null)?.then === 'function')
    return 'an adapter, and is a promise. Await it'
  const wanted = methods('list', 'get')(value)
  return wanted && `an adapter, as sqliteAdapter({ file }) makes one: ${wanted}`
}

export const either =
  (...checks: readonly Check[]): Check =>
  (value) => {
    const wanted = checks.map((check) => check(value))
    return wanted.includes(undefined) ? undefined : wanted.join(', or ')
  }

export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string) ? undefined : words.map((word) => `'${word}'`).join(' or ')

/** Throws `invalid_option` for the first member that is unknown or not what it should be; `undefined` equals absent. */
export function checkMembers<T extends object>(given: T, checks: Checks<T>, path = ''): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(checks, name)) throw unknownOption(name, Object.keys(checks), path)
    if (value === undefined) continue
    const wanted = checks[name as keyof T](value)
    if (wanted !== undefined) throw invalid(path + name, wanted)
  }
}

export function invalid(name: string, wanted: string): ModelManagementError {
  return new ModelManagementError('invalid_option', `Option '${name}' must be ${wanted}.`, { param: name })
}

/**
 * Checks what a function such as `sqliteAdapter` was given, apart from the values. Throws `invalid_option` where that is no object,
 * or has a member it does not know.
 */
export function assertOptions(given: unknown, of: string, known: readonly string[], example: string): void {
  if (object(given) !== undefined) {
    const message = `${of}() needs its options as an object: ${of}(${example}).`
    throw new ModelManagementError('invalid_option', message, { param: 'options' })
  }
  const unknown = Object.keys(given as object).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const message = `${of}: there is no option '${unknown}'. ${suggestName(unknown, known)}`
  throw new ModelManagementError('invalid_option', message, { param: unknown })
}

function unknownOption(name: string, known: readonly string[], path: string): ModelManagementError {
  const message = `There is no option '${path}${name}'. ${suggestName(name, known, path)}`
  return new ModelManagementError('invalid_option', message, { param: path + name })
}

/** What was meant by a name that is not known, or all that are. */
export function suggestName(name: string, known: readonly string[], path = ''): string {
  const most = Math.min(2, Math.floor(name.length / 2))
  const to = (one: string): number => distance(one.toLowerCase(), name.slice(0, 100).toLowerCase())
  const [near] = known.filter((one) => to(one) <= most).sort((one, other) => to(one) - to(other))
  return near === undefined
    ? `Known are: ${known.map((one) => path + one).join(', ')}.`
    : `Did you mean '${path}${near}'?`
}

/** The known name that a misspelled one is near enough to, however its words are joined: `apiBase`, `api-bse`. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const spelled = name
    .slice(0, 100)
    .replace(/(?<=[a-z\d])(?=[A-Z])|[-\s.]+/g, '_')
    .toLowerCase()
  const letters = lettersOf(spelled)
  let nearest: string | undefined
  let least = spelled.length < 8 ? 1 : spelled.length < 18 ? 2 : 3
  for (const one of known) {
    if (Math.abs(one.length - spelled.length) > least) continue
    if (bits(letters ^ lettersOf(one)) > 2 * least) continue
    const to = distance(one.toLowerCase(), spelled)
    // Of a short word one letter may make another word; letters that changed places are a slip.
    const isSlip =
      spelled.length > 4 || (one.length === spelled.length && to === 1 && isAnagram(one, spelled))
    if (to === 0 || (isSlip && (to < least || (to === least && nearest === undefined)))) {
      nearest = one
      least = to
    }
  }
  return nearest
}

/** One bit for each letter of the name: each edit changes two of them at most, which rules most names out at once. */
function lettersOf(name: string): number {
  let letters = 0
  for (let at = 0; at < name.length; at++) letters |= 1 << name.charCodeAt(at)
  return letters
}

function bits(set: number): number {
  let sum = 0
  for (let left = set; left !== 0; left &= left - 1) sum += 1
  return sum
}

function isAnagram(one: string, other: string): boolean {
  return Array.from(one).sort().join('') === Array.from(other).sort().join('')
}

/** Levenshtein's distance, for short words; neighbours that changed places count once. */
function distance(one: string, other: string): number {
  let before: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let at = 0; at < one.length; at++) {
    const next = [at + 1]
    for (let column = 0; column < other.length; column++) {
      const same = one[at] === other[column]
      const isSwap = at > 0 && column > 0 && one[at] === other[column - 1] && one[at - 1] === other[column]
      next.push(
        Math.min(
          (row[column + 1] ?? 0) + 1,
          (next[column] ?? 0) + 1,
          (row[column] ?? 0) + (same ? 0 : 1),
          isSwap ? (before[column - 1] ?? 0) + 1 : Infinity,
        ),
      )
    }
    before = row
    row = next
  }
  return row.at(-1) ?? 0
}
