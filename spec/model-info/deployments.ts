import * as fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../lib/json'
import { holdsCredential } from '../../lib/model-info/redact-text'
import { canary, credentialParams } from '../support/canary'

export interface Planted {
  readonly litellm_params: JsonObject
  readonly model_info: JsonObject
}

const canaries = fc.nat({ max: 399 }).map(canary)
const harmless: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    false,
    0,
    4096,
    1.5e-7,
    '',
    'gpt-4',
    '*',
    'os.environ/KEY',
    'é\u2028',
  ),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
)
const harmlessName = fc.oneof(
  fc.constantFrom(
    'model',
    'max_tokens',
    'input_cost_per_token',
    'tags',
    'mode',
    'my_custom_field',
    '__proto__',
  ),
  // A name that looks like a credential itself, as `//x@`, is left out.
  fc.string({ maxLength: 8 }).filter((name) => !holdsCredential(name, 'params')),
)

const prefixes = ['api', 'x', 'my', 'azure', 'aws', 'custom', 'rits', '']
const words = ['key', 'token', 'secret', 'password', 'credential', 'apikey', 'auth', 'private_key', 'cookie']
const joins: ((one: string, other: string) => string)[] = [
  (one, other) => `${one}_${other}`,
  (one, other) => `${one}-${other}`,
  (one, other) => `${one}.${other}`,
  (one, other) => `${one}_${other}`.toUpperCase(),
  (one, other) => one + other.charAt(0).toUpperCase() + other.slice(1),
]
/** Names nobody declared: spelled, joined and pluralised at random. */
const inventedName = fc
  .tuple(fc.constantFrom(...prefixes), fc.constantFrom(...words), fc.constantFrom(...joins), fc.boolean())
  .map(([prefix, word, join, plural]) => join(prefix, word) + (plural ? 's' : ''))
const secretName = fc.oneof(fc.constantFrom(...credentialParams), inventedName)
/** What even the narrow rule of `model_info` hides. */
const plainName = fc
  .tuple(fc.constantFrom('api_key', 'secret', 'password', 'token', 'credential', 'apiKey'), fc.boolean())
  .map(([name, plural]) => (plural ? `${name}s` : name))

/** A credential that gives itself away, whatever its name. */
const telling = canaries.chain((secret) =>
  fc.constantFrom(
    `Bearer ${secret}`,
    `https://user:${secret}@host.example/v1`,
    `https://${secret}@host.example/v1?a=1`,
    `https://host.example/v1?a=1&api_key=${secret}&b=2`,
    `https://host.example/v1?token=${secret}`,
    `https://host.example/v1?X-Amz-Signature=${secret}#x`,
    `wss://host.example/?sig=${secret}%2B${secret}`,
    `see https://u:${secret}@host.example for more`,
    JSON.stringify({ api_key: secret }),
    JSON.stringify({ list: [JSON.stringify({ passwords: [secret] })] }),
    `{'client_secret': '${secret}'}`,
    `Server=db;Password=${secret};`,
    `sk-${secret}`,
    `-----BEGIN PRIVATE KEY-----\\n${secret}`,
  ),
)

const hidden: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'hidden' },
    canaries,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(harmlessName, tie('value'), { maxKeys: 3 }),
  ),
})).value

const headers = fc.dictionary(
  fc.constantFrom(
    'Authorization',
    'x-api-key',
    'X-Team',
    'Ocp-Apim-Subscription-Key',
    'Cookie',
    'X-Whatever',
  ),
  canaries,
  { maxKeys: 4 },
)

function planted(names: fc.Arbitrary<string>): fc.Arbitrary<JsonObject> {
  return fc.letrec<{ object: JsonObject }>((tie) => ({
    object: fc
      .array(
        fc.oneof(
          { maxDepth: 4, depthIdentifier: 'object' },
          fc.tuple(harmlessName, fc.oneof(harmless, telling)),
          fc.tuple(names, hidden),
          fc.tuple(fc.constantFrom('extra_headers', 'headers', 'defaultHeaders', 'proxy_headers'), headers),
          fc.tuple(harmlessName, tie('object')),
          fc.tuple(harmlessName, fc.array(tie('object'), { maxLength: 3 })),
          fc.tuple(
            harmlessName,
            tie('object').map((object) => JSON.stringify(object)),
          ),
        ),
        { maxLength: 5 },
      )
      .map((entries): JsonObject => Object.fromEntries(entries)),
  })).object
}

/** Canaries scattered through random deployments, each at a place where it must not be seen. */
export const deployments: fc.Arbitrary<Planted> = fc.record({
  litellm_params: planted(secretName),
  model_info: planted(plainName),
})
