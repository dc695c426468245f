import { join } from 'node:path'
import { ModelManagementError } from '../errors'
import { isJsonObject } from '../json'
import type { JsonObject } from '../json'
import type { Logger } from '../logger'
import { countModels } from './cost-map'
import { readCostMap } from './cost-map-source'
import type { Fetched } from './cost-map-source'

/** The map that comes with the package. */
export interface Bundle {
  readonly entries: JsonObject
  readonly date: string | null
  readonly problem: string | null
}

/** Reads it. A bundler may have left the files behind; the lists work without prices, so that is a warning. */
export function bundledCostMap(logger: Logger): Bundle {
  try {
    const { date } = readCostMap(join(__dirname, 'bundled-cost-map.meta.json'))
    const entries = readCostMap(join(__dirname, 'bundled-cost-map.json'))
    return { entries, date: typeof date === 'string' ? date : null, problem: null }
  } catch {
    const problem = 'The bundled cost map cannot be read.'
    logger.warn(
      { folder: __dirname },
      'the bundled cost map cannot be read; models are listed without prices',
    )
    return { entries: {}, date: null, problem }
  }
}

/** As LiteLLM's `register_model`: a partial entry changes only what it names. */
export function laidOver(entries: JsonObject, own: JsonObject): JsonObject {
  const laid = Object.entries(own).map(([key, value]): [string, JsonObject] => {
    if (!isJsonObject(value)) {
      throw new ModelManagementError('invalid_cost_map', `costMap: the entry of ${key} must be an object.`)
    }
    const below = Object.hasOwn(entries, key) ? entries[key] : undefined
    return [key, { ...(isJsonObject(below) ? below : {}), ...value }]
  })
  return { ...entries, ...Object.fromEntries(laid) }
}

/** A file without a model is another file than the host meant. */
export function withModels(entries: JsonObject, path: string): JsonObject {
  if (countModels(entries) > 0) return entries
  throw new ModelManagementError('invalid_cost_map', `The cost map ${path} holds no models.`)
}

/** A remote map that is suddenly small is a broken upload, and taking it would lose the prices of most models. */
export function wholeMap(
  answer: Fetched & { ok: true },
  bundle: JsonObject,
  floor: { readonly models: number; readonly share: number },
): Fetched {
  const models = countModels(answer.entries)
  const least = Math.max(floor.models, Math.ceil(floor.share * countModels(bundle)))
  if (models >= least) return answer
  const message = 'The fetched cost map holds far fewer models than the bundled one, so it is not taken.'
  return { ok: false, error: new ModelManagementError('invalid_cost_map', message), canRetry: false }
}
