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

interface Place {
  readonly value: unknown
  readonly loc: readonly (string | number)[]
}

/** What JSON can say but no storage keeps, or what is only sent to do harm. Stops at the first. */
export function oddities(body: unknown, maxTextLength: number): readonly Problem[] {
  const queue: Place[] = [{ value: body, loc: [] }]
  let values = 0
  for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
    const { value, loc } = place
    const problem = oddity({ value, loc }, maxTextLength)
    if (problem !== undefined) return [problem]
    if (typeof value !== 'object' || value === null) continue
    values += Object.keys(value).length
    if (values > mostValues) return [tooMany]
    for (const [key, member] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key
      const odd =
        key === '__proto__' ? forbiddenKey([...loc, key]) : oddity({ value: key, loc }, maxTextLength)
      if (odd !== undefined) return [odd]
      queue.push({ value: member, loc: [...loc, step] })
    }
  }
  return []
}

function oddity({ value, loc }: Place, maxTextLength: number): Problem | undefined {
  if (loc.length > deepest)
    return {
      type: 'value_error',
      loc: loc.slice(0, 2),
      msg: `Value error, nested deeper than ${deepest} levels`,
    }
  if (typeof value === 'number' && !Number.isFinite(value))
    return { type: 'finite_number', loc, msg: 'Input should be a finite number' }
  if (typeof value !== 'string') return undefined
  if (value.length > maxTextLength)
    return { type: 'string_too_long', loc, msg: `String should have at most ${maxTextLength} characters` }
  if (value.includes(nul)) return { type: 'value_error', loc, msg: 'Value error, U+0000 cannot be stored' }
  if (!value.isWellFormed())
    return {
      type: 'string_unicode',
      loc,
      msg: 'Input should be a valid string, unable to parse raw data as a unicode string',
    }
  return undefined
}

const tooMany: Problem = {
  type: 'value_error',
  loc: [],
  msg: `Value error, more than ${mostValues} values`,
}

function forbiddenKey(loc: Place['loc']): Problem {
  return { type: 'extra_forbidden', loc, msg: 'Extra inputs are not permitted' }
}
