import type { Problem } from '../errors'
import { countInText } from './count-values'

/** Nothing in LiteLLM's shapes comes near this; what does is meant to exhaust the stack. */
const deepest = 64
/** PostgreSQL keeps it in no text. */
const nul = '\u0000'

/** Whether every storage gives this text back as it was given; a model's id is such a one. */
export function isStorable(text: string): boolean {
  return !text.includes(nul) && text.isWellFormed()
}

/** Characters of one text and of one key, and how many values there are. */
export interface BodyLimits {
  readonly maxTextLength: number
  readonly maxNameLength: number
  readonly maxValues: number
}

/** Its location is put together for an error only. */
interface Place {
  readonly value: unknown
  readonly key?: string | number
  readonly parent?: Place
  readonly depth: number
}

/** What JSON can say but no storage keeps, or what is only sent to do harm. Stops at the first. */
export function oddities(body: unknown, limits: BodyLimits): readonly Problem[] {
  const queue: Place[] = [{ value: body, depth: 0 }]
  let values = 0
  for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
    const { value, depth } = place
    const problem = oddity(place, limits.maxTextLength)
    if (problem !== undefined) return [problem]
    if (typeof value === 'string') values += countInText(value)
    if (values > limits.maxValues) return [tooMany(limits.maxValues)]
    if (typeof value !== 'object' || value === null) continue
    const keys = Array.isArray(value) ? undefined : Object.keys(value)
    const count = keys?.length ?? (value as readonly unknown[]).length
    values += count
    if (values > limits.maxValues) return [tooMany(limits.maxValues)]
    for (let at = 0; at < count; at++) {
      const key = keys?.[at] ?? at
      const odd = typeof key === 'string' ? oddKey(key, place, limits) : undefined
      if (odd !== undefined) return [odd]
      const member = (value as Readonly<Record<number | string, unknown>>)[key]
      if (depth < deepest && isPlain(member)) continue
      queue.push({ value: member, key, parent: place, depth: depth + 1 })
    }
  }
  return []
}

/** What nothing can be wrong with, as most values are. */
function isPlain(value: unknown): boolean {
  return typeof value === 'boolean' || value === null || (typeof value === 'number' && Number.isFinite(value))
}

function oddKey(
  key: string,
  place: Place,
  { maxNameLength, maxTextLength }: BodyLimits,
): Problem | undefined {
  if (key === '__proto__') return forbiddenKey([...locationOf(place), key])
  if (key.length > maxNameLength)
    return {
      type: 'string_too_long',
      loc: locationOf(place),
      msg: `A key should have at most ${maxNameLength} characters (option 'limits.maxNameLength')`,
    }
  return oddity({ ...place, value: key }, maxTextLength)
}

function oddity(place: Place, maxTextLength: number): Problem | undefined {
  const { value, depth } = place
  const problem = (type: string, msg: string): Problem => ({ type, loc: locationOf(place), msg })
  if (depth > deepest)
    return {
      ...problem('value_error', `Value error, nested deeper than ${deepest} levels`),
      loc: locationOf(place).slice(0, 2),
    }
  if (typeof value === 'number' && !Number.isFinite(value))
    return problem('finite_number', 'Input should be a finite number')
  // A host's own parser may make one of a large number.
  if (typeof value === 'bigint') return problem('value_error', 'Value error, a BigInt is no JSON value')
  if (typeof value !== 'string') return undefined
  if (value.length > maxTextLength)
    return problem('string_too_long', `String should have at most ${maxTextLength} characters`)
  if (value.includes(nul)) return problem('value_error', 'Value error, U+0000 cannot be stored')
  if (!value.isWellFormed())
    return problem(
      'string_unicode',
      'Input should be a valid string, unable to parse raw data as a unicode string',
    )
  return undefined
}

function locationOf({ key, parent }: Place): readonly (string | number)[] {
  const loc: (string | number)[] = []
  for (let [step, place] = [key, parent]; step !== undefined; [step, place] = [place?.key, place?.parent])
    loc.unshift(step)
  return loc
}

function tooMany(most: number): Problem {
  const msg = `Value error, more than ${most} values (option 'limits.maxValues')`
  return { type: 'value_error', loc: [], msg }
}

function forbiddenKey(loc: Problem['loc']): Problem {
  return { type: 'extra_forbidden', loc, msg: 'Extra inputs are not permitted' }
}
