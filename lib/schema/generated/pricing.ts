// Generated from schemas/pricing.json by `npm run types`; edit the schema instead.

/**
 * Prices in US dollars per unit. Numbers may be sent as strings.
 */
export interface Pricing {
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
}
