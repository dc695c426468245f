import type { Deployment } from '../adapters/adapter'
import type { Caller } from '../caller'
import { isReference } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import { isJsonObject, jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { redactParams } from '../model-info/redact'
import { isPrice } from './merge'
import { mayForAll } from './permissions'

/** Parameters that say where the secrets of a row are sent. */
const hosts: ReadonlySet<string> = new Set([
  'api_base',
  'base_url',
  'aws_bedrock_runtime_endpoint',
  'aws_sts_endpoint',
  's3_endpoint_url',
  'valkey_host',
  'model',
  'custom_llm_provider',
  'vertex_project',
  'vertex_location',
])

/**
 * What the administrator of a team may not write: whatever would reach secrets that are not the team's, or bills.
 * `before` is the stored row on update; `chosenId` the id that the body asks for.
 */
export function guardTeamWrite(
  caller: Caller,
  next: Deployment,
  before: Deployment | undefined,
  chosenId: string | undefined,
): void {
  if (mayForAll(caller, 'update')) return
  if (chosenId !== undefined) throw adminOnly(caller, 'model_info.id', 'choose the id of a model')
  if (before !== undefined && next.model_info['team_id'] !== before.model_info['team_id'])
    throw adminOnly(caller, 'model_info.team_id', 'move a model to another team')
  const changed = changes(before?.litellm_params ?? {}, next.litellm_params)
  for (const [key, value] of [...changed, ...changes(before?.model_info ?? {}, next.model_info)]) {
    if (key === 'litellm_credential_name')
      throw adminOnly(
        caller,
        'litellm_credential_name',
        'attach a stored credential (litellm_credential_name)',
      )
    if (isPrice(key)) throw adminOnly(caller, key, 'set a price')
    const reference = value === undefined ? undefined : referenceIn(value)
    if (reference !== undefined)
      throw adminOnly(caller, key, 'refer to variables of the server (os.environ/…) in a model')
  }
  if (before !== undefined) guardHosts(changed, before.litellm_params, next.litellm_params)
}

/** A stored secret stays with the host it was given for: whoever changes the host brings the secret along. */
function guardHosts(changed: readonly Change[], before: JsonObject, next: JsonObject): void {
  const host = changed.find(([key]) => hosts.has(key))
  if (host === undefined) return
  const kept = secretsOf(before).find((key) => jsonEquals(before[key], next[key]))
  if (kept === undefined) return
  throw new ModelManagementError(
    'invalid_value',
    `litellm_params.${host[0]} says where ${kept} is sent. Send ${kept} again with it.`,
    { param: `litellm_params.${host[0]}` },
  )
}

type Change = readonly [key: string, value: JsonValue | undefined]

function changes(before: JsonObject, next: JsonObject): readonly Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(next)])
  return [...keys]
    .filter((key) => !jsonEquals(before[key], next[key]))
    .map((key) => [key, next[key]] as const)
}

/** The keys that readers are not shown as they are. */
function secretsOf(params: JsonObject): readonly string[] {
  const shown = redactParams(params)
  return Object.keys(params).filter((key) => !jsonEquals(params[key], shown[key]))
}

function referenceIn(value: JsonValue): string | undefined {
  if (isReference(value)) return value
  if (Array.isArray(value) || isJsonObject(value))
    for (const member of Object.values(value as JsonObject)) {
      const found = referenceIn(member)
      if (found !== undefined) return found
    }
  return undefined
}

function adminOnly({ role }: Caller, param: string, deed: string): ModelManagementError {
  return new ModelManagementError('admin_only', `Only a proxy admin can ${deed}. Your role=${role}`, {
    param,
  })
}
