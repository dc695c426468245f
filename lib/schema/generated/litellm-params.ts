// Generated from schemas/ by `npm run types`; edit the schema instead.

/**
 * How the model is reached and called. Unknown keys are kept as they are.
 */
export type LitellmParams = Pricing &
  ({
    /**
     * What the provider calls the model, as `azure/gpt-4o`. Absent: the model is called by its `model_name`.
     */
    model?: string | null
    api_key?: string | null
    api_base?: string | null
    api_version?: string | null
    azure_ad_token?: string | null
    vertex_project?: string | null
    vertex_location?: string | null
    region_name?: string | null
    gcs_bucket_name?: string | null
    aws_access_key_id?: string | null
    aws_secret_access_key?: string | null
    aws_region_name?: string | null
    aws_bedrock_runtime_endpoint?: string | null
    aws_bedrock_project_id?: string | null
    s3_bucket_name?: string | null
    s3_encryption_key_id?: string | null
    watsonx_region_name?: string | null
    custom_llm_provider?: string | null
    /**
     * A list in config.yaml makes one deployment for each organisation.
     */
    organization?: string | unknown[] | null
    litellm_credential_name?: string | null
    litellm_trace_id?: string | null
    budget_duration?: string | null
    auto_router_config_path?: string | null
    auto_router_config?: string | null
    auto_router_default_model?: string | null
    auto_router_embedding_model?: string | null
    complexity_router_default_model?: string | null
    adaptive_router_default_model?: string | null
    quality_router_default_model?: string | null
    vector_store_id?: string | null
    milvus_text_field?: string | null
    milvus_db_name?: string | null
    tenant_id?: string | null
    client_id?: string | null
    client_secret?: string | null
    azure_scope?: string | null
    azure_username?: string | null
    azure_password?: string | null
    bucket_name?: string | null
    aws_session_token?: string | null
    aws_session_name?: string | null
    aws_profile_name?: string | null
    aws_role_name?: string | null
    aws_web_identity_token?: string | null
    aws_sts_endpoint?: string | null
    aws_external_id?: string | null
    s3_endpoint_url?: string | null
    s3_region_name?: string | null
    s3_access_key_id?: string | null
    s3_secret_access_key?: string | null
    s3_bucket_owner?: string | null
    aws_batch_role_arn?: string | null
    s3_output_bucket_name?: string | null
    provider_affinity_header?: string | null
    valkey_host?: string | null
    valkey_password?: string | null
    vertex_credentials?:
      | string
      | {
          [k: string]: unknown
        }
      | null
    model_info?: {
      [k: string]: unknown
    } | null
    tpm?: number | null
    rpm?: number | null
    itpm?: number | null
    otpm?: number | null
    max_retries?: number | null
    default_api_key_tpm_limit?: number | null
    default_api_key_rpm_limit?: number | null
    /**
     * Seconds.
     */
    timeout?: number | string | null
    /**
     * Seconds.
     */
    stream_timeout?: number | string | null
    max_file_size_mb?: number | null
    max_budget?: number | null
    keepalive_seconds?: number | null
    use_in_pass_through?: boolean | null
    use_litellm_proxy?: boolean | null
    merge_reasoning_content_in_choices?: boolean | null
    use_xai_oauth?: boolean | null
    allow_client_keepalive_override?: boolean | null
    use_chat_completions_api?: boolean | null
    drop_params?: boolean | string | null
    tags?: string[] | null
    tag_regex?: string[] | null
    milvus_partition_names?: string[] | null
    configurable_clientside_auth_params?:
      | (
          | string
          | {
              [k: string]: unknown
            }
        )[]
      | null
    aws_session_tags?: unknown[] | null
    bedrock_tags?: unknown[] | null
    complexity_router_config?: {
      [k: string]: unknown
    } | null
    adaptive_router_config?: {
      [k: string]: unknown
    } | null
    quality_router_config?: {
      [k: string]: unknown
    } | null
    [k: string]: unknown
  } | null)
/**
 * Prices in US dollars per unit. Numbers may be sent as strings.
 */
export type Pricing = {
  input_cost_per_token?: number | null
  input_cost_per_token_flex?: number | null
  input_cost_per_token_priority?: number | null
  cache_creation_input_token_cost?: number | null
  cache_creation_input_token_cost_above_200k_tokens?: number | null
  cache_creation_input_token_cost_above_1hr?: number | null
  cache_read_input_token_cost?: number | null
  cache_read_input_token_cost_above_200k_tokens?: number | null
  cache_read_input_token_cost_above_272k_tokens?: number | null
  cache_read_input_token_cost_flex?: number | null
  cache_read_input_token_cost_priority?: number | null
  cache_read_input_audio_token_cost?: number | null
  cache_creation_input_audio_token_cost?: number | null
  input_cost_per_character?: number | null
  input_cost_per_character_above_128k_tokens?: number | null
  input_cost_per_token_above_128k_tokens?: number | null
  input_cost_per_token_above_200k_tokens?: number | null
  input_cost_per_token_above_272k_tokens?: number | null
  input_cost_per_token_above_512k_tokens?: number | null
  input_cost_per_token_cache_hit?: number | null
  input_cost_per_query?: number | null
  input_cost_per_request?: number | null
  input_cost_per_second?: number | null
  input_cost_per_pixel?: number | null
  input_cost_per_audio_token?: number | null
  input_cost_per_image_token?: number | null
  input_cost_per_image?: number | null
  input_cost_per_image_above_128k_tokens?: number | null
  input_cost_per_audio_per_second?: number | null
  input_cost_per_audio_per_second_above_128k_tokens?: number | null
  input_cost_per_video_per_second?: number | null
  input_cost_per_video_per_second_above_128k_tokens?: number | null
  input_cost_per_token_batches?: number | null
  output_cost_per_token_batches?: number | null
  output_cost_per_token?: number | null
  output_cost_per_token_flex?: number | null
  output_cost_per_token_priority?: number | null
  output_cost_per_audio_token?: number | null
  output_cost_per_character?: number | null
  output_cost_per_character_above_128k_tokens?: number | null
  output_cost_per_reasoning_token?: number | null
  output_cost_per_token_above_128k_tokens?: number | null
  output_cost_per_token_above_200k_tokens?: number | null
  output_cost_per_token_above_272k_tokens?: number | null
  output_cost_per_token_above_512k_tokens?: number | null
  output_cost_per_second?: number | null
  output_cost_per_pixel?: number | null
  output_cost_per_audio_per_second?: number | null
  output_cost_per_video_per_second?: number | null
  output_cost_per_image?: number | null
  output_cost_per_image_token?: number | null
  citation_cost_per_token?: number | null
  ocr_cost_per_page?: number | null
  annotation_cost_per_page?: number | null
  regional_processing_uplift_multiplier_eu?: number | null
  regional_processing_uplift_multiplier_us?: number | null
  search_context_cost_per_query?: {
    [k: string]: unknown
  } | null
  tiered_pricing?:
    | {
        [k: string]: unknown
      }[]
    | null
  output_vector_size?: number | null
  [k: string]: unknown
} | null
