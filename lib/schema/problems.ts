import type { ErrorObject } from 'ajv'
import type { Problem } from '../errors'

/** Where pydantic has a model of its own rather than a plain mapping. */
const models = new Set(['', '/litellm_params', '/model_info'])

/** Of the empty text the second says nothing: `minLength` does. */
const notBlank: ReadonlySet<unknown> = new Set(['\\S', '^$|\\S'])

/** What ajv found, in pydantic's words. Never the value itself. */
export function toProblem(error: ErrorObject): Problem {
  const loc = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  const params = error.params as Readonly<Record<string, unknown>>
  switch (error.keyword) {
    case 'required':
      return { type: 'missing', loc: [...loc, String(params['missingProperty'])], msg: 'Field required' }
    case 'additionalProperties':
      return {
        type: 'extra_forbidden',
        loc: [...loc, String(params['additionalProperty'])],
        msg: 'Extra inputs are not permitted',
      }
    case 'type':
      return { ...wrongType(error), loc }
    case 'enum':
      return { type: 'literal_error', loc, msg: `Input should be ${oneOf(params['allowedValues'])}` }
    case 'minLength':
      return {
        type: 'string_too_short',
        loc,
        msg: `String should have at least ${String(params['limit'])} character${params['limit'] === 1 ? '' : 's'}`,
      }
    case 'maxLength':
      return {
        type: 'string_too_long',
        loc,
        msg: `String should have at most ${String(params['limit'])} characters`,
      }
    case 'minimum':
      return {
        type: 'greater_than_equal',
        loc,
        msg: `Input should be greater than or equal to ${String(params['limit'])}`,
      }
    case 'pattern':
      return {
        type: 'string_pattern_mismatch',
        loc,
        msg: notBlank.has(params['pattern'])
          ? 'String should not be blank'
          : `String should match pattern '${String(params['pattern'])}'`,
      }
    case 'minItems':
      return { type: 'too_short', loc, msg: `List should have at least ${String(params['limit'])} item` }
    default:
      return { type: 'value_error', loc, msg: `Value error, ${error.message ?? error.keyword}` }
  }
}

function wrongType(error: ErrorObject): Omit<Problem, 'loc'> {
  const allowed = [error.schema as string | readonly string[]].flat().find((type) => type !== 'null')
  const text = typeof error.data === 'string'
  switch (allowed) {
    case 'integer':
      if (typeof error.data === 'number')
        return {
          type: 'int_from_float',
          msg: 'Input should be a valid integer, got a number with a fractional part',
        }
      return text
        ? {
            type: 'int_parsing',
            msg: 'Input should be a valid integer, unable to parse string as an integer',
          }
        : { type: 'int_type', msg: 'Input should be a valid integer' }
    case 'number':
      return text
        ? { type: 'float_parsing', msg: 'Input should be a valid number, unable to parse string as a number' }
        : { type: 'float_type', msg: 'Input should be a valid number' }
    case 'boolean':
      return text || typeof error.data === 'number'
        ? { type: 'bool_parsing', msg: 'Input should be a valid boolean, unable to interpret input' }
        : { type: 'bool_type', msg: 'Input should be a valid boolean' }
    case 'array':
      return { type: 'list_type', msg: 'Input should be a valid list' }
    case 'object':
      return models.has(error.instancePath)
        ? {
            type: 'model_attributes_type',
            msg: 'Input should be a valid dictionary or object to extract fields from',
          }
        : { type: 'dict_type', msg: 'Input should be a valid dictionary' }
    default:
      return { type: 'string_type', msg: 'Input should be a valid string' }
  }
}

function oneOf(values: unknown): string {
  const words = (values as readonly unknown[])
    .filter((value) => value !== null)
    .map((value) => `'${JSON.stringify(value).replaceAll('"', '')}'`)
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
