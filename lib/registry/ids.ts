import { ModelManagementError } from '../errors'
import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { isStorable } from '../schema/oddities'
import type { Row } from './row'

/**
 * The id that a body names: `model_info.id`, else a top-level `id`; undefined when it names none. Throws `invalid_value` for a number
 * that JSON does not keep.
 */
export function idIn(body: JsonObject): string | undefined {
  const info = body['model_info']
  return idOf(isJsonObject(info) ? info['id'] : undefined, 'model_info.id') ?? idOf(body['id'], 'id')
}

function idOf(value: JsonValue | undefined, param: string): string | undefined {
  // Its last digits are lost by now: the model would have an id that nobody asked for, or be taken for another one.
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw tooLong(param)
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether storage is to be asked about an id: not about rows of the config file, nor where some storage would take offence at the text. */
export function isAsked(id: string, known: Row | undefined): boolean {
  return known?.stored !== false && isStorable(id)
}

function tooLong(param: string): ModelManagementError {
  const message = `${param} is a number with more digits than are kept of it. Send it as text, in quotes.`
  return new ModelManagementError('invalid_value', message, { param })
}
