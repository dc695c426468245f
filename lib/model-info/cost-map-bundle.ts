import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { ModelManagementError } from '../errors'
import { isJsonObject } from '../json'
import type { JsonObject } from '../json'
import type { Logger } from '../logger'
import { countModels } from './cost-map'
import type { Fetched } from './cost-map-source'
import type { OpenaiParamsData } from './openai-params'

/** The map that comes with the package. */
export interface Bundle {
  readonly entries: JsonObject
  readonly openaiParams: OpenaiParamsData
  readonly date: string | null
  readonly problem: string | null
}

/** What the files say, which never change: read once for all routers of a process. */
let unpacked: Bundle | undefined

/** Reads it. A bundler may have left the files behind; the lists work without prices, so that is a warning. */
export function readBundle(logger: Logger): Bundle {
  if (unpacked !== undefined) return unpacked
  try {
    const { date } = JSON.parse(readFileSync(join(__dirname, 'bundled-cost-map.meta.json'), 'utf8')) as {
      readonly date: string
    }
    const packed = readFileSync(join(__dirname, 'bundled-cost-map.json.br'))
    const map = JSON.parse(brotliDecompressSync(packed).toString()) as {
      readonly entries: JsonObject
      readonly openai_params: OpenaiParamsData
    }
    unpacked = { entries: map.entries, openaiParams: map.openai_params, date, problem: null }
    return unpacked
  } catch {
    const problem = 'The bundled cost map cannot be read.'
    logger.warn(
      { folder: __dirname },
      'the bundled cost map cannot be read; models are listed without prices',
    )
    return { entries: {}, openaiParams: { lists: [], providers: {}, models: {} }, date: null, problem }
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
