import { createHash } from 'node:crypto'
import type { Deployment } from '../../lib/adapters/adapter'
import type { JsonObject } from '../../lib/json'

const pieceLength = 6
const howMany = 400

/** A secret that no honest text holds a piece of: the same for the same number. No digits, which numbers would share. */
export function canary(number: number): string {
  const digest = createHash('sha256').update(`canary ${number}`).digest('base64')
  return digest.replace(/[^A-Za-z]/g, '').slice(0, 24)
}

const pieces = new Map(
  Array.from({ length: howMany }, (_, number) => canary(number)).flatMap((text) =>
    Array.from({ length: text.length - pieceLength + 1 }, (_unused, at): [string, string] => [
      text.slice(at, at + pieceLength),
      text,
    ]),
  ),
)

/** Whether a piece begins with these three letters: most text is told apart by that alone. */
const beginnings = new Uint8Array(2 ** 21)
for (const piece of pieces.keys()) beginnings[beginningAt(piece, 0)] = 1

function beginningAt(text: string, at: number): number {
  return (text.charCodeAt(at) << 14) | (text.charCodeAt(at + 1) << 7) | text.charCodeAt(at + 2)
}

/** Each canary of which the text holds at least six characters in a row. */
export function findCanaries(text: string): readonly string[] {
  const found = new Set<string>()
  for (let at = 0; at + pieceLength <= text.length; at++) {
    if (beginnings[beginningAt(text, at)] !== 1) continue
    const whole = pieces.get(text.slice(at, at + pieceLength))
    if (whole !== undefined) found.add(whole)
  }
  return [...found]
}

/** Every credential among LiteLLM's typed params, and what users really write. */
export const credentialParams: readonly string[] = [
  'api_key',
  'client_secret',
  'vertex_credentials',
  'vertex_ai_credentials',
  'aws_access_key_id',
  'aws_secret_access_key',
  'azure_ad_token',
  'azure_password',
  'aws_session_token',
  'aws_web_identity_token',
  's3_access_key_id',
  's3_secret_access_key',
  's3_encryption_key_id',
  'valkey_password',
  'watsonx_token',
  'watsonx_apikey',
  'oci_key',
  'oci_fingerprint',
  'oci_tenancy',
  'private_key',
  'apikey',
  'rits_apikey',
  'api-key',
  'x-api-key',
  'apiKey',
  'apiToken',
  'secretKey',
  'privateKey',
  'OPENAI_API_KEY',
  'hf_token',
  'authToken',
  'refresh_tokens',
  'client_secrets',
  'google_credentials',
  'passphrase',
  'passwd',
  'db_pwd',
  'cookie',
  'session_id_token',
  'sas',
  'azure_connection_string',
  'connectionString',
  'dsn',
  'service_account',
  'bearer',
  'jwt',
  'request_signature',
  'api_key_2',
]

/** A deployment with a canary of its own in every credential field, nested ones, headers and URLs. Starts at `first`. */
export function canaryDeployment(first = 0): Deployment {
  let number = first
  const next = (): string => canary(number++ % howMany)
  const everyName = (): JsonObject => Object.fromEntries(credentialParams.map((name) => [name, next()]))
  return {
    model_name: 'canary',
    litellm_params: {
      model: 'openai/canary',
      ...everyName(),
      api_base: `https://user:${next()}@host.example/v1?key=${next()}&api-version=2024-02-01&sig=${next()}`,
      extra_headers: { Authorization: `Bearer ${next()}`, 'X-Custom-Auth': next(), 'X-Team': next() },
      default_headers: [['X-Anything', next()]],
      extra_body: { nested: [{ api_key: next(), tokens: [next()] }], text: `Bearer ${next()}` },
      secret_json: JSON.stringify({ api_key: next() }),
      note: JSON.stringify({ deep: JSON.stringify({ password: next() }) }),
      database: `postgres://user:${next()}@db.example/models`,
      storage: `AccountName=x;AccountKey=${next()}==;EndpointSuffix=core`,
      aws_session_tags: [{ Key: 'password', Value: next() }],
      pem: `-----BEGIN PRIVATE KEY-----\n${next()}\n-----END PRIVATE KEY-----`,
      fallback: `sk-${next()}`,
    },
    model_info: {
      api_key: next(),
      custom_secret: next(),
      hub_token: next(),
      password: next(),
      authorization: next(),
      docs: `https://${next()}@host.example/`,
      header: `Bearer ${next()}`,
    },
    extra: { api_key: next(), url: `https://host.example/?access_token=${next()}` },
  }
}
