import deployment from '../../schemas/deployment.json'
import litellmParams from '../../schemas/litellm-params.json'
import modelInfo from '../../schemas/model-info.json'
import modelNew from '../../schemas/model-new.json'
import pricing from '../../schemas/pricing.json'
import type { JsonObject } from '../json'

const files = {
  deployment,
  'litellm-params': litellmParams,
  'model-info': modelInfo,
  'model-new': modelNew,
  pricing,
}

export type SchemaName = keyof typeof files

/** Every file of `schemas/`, by its name. They refer to each other as `<name>.json`. */
export const schemas: Readonly<Record<SchemaName, JsonObject>> = files
