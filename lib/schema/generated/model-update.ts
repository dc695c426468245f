// Generated from schemas/ by `npm run types`; edit the schema instead.
import type { LitellmParams } from './litellm-params'
import type { ModelInfo } from './model-info'

/**
 * Body of POST /model/update and PATCH /model/{model_id}/update. What is absent is kept, null removes a key, masks and derived fields that come back are ignored.
 */
export interface ModelUpdate {
  /**
   * A new public name; absent or null keeps the old one.
   */
  model_name?: string | null
  litellm_params?: LitellmParams
  model_info?: ModelInfo
  /**
   * Names of parameters to remove: neither `model` nor one that is also set.
   */
  litellm_params_to_remove?: string[] | null
  blocked?: boolean | null
  /**
   * The model's id, for clients that send it beside the rest.
   */
  id?: string | number | null
  rpm?: number | null
  tpm?: number | null
  [k: string]: unknown
}
