import { kindOfParam } from '../../lib/registry/known-params'
import type { ParamKind } from '../../lib/registry/known-params'

/** What each name says; `nothing` leaves it to the value. */
const names: Readonly<Record<ParamKind | 'nothing', string>> = {
  url:
    'api_base apiBase API_BASE api-base api.base apibase base_url baseURL token_uri callback_url weburls url2 api_base_override ' +
    's3_endpoint_url aws_sts_endpoint',
  host:
    'host hosts valkey_host host_name hostname azureHost endpoint endpoints server subdomain upstream http_proxy https_proxies ' +
    'proxy gateway authority x-forwarded-host Host ip_address webhook fqdn server_2',
  place:
    'region region_name aws_region_name vertex_location vertex_project watsonx_region_name s3_bucket_name s3_region_name ' +
    'account_id azure_resource_name tenant_id deployment_id databricks_workspace_id snowflake_account oci_region cloud_zone',
  route:
    'custom_llm_provider fallbacks context_window_fallbacks configurable_clientside_auth_params ssl_verify verify verify_ssl ' +
    'ssl_certificate tls_ca_file insecure openai_base port',
  text: 'api_version organization',
  content:
    'web_search_options user_location timezone grounding_zone max_instance use_litellm_proxy metadata tags tools ' +
    'response_format HTTP-Referer search_domain_filter mock_response azure_scope',
  nothing:
    'temperature note curl ghost observer host_type supabase_host_count max_hosts use_proxy instance_count max_workspace ' +
    'user_region region_note projects gcs_bucket_name milvus_db_name vector_store_id base_model database return_urls __',
}

test.each(
  Object.entries(names).flatMap(([kind, list]) =>
    list.split(' ').map((name) => [name, kind === 'nothing' ? undefined : kind] as const),
  ),
)('%s: %s', (name, kind) => {
  expect(kindOfParam(name)).toBe(kind)
})

test.each(['', ' ', 'host'.repeat(100)])('nothing: %j', (name) => {
  expect(kindOfParam(name)).toBeUndefined()
})
