import type { Problem } from '../errors'

/** Nothing in LiteLLM's shapes comes near this; what does is meant to exhaust the stack. */
const deepest = 64
const mostValues = 50_000
/** PostgreSQL keeps it in no text. */
const nul = '\u0000'

/** Whether every storage gives this text back as it was given; a model's id is such a one. */
export function isStorable(text: string): boolean {
  return !text.includes(nul) && text.isWellFormed()
}

/** A value and the way to it, which is only put together where it is told: most values are in order. */
interface Place {
  readonly value: unknown
  readonly step: string | number
  readonly parent: Place | undefined
  readonly depth: number
}

/** What JSON can say but no storage keeps, or what is only sent to do harm. Stops at the first. */
export function oddities(body: unknown, maxTextLength: number): readonly Problem[] {
  const queue: Place[] = [{ value: body, step: '', parent: undefined, depth: 0 }]
  let values = 0
  for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
    const problem = oddity(place, place.value, maxTextLength)
    if (problem !== undefined) return [problem]
    const { value } = place
    if (typeof value !== 'object' || value === null) continue
    const isList = Array.isArray(value)
    const keys = Object.keys(value)
    values += keys.length
    if (values > mostValues) return [tooMany]
    for (const key of keys) {
      const odd = isList ? undefined : oddKey(place, key, maxTextLength)
      if (odd !== undefined) return [odd]
      const member: unknown = (value as Record<string, unknown>)[key]
      queue.push({ value: member, step: isList ? Number(key) : key, parent: place, depth: place.depth + 1 })
    }
  }
  return []
}

function oddKey(place: Place, key: string, maxTextLength: number): Problem | undefined {
  return key === '__proto__' ? forbiddenKey([...locOf(place), key]) : oddity(place, key, maxTextLength)
}

function locOf(place: Place): (string | number)[] {
  const loc: (string | number)[] = []
  for (let at = place; at.parent !== undefined; at = at.parent) loc.unshift(at.step)
  return loc
}

/** What is wrong with a value, or with a key of the one that stands there. */
function oddity(place: Place, value: unknown, maxTextLength: number): Problem | undefined {
  const problem = (type: string, msg: string): Problem => ({ type, loc: locOf(place), msg })
  if (place.depth > deepest)
    return {
      ...problem('value_error', `Value error, nested deeper than ${deepest} levels`),
      loc: locOf(place).slice(0, 2),
    }
  if (typeof value === 'number' && !Number.isFinite(value))
    return problem('finite_number', 'Input should be a finite number')
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

const tooMany: Problem = {
  type: 'value_error',
  loc: [],
  msg: `Value error, more than ${mostValues} values`,
}

function forbiddenKey(loc: Problem['loc']): Problem {
  return { type: 'extra_forbidden', loc, msg: 'Extra inputs are not permitted' }
}
