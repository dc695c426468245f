import type { JsonObject, JsonValue } from '../json'
import { supportedOpenaiParams } from './openai-params'

/** What an entry of the cost map adds to `model_info`: LiteLLM's fields in its order, `null` where the entry says nothing. */
export function fieldsOf(key: string, entry: JsonObject, provider: string | undefined): JsonObject {
  const fields: Record<string, JsonValue> = { key }
  for (const field of mapFields) fields[field] = entry[field] ?? null
  fields.supported_openai_params =
    entry.supported_openai_params ?? supportedOpenaiParams(provider, entry.mode)
  return fields
}

/** LiteLLM's fields between `key` and `supported_openai_params`, in its order. Other fields of an entry are never shown. */
export const mapFields: readonly string[] = `
  max_tokens max_input_tokens max_output_tokens input_cost_per_token input_cost_per_token_flex
  input_cost_per_token_priority cache_creation_input_token_cost cache_creation_input_token_cost_above_200k_tokens
  cache_read_input_token_cost cache_read_input_token_cost_above_200k_tokens
  cache_read_input_token_cost_above_272k_tokens cache_read_input_token_cost_flex cache_read_input_token_cost_priority
  cache_creation_input_token_cost_above_1hr input_cost_per_character input_cost_per_token_above_128k_tokens
  input_cost_per_token_above_200k_tokens input_cost_per_token_above_272k_tokens input_cost_per_query
  input_cost_per_second input_cost_per_audio_token input_cost_per_image_token input_cost_per_image
  input_cost_per_audio_per_second input_cost_per_video_per_second input_cost_per_token_batches
  output_cost_per_token_batches output_cost_per_token output_cost_per_token_flex output_cost_per_token_priority
  output_cost_per_audio_token output_cost_per_character output_cost_per_reasoning_token
  output_cost_per_token_above_128k_tokens output_cost_per_character_above_128k_tokens
  output_cost_per_token_above_200k_tokens output_cost_per_token_above_272k_tokens output_cost_per_second
  output_cost_per_video_per_second output_cost_per_image output_cost_per_image_token output_vector_size
  citation_cost_per_token tiered_pricing litellm_provider mode supports_system_messages supports_response_schema
  supports_vision supports_function_calling supports_tool_choice supports_assistant_prefill supports_prompt_caching
  supports_audio_input supports_audio_output supports_pdf_input supports_embedding_image_input
  supports_native_streaming supports_web_search supports_url_context supports_reasoning supports_computer_use
  search_context_cost_per_query tpm rpm ocr_cost_per_page annotation_cost_per_page provider_specific_entry
  uses_embed_content`
  .trim()
  .split(/\s+/)
