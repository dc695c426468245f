import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { isStorable } from '../schema/oddities'
import type { Row } from './row'

/** The id that a body names: `model_info.id`, else a top-level `id`; undefined when it names none. */
export function idIn(body: JsonObject): string | undefined {
  const info = body['model_info']
  return idOf(isJsonObject(info) ? info['id'] : undefined) ?? idOf(body['id'])
}

function idOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether storage is to be asked about an id: not about rows of the config file, nor where some storage would take offence at the text. */
export function isAsked(id: string, known: Row | undefined): boolean {
  return known?.stored !== false && isStorable(id)
}
