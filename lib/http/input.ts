import { ModelManagementError } from '../errors'
import type { Problem } from '../errors'
import type { JsonObject } from '../json'
import { oddities } from '../schema/oddities'
import type { BodyLimits } from '../schema/oddities'
import { shapeValidator } from '../schema/validator'
import type { SchemaName } from '../schema/validator'

/** The body as the route's schema wants it. Throws `invalid_body` with every problem and its path. */
export function checkedBody(body: unknown, schema: SchemaName, limits: BodyLimits): JsonObject {
  if (body === undefined) throw invalidBody([{ type: 'missing', loc: [], msg: 'Field required' }])
  const found = oddities(body, limits)
  if (found.length > 0) throw invalidBody(found)
  const checked = shapeValidator(schema)(body)
  if (!checked.ok) throw invalidBody(checked.problems)
  return checked.value
}

/** The query as the route's schema wants it. Throws `invalid_body` as for a body, with `query` in the paths. */
export function checkedQuery(query: object, schema: SchemaName): JsonObject {
  const checked = shapeValidator(schema)(query)
  if (checked.ok) return checked.value
  throw invalid('query', checked.problems)
}

/** Not an object, or not sent as JSON. */
export function notAnObject(): ModelManagementError {
  return invalidBody([
    {
      type: 'model_attributes_type',
      loc: [],
      msg: 'Input should be a valid dictionary or object to extract fields from',
    },
  ])
}

function invalidBody(problems: readonly Problem[]): ModelManagementError {
  return invalid('body', problems)
}

function invalid(part: 'body' | 'query', problems: readonly Problem[]): ModelManagementError {
  const placed = problems.map((problem) => ({ ...problem, loc: [part, ...problem.loc] }))
  return new ModelManagementError('invalid_body', `The ${part} does not fit its schema.`, {
    problems: placed,
  })
}
