import { ModelManagementError } from '../errors'
import { decipher, derivedKey, encipher } from './aes-gcm'

/** One key of `sealed()`. */
export interface SealingKey {
  /** Stands in clear in everything sealed with it: letters, digits, `.`, `_` and `-`. */
  readonly id: string
  /** At least 16 characters, best random: `openssl rand -base64 32`. */
  readonly secret: string
}

/** One or several; the first seals, the others only open. A secret without an id gets a fingerprint of itself as id. */
export type SealingKeys = string | readonly (string | SealingKey)[]

/** Seals texts, and opens them for the purpose only that they were sealed for. */
export interface KeyRing {
  readonly ids: readonly string[]
  /** The id of the key that seals. */
  readonly first: string
  seal(content: string, purpose: string): string
  /** Undefined when the key is not in the ring, is another one, or text or purpose are not those of `seal`. */
  open(text: string, purpose: string): string | undefined
}

const format = 'sealed:v1'
const shape = /^sealed:v1:([\w.-]{1,64}):([\w-]+)$/
const shortestSecret = 16

export function keyRing(given: SealingKeys): KeyRing {
  const entries = (typeof given === 'string' ? [given] : listOf(given)).map(entryOf)
  const keys = new Map(entries.map(({ id, secret }) => [id, derivedKey(secret, format)] as const))
  const [first] = entries
  const key = first && keys.get(first.id)
  if (first === undefined || key === undefined) throw invalid('must hold at least one key')
  if (keys.size < entries.length) throw invalid('must not hold two keys of one id')

  return {
    ids: [...keys.keys()],
    first: first.id,
    seal(content, purpose) {
      const text = encipher(content, key, bound(first.id, purpose)).toString('base64url')
      return `${format}:${first.id}:${text}`
    },
    open(text, purpose) {
      const [, id = '', body = ''] = shape.exec(text) ?? []
      const found = keys.get(id)
      return found && decipher(Buffer.from(body, 'base64url'), found, bound(id, purpose))
    },
  }
}

export function secretsIn(keys: SealingKeys): readonly string[] {
  return [keys].flat().map((key: string | SealingKey) => (typeof key === 'string' ? key : key.secret))
}

/** The id of the key that a text was sealed with; undefined when the text has not the form that `seal` gives. */
export function keyIdOf(text: string): string | undefined {
  return shape.exec(text)?.[1]
}

/** Part of what is authenticated, so that a text moved elsewhere or given another key id does not open. */
function bound(keyId: string, purpose: string): Buffer {
  return Buffer.from(JSON.stringify([format, keyId, purpose]))
}

function listOf(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given
  throw invalid('must be a secret, or a list of secrets or of { id, secret }')
}

function entryOf(entry: unknown): SealingKey {
  const { id, secret } = (
    typeof entry === 'string' ? { secret: entry } : Object(entry)
  ) as Partial<SealingKey>
  if (typeof secret !== 'string' || secret.length < shortestSecret)
    throw invalid(
      `must hold secrets of at least ${shortestSecret} characters. A good one comes from: openssl rand -base64 32`,
    )
  const ownId = id ?? derivedKey(secret, `${format} id`).toString('hex').slice(0, 8)
  if (typeof ownId !== 'string' || !/^[\w.-]{1,64}$/.test(ownId))
    throw invalid("must hold ids of up to 64 letters, digits, '.', '_' and '-'")
  return { id: ownId, secret }
}

function invalid(problem: string): ModelManagementError {
  return new ModelManagementError('invalid_option', `Option 'keys' of sealed() ${problem}.`, {
    param: 'keys',
  })
}
