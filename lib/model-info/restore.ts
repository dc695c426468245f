import { createJsonComparison, createJsonNumbering, isJsonObject, jsonEquals, notJson } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { deepest } from './redact'
import { holdsMask, isMask } from './redact-text'

export interface Restored {
  readonly value: JsonValue
  /** Paths of masks that stand for nothing stored. They must be refused: a mask is never stored. */
  readonly unknownMasks: readonly string[]
}

/**
 * The way back from what a reader was shown to what is stored: wherever the value sent is the value shown, the stored
 * value is kept; all else is taken as sent. `shown` is `stored` after redaction.
 *
 * A mask over another value of the same place keeps that value too, whatever letters it shows: comparing them with the
 * secret would let a writer guess it letter by letter.
 */
export function restoreMasked(
  sent: JsonValue,
  stored: JsonValue | undefined,
  shown: JsonValue | undefined,
  path: string,
): Restored {
  // No reader was ever shown anything this deep, and walking it would end the stack.
  if (notJson(sent, deepest + 1) === 'deep') return { value: sent, unknownMasks: [path] }
  if (stored === undefined) return { value: sent, unknownMasks: masksIn(sent, path) }
  const unknown: string[] = []
  const work = { unknown, numberOf: createJsonNumbering(), isSame: createJsonComparison() }
  const value = restore({ sent, stored, shown, path }, work)
  return { value, unknownMasks: unknown }
}

/** The paths of all masks. */
function masksIn(value: JsonValue, path: string): readonly string[] {
  if (typeof value === 'string') return holdsMask(value) ? [path] : []
  if (typeof value !== 'object' || value === null) return []
  const found: string[] = []
  for (const key of Object.keys(value)) {
    const member = (value as JsonObject)[key] ?? null
    if (isPlain(member)) continue
    for (const mask of masksIn(member, path === '' ? key : `${path}.${key}`)) found.push(mask)
  }
  return found
}

interface Work {
  readonly unknown: string[]
  readonly numberOf: (value: JsonValue | undefined) => number
  readonly isSame: (sent: JsonValue, shown: JsonValue) => boolean
}

interface Place {
  readonly sent: JsonValue
  readonly stored: JsonValue | undefined
  readonly shown: JsonValue | undefined
  readonly path: string
}

/** What stays as it was sent, or is stored, is the same value and not a copy. */
function restore(place: Place, work: Work): JsonValue {
  const { sent, stored, shown, path } = place
  const isKnown = stored !== undefined && shown !== undefined
  if (typeof sent === 'object' && sent !== null) {
    if (isKnown && work.isSame(sent, shown)) return stored
    return isJsonObject(sent) ? restoreObject(sent, place, work) : restoreArray(sent, place, work)
  }
  if (stored !== undefined && sent === shown) return stored
  if (typeof sent !== 'string' || !holdsMask(sent)) return sent
  if (stored !== undefined && isMask(sent) && hidesSomething(stored, shown)) return stored
  work.unknown.push(path)
  return sent
}

/** What is no mask, and holds none. */
function isPlain(value: JsonValue | undefined): boolean {
  return typeof value === 'string' ? !holdsMask(value) : typeof value !== 'object' || value === null
}

/** Whether a reader was shown less than what is stored. */
function hidesSomething(stored: JsonValue, shown: JsonValue | undefined): boolean {
  return shown === undefined || !jsonEquals(shown, stored)
}

function restoreObject(sent: JsonObject, place: Place, work: Work): JsonObject {
  const stored = isJsonObject(place.stored) ? place.stored : {}
  const shown = isJsonObject(place.shown) ? place.shown : {}
  const names = Object.keys(sent)
  const changed = new Map<string, JsonValue>()
  for (const name of names) {
    const value = sent[name] ?? null
    const before = Object.hasOwn(stored, name) ? stored[name] : undefined
    const seen = Object.hasOwn(shown, name) ? shown[name] : undefined
    if (isPlain(value) && (before === undefined || value === before || value !== seen)) continue
    const path = place.path === '' ? name : `${place.path}.${name}`
    const restored = restore({ sent: value, stored: before, shown: seen, path }, work)
    if (restored !== value) changed.set(name, restored)
  }
  if (changed.size === 0) return sent
  // `fromEntries` defines members, so that one called `__proto__` stays a member.
  return Object.fromEntries(names.map((name) => [name, changed.get(name) ?? sent[name] ?? null]))
}

function restoreArray(sent: readonly JsonValue[], place: Place, work: Work): JsonValue {
  const stored: readonly JsonValue[] = isArray(place.stored) ? place.stored : []
  const shown: readonly JsonValue[] = isArray(place.shown) ? place.shown : []
  const partners = pairUp(sent, shown, stored, work)
  let changed: JsonValue[] | undefined
  for (const [index, value] of sent.entries()) {
    const partner = partners[index] ?? -1
    if (partner < 0 && isPlain(value)) continue
    const restored = restore(
      { sent: value, stored: stored[partner], shown: shown[partner], path: `${place.path}.${index}` },
      work,
    )
    if (restored !== value) (changed ??= [...sent])[index] = restored
  }
  return changed ?? sent
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

type Partners = readonly (number | undefined)[]

/**
 * Which shown element each sent one was. Giving an element the secret of its neighbour is worse than refusing, so an
 * element without a certain partner gets none, and a mask inside of it is reported.
 */
function pairUp(
  sent: readonly JsonValue[],
  shown: readonly JsonValue[],
  stored: readonly JsonValue[],
  { numberOf, isSame }: Work,
): Partners {
  if (shown.length === 0) return []
  // At most one element was edited and none moved: each is still at its place.
  if (sent.length === shown.length && hasAtMostOneChange(sent, shown, isSame)) return [...sent.keys()]
  const sentNumbers = sent.map(numberOf)
  const shownNumbers = shown.map(numberOf)
  return pairEdited(sent, shown, pairUntouched(sentNumbers, shownNumbers, stored.map(numberOf)))
}

function hasAtMostOneChange(
  sent: readonly JsonValue[],
  shown: readonly JsonValue[],
  isSame: Work['isSame'],
): boolean {
  let changes = 0
  return sent.every((value, at) => isSame(value, shown[at] ?? null) || ++changes <= 1)
}

function pairUntouched(
  sent: readonly number[],
  shown: readonly number[],
  stored: readonly number[],
): Partners {
  const partners: (number | undefined)[] = sent.map(() => undefined)
  const sentPlaces = placesOf(sent)
  for (const [number, candidates] of placesOf(shown)) {
    const places = sentPlaces.get(number) ?? []
    const inPlace = sent.length === shown.length && places.every((place) => shown[place] === number)
    const alike = new Set(candidates.map((candidate) => stored[candidate])).size === 1
    // Of several that look the same and hide different secrets, the order tells, as long as none is missing.
    if (!alike && !inPlace && places.length !== candidates.length) continue
    for (const [nth, place] of places.entries()) {
      partners[place] = inPlace ? place : candidates[alike ? nth % candidates.length : nth]
    }
  }
  return partners
}

function pairEdited(sent: readonly JsonValue[], shown: readonly JsonValue[], untouched: Partners): Partners {
  const taken = new Set(untouched)
  const free = [...shown.keys()].filter((index) => !taken.has(index))
  const nameless = new Set(free.filter((index) => identityOf(shown[index]) === undefined))
  const candidates = placesOf(free.map((index) => identityOf(shown[index])))
  const rivals = placesOf(
    sent.map((value, at) => (untouched[at] === undefined ? identityOf(value) : undefined)),
  )
  return sent.map((value, index) => {
    if (untouched[index] !== undefined) return untouched[index]
    const identity = identityOf(value)
    if (identity === undefined) {
      return sent.length === shown.length && nameless.has(index) && !isMaskText(value) ? index : undefined
    }
    const same = candidates.get(identity)
    return same?.length === 1 && rivals.get(identity)?.length === 1 ? free[same[0]!] : undefined
  })
}

function isMaskText(value: JsonValue): boolean {
  return typeof value === 'string' && isMask(value)
}

/** Where each item stands; `undefined` stands nowhere. Lists may be long: nobody compares each with each. */
function placesOf<T>(items: readonly (T | undefined)[]): Map<T, number[]> {
  const places = new Map<T, number[]>()
  for (const [index, item] of items.entries()) {
    if (item === undefined) continue
    const known = places.get(item)
    if (known === undefined) places.set(item, [index])
    else known.push(index)
  }
  return places
}

const identities = ['id', 'name', 'Name', 'Key', 'model_name', 'host', 'url', 'api_base'] as const

/** What tells an edited element from its neighbours. */
function identityOf(value: JsonValue | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined
  for (const name of identities) {
    const text = value[name]
    if (typeof text === 'string' && !isMask(text)) return `${name}=${text}`
  }
  return undefined
}
