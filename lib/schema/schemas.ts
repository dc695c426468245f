import accessGroupNew from '../../schemas/access-group-new.json'
import accessGroupUpdate from '../../schemas/access-group-update.json'
import deployment from '../../schemas/deployment.json'
import groupQuery from '../../schemas/group-query.json'
import infoQuery from '../../schemas/info-query.json'
import litellmParams from '../../schemas/litellm-params.json'
import modelBlock from '../../schemas/model-block.json'
import modelDelete from '../../schemas/model-delete.json'
import modelInfo from '../../schemas/model-info.json'
import modelNew from '../../schemas/model-new.json'
import modelQuery from '../../schemas/model-query.json'
import modelUpdate from '../../schemas/model-update.json'
import modelsQuery from '../../schemas/models-query.json'
import pricing from '../../schemas/pricing.json'
import scheduleQuery from '../../schemas/schedule-query.json'
import type { JsonObject } from '../json'

const files = {
  'access-group-new': accessGroupNew,
  'access-group-update': accessGroupUpdate,
  deployment,
  'group-query': groupQuery,
  'info-query': infoQuery,
  'litellm-params': litellmParams,
  'model-block': modelBlock,
  'model-delete': modelDelete,
  'model-info': modelInfo,
  'model-new': modelNew,
  'model-query': modelQuery,
  'model-update': modelUpdate,
  'models-query': modelsQuery,
  pricing,
  'schedule-query': scheduleQuery,
}

export type SchemaName = keyof typeof files

/** Every file of `schemas/`, by its name. They refer to each other as `<name>.json`. */
export const schemas: Readonly<Record<SchemaName, JsonObject>> = files
