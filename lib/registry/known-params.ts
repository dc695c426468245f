import { rememberNames } from '../model-info/remember-names'

/**
 * What a parameter says of where requests go:
 * - `url`: an address; what is none there is a mistake;
 * - `host`: an address, or a bare host with or without a port;
 * - `place`: a part of the host or path that clients build, as `https://${region}-aiplatform.example`;
 * - `route`: chooses where requests go, or whether the other side is verified;
 * - `text`: nothing by its name; it redirects if its value is an address;
 * - `content`: is sent on or kept, addresses included, and redirects nothing.
 */
export type ParamKind = 'url' | 'host' | 'place' | 'route' | 'text' | 'content'

/** Parameters of LiteLLM and of providers. What stands here is not guessed at; words are joined by `_`. */
const known: Readonly<Record<ParamKind, string>> = {
  url: 'api_base api_bases base_url base_urls apibase baseurl aws_sts_endpoint aws_bedrock_runtime_endpoint s3_endpoint_url',
  host: 'valkey_host azure_endpoint redis_host langfuse_host',
  place:
    'region region_name aws_region aws_region_name vertex_location vertex_project vertex_ai_location vertex_ai_project watsonx_region_name ' +
    's3_region_name s3_bucket_name s3_output_bucket_name location project zone account account_id resource resource_name ' +
    'azure_resource_name instance instance_id workspace workspace_id tenant tenant_id deployment_id azure_deployment azure_deployment_id ' +
    'azure_deployment_name',
  route:
    'custom_llm_provider configurable_clientside_auth_params fallbacks default_fallbacks context_window_fallbacks content_policy_fallbacks ' +
    'verify verify_ssl verify_tls verify_certs verify_certificate check_hostname insecure insecure_skip_verify trust_env port scheme protocol',
  text: 'api_version organization model_version',
  content:
    'web_search_options user_location search_context search_parameters metadata litellm_metadata tags tag_regex bedrock_tags ' +
    'aws_session_tags model_info tools tool_choice functions response_format json_schema schema messages system prompt input ' +
    'stop logit_bias safety_settings filters search_domain_filter allowed_domains blocked_domains excluded_domains ' +
    'included_domains allowed_websites excluded_websites url_context image_url user user_agent referer http_referer x_title ' +
    'mock_response description timezone time_zone grounding_zone max_instance max_instances use_litellm_proxy azure_scope ' +
    'scope scopes knowledge_base voice language tokenizer custom_tokenizer extra_hosts_count disable_fallbacks',
}

const kinds: ReadonlyMap<string, ParamKind> = new Map(
  (Object.entries(known) as [ParamKind, string][]).flatMap(([kind, names]) =>
    names.split(' ').map((name) => [name, kind] as const),
  ),
)

// `baseURL`, `api-base` and `API_BASE` are spelled alike.
const wordBoundary = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z\d]+/
const longestName = 256

const compacts: ReadonlySet<string> = new Set([...kinds.keys()].map((name) => name.replaceAll('_', '')))
/** Of the words that are guessed at, without anything between them. */
const anyTrace =
  /ur[nli]|base|host|server|endpoint|domain|upstream|gateway|webhook|addr|prox|fqdn|authorit|ssl|tls|region|location|project|zone|account|resource|instance|workspace|tenant|datacenter/

/** The kind that the name is known or, word by word, likely to have; `undefined` where it says nothing. */
export function kindOfParam(name: string): ParamKind | undefined {
  return name.length > longestName ? undefined : judgement(name)
}

const judgement = rememberNames(judge)

function judge(name: string): ParamKind | undefined {
  const plain = name.normalize('NFKC')
  const compact = plain.replaceAll(/[^A-Za-z\d]+/g, '').toLowerCase()
  // Almost all names have no trace of what is looked for, and a model may have thousands of them.
  if (!compacts.has(compact) && !anyTrace.test(compact)) return undefined
  const words = plain
    .split(wordBoundary)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '')
  return kinds.get(words.join('_')) ?? guessedKind(words)
}

/** Words behind which the one before says what it is: `host_name`, `api_base_2`. */
const endings: ReadonlySet<string> = new Set(['name', 'id', 'override'])
const urlWord = /^(?:urn|(?!(?:c|p|f|h)urls?$)\w*ur[li]s?)$/
const hostWord =
  /(?<!g)host(?:name)?s?$|(?<!ob)servers?$|(?:endpoint|domain|upstream|gateway|webhook)s?$|addr(?:ess(?:es)?)?$|prox(?:y|ies)$|^(?:fqdn|authority|authorities)$/
const placeWord = /^(?:region|location|project|zone|account|resource|instance|workspace|tenant|datacenter)$/
/** Before such a word a place is one of a cloud; `grounding_zone` and `max_instance` are settings of a model. */
const clouds: ReadonlySet<string> = new Set(
  (
    'aws amazon bedrock sagemaker s3 azure vertex vertexai ai google gcp gcs watsonx watson ibm oci oracle alibaba aliyun tencent ' +
    'huawei databricks snowflake cloudflare sap scaleway ovh nebius runpod cloud provider deployment service server api llm default'
  ).split(' '),
)

/** `max_hosts` and `use_proxy` say how many, or whether, and never where. */
const counters: ReadonlySet<string> = new Set(
  'max min num count total use enable disable allow include return is has'.split(' '),
)

function guessedKind(words: readonly string[]): ParamKind | undefined {
  const isEnding = (word: string): boolean => endings.has(word) || /^\d+$/.test(word)
  const end = words.findLastIndex((word) => !isEnding(word)) + 1
  const last = words[end - 1]?.replace(/(?<!\d)\d+$/, '') ?? ''
  if (counters.has(words[0] ?? '')) return undefined
  if (urlWord.test(last)) return 'url'
  if (last === 'base') return words[end - 2] === 'api' ? 'url' : 'route'
  if (hostWord.test(last)) return 'host'
  if (words.some((word) => word === 'ssl' || word === 'tls')) return 'route'
  const before = words.slice(0, end - 1)
  return placeWord.test(last) && before.every((word) => clouds.has(word)) ? 'place' : undefined
}
