import { MASK, redactModelInfo, redactParams } from '../../lib/model-info/redact'
import { removedParams } from '../../lib/model-info/secret-names'
import { credentialParams } from '../support/canary'

const text = 'plain-text-value'

const openParams = `model api_base api_version vertex_project vertex_location region_name gcs_bucket_name
  aws_region_name aws_bedrock_runtime_endpoint aws_bedrock_project_id s3_bucket_name watsonx_region_name
  custom_llm_provider organization litellm_credential_name litellm_trace_id budget_duration
  auto_router_config_path auto_router_config auto_router_default_model auto_router_embedding_model
  complexity_router_default_model adaptive_router_default_model quality_router_default_model vector_store_id
  milvus_text_field milvus_db_name tenant_id client_id azure_scope azure_username bucket_name aws_session_name
  aws_profile_name aws_role_name aws_sts_endpoint aws_external_id s3_endpoint_url s3_region_name
  s3_bucket_owner aws_batch_role_arn s3_output_bucket_name provider_affinity_header valkey_host timeout
  stream_timeout author authors keywords monkey tokenizer custom_tokenizer access_groups token_type auth_type
  token_url secretary description mode passenger client_assertion_type query string_query seed`.split(/\s+/)

const openNumbers = `max_tokens max_input_tokens max_completion_tokens max_output_tokens token_limit tokens
  input_cost_per_token output_cost_per_token input_cost_per_token_above_128k_tokens cache_read_input_token_cost
  search_context_cost_per_query default_api_key_tpm_limit default_api_key_rpm_limit output_vector_size tpm rpm
  itpm otpm max_retries key api_key_limit`.split(/\s+/)

const openInfo = `my_custom_key key author access_groups team_id team_public_model_name base_model tier
  created_by mode litellm_provider access private fingerprint auth sort_key description tokenizer
  supported_openai_params`.split(/\s+/)

const hiddenInfo = `api_key apikey client_secret my_secret hub_token accessToken password authorization cookie
  private_key credentials connection_string jwt dsn db_pw psk totp userpass wallet_seed_phrase`.split(/\s+/)

it.each(credentialParams.filter((name) => !removedParams.has(name)))('%s is masked in params', (name) => {
  expect(redactParams({ [name]: text })).toEqual({ [name]: MASK })
})

it.each([...removedParams])('%s is left out of params, and masked inside of them', (name) => {
  expect(redactParams({ [name]: text, inner: { [name]: text } })).toEqual({ inner: { [name]: MASK } })
})

it.each(openParams)('%s stays readable in params', (name) => {
  expect(redactParams({ [name]: text })).toEqual({ [name]: text })
})

it.each(openNumbers)('B4 the number %s stays readable, in params and in model_info', (name) => {
  expect(redactParams({ [name]: 4096 })).toEqual({ [name]: 4096 })
  expect(redactModelInfo({ [name]: 4096 })).toEqual({ [name]: 4096 })
})

it.each(['max_tokens', 'input_cost_per_token', 'token_limit'])(
  'B4 numeric text under %s stays readable',
  (name) => {
    expect(redactParams({ [name]: '4096' })).toEqual({ [name]: '4096' })
  },
)

it.each(openInfo)('%s stays readable in model_info', (name) => {
  expect(redactModelInfo({ [name]: text })).toEqual({ [name]: text })
})

it.each(hiddenInfo)('%s is masked in model_info', (name) => {
  expect(redactModelInfo({ [name]: text })).toEqual({ [name]: MASK })
})

it('a signed assertion is masked in params', () => {
  expect(redactParams({ client_assertion: text })).toEqual({ client_assertion: MASK })
})

it.each(['password', 'api_pin', 'passphrases'])('a number under %s is a secret', (name) => {
  expect(redactModelInfo({ [name]: 12345678 })).toEqual({ [name]: MASK })
})

it('a list of parameter names stays readable', () => {
  const params = { configurable_clientside_auth_params: ['api_key', { api_base: 'https://.*' }] }
  expect(redactParams(params)).toEqual(params)
})
