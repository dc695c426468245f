import accessGroup from '../../schemas/access-group.json'
import accessGroupChange from '../../schemas/access-group-change.json'
import accessGroupList from '../../schemas/access-group-list.json'
import accessGroupNew from '../../schemas/access-group-new.json'
import accessGroupUpdate from '../../schemas/access-group-update.json'
import anthropicList from '../../schemas/anthropic-list.json'
import anthropicModel from '../../schemas/anthropic-model.json'
import anything from '../../schemas/anything.json'
import codexList from '../../schemas/codex-list.json'
import deployment from '../../schemas/deployment.json'
import deprecationQuery from '../../schemas/deprecation-query.json'
import deprecations from '../../schemas/deprecations.json'
import detail from '../../schemas/detail.json'
import error from '../../schemas/error.json'
import groupInfo from '../../schemas/group-info.json'
import groupList from '../../schemas/group-list.json'
import groupQuery from '../../schemas/group-query.json'
import hubPage from '../../schemas/hub-page.json'
import hubQuery from '../../schemas/hub-query.json'
import infoQuery from '../../schemas/info-query.json'
import litellmParams from '../../schemas/litellm-params.json'
import madePublic from '../../schemas/made-public.json'
import makePublic from '../../schemas/make-public.json'
import message from '../../schemas/message.json'
import modelBlock from '../../schemas/model-block.json'
import modelDelete from '../../schemas/model-delete.json'
import modelInfo from '../../schemas/model-info.json'
import modelList from '../../schemas/model-list.json'
import modelNew from '../../schemas/model-new.json'
import modelPage from '../../schemas/model-page.json'
import modelQuery from '../../schemas/model-query.json'
import modelRecord from '../../schemas/model-record.json'
import modelUpdate from '../../schemas/model-update.json'
import modelsQuery from '../../schemas/models-query.json'
import nameAnswer from '../../schemas/name-answer.json'
import nameEntry from '../../schemas/name-entry.json'
import nameList from '../../schemas/name-list.json'
import nameListAnswer from '../../schemas/name-list-answer.json'
import names from '../../schemas/names.json'
import openaiParams from '../../schemas/openai-params.json'
import openaiParamsQuery from '../../schemas/openai-params-query.json'
import pricing from '../../schemas/pricing.json'
import providerSettings from '../../schemas/provider-settings.json'
import publicGroups from '../../schemas/public-groups.json'
import scheduleQuery from '../../schemas/schedule-query.json'
import text from '../../schemas/text.json'
import validationError from '../../schemas/validation-error.json'
import type { JsonObject } from '../json'

const files = {
  'access-group': accessGroup,
  'access-group-change': accessGroupChange,
  'access-group-list': accessGroupList,
  'access-group-new': accessGroupNew,
  'access-group-update': accessGroupUpdate,
  'anthropic-list': anthropicList,
  'anthropic-model': anthropicModel,
  anything,
  'codex-list': codexList,
  deployment,
  'deprecation-query': deprecationQuery,
  deprecations,
  detail,
  error,
  'group-info': groupInfo,
  'group-list': groupList,
  'group-query': groupQuery,
  'hub-page': hubPage,
  'hub-query': hubQuery,
  'info-query': infoQuery,
  'litellm-params': litellmParams,
  'made-public': madePublic,
  'make-public': makePublic,
  message,
  'model-block': modelBlock,
  'model-delete': modelDelete,
  'model-info': modelInfo,
  'model-list': modelList,
  'model-new': modelNew,
  'model-page': modelPage,
  'model-query': modelQuery,
  'model-record': modelRecord,
  'model-update': modelUpdate,
  'models-query': modelsQuery,
  'name-answer': nameAnswer,
  'name-entry': nameEntry,
  'name-list': nameList,
  'name-list-answer': nameListAnswer,
  names,
  'openai-params': openaiParams,
  'openai-params-query': openaiParamsQuery,
  pricing,
  'provider-settings': providerSettings,
  'public-groups': publicGroups,
  'schedule-query': scheduleQuery,
  text,
  'validation-error': validationError,
}

export type SchemaName = keyof typeof files

/** Every file of `schemas/`, by its name. They refer to each other as `<name>.json`. */
export const schemas: Readonly<Record<SchemaName, JsonObject>> = files
