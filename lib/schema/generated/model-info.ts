// Generated from schemas/ by `npm run types`; edit the schema instead.

/**
 * What is known about the model. Unknown keys are kept and shown.
 */
export type ModelInfo = {
  /**
   * Chosen by the client, or a fresh UUID. A number becomes its text.
   */
  id?: string | number | null
  db_model?: boolean | null
  created_at?: string | null
  updated_at?: string | null
  created_by?: string | null
  updated_by?: string | null
  base_model?: string | null
  tier?: 'free' | 'paid' | null
  team_id?: string | null
  team_public_model_name?: string | null
  blocked?: boolean | null
  /**
   * Names by which keys and teams may be granted this model.
   */
  access_groups?: string[] | null
  member_auto_router?: boolean | null
  discoverable?: boolean | null
  allow_fail_open?: boolean | null
  enable_tag_filtering?: boolean | null
  internal_router_model?: boolean | null
  access_windows?: unknown[] | null
  ptu_count?: number | null
  cost_per_ptu_per_hour?: number | null
  ptu_effective_from?: string | null
  ptu_effective_to?: string | null
  mode?: string | null
  supported_environments?: ('development' | 'staging' | 'production')[] | null
  [k: string]: unknown
} | null
