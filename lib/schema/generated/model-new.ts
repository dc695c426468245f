// Generated from schemas/ by `npm run types`; edit the schema instead.
import type { LitellmParams } from './litellm-params'
import type { ModelInfo } from './model-info'

/**
 * Body of POST /model/new.
 */
export interface ModelNew {
  /**
   * The public name. Several deployments may share it.
   */
  model_name: string
  litellm_params: LitellmParams
  model_info?: ModelInfo
  rpm?: number | null
  tpm?: number | null
  blocked?: boolean | null
  /**
   * The id, for clients that send it beside the rest; `model_info.id` wins.
   */
  id?: string | number | null
  [k: string]: unknown
}
