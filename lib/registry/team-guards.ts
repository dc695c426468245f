import type { Deployment } from '../adapters/adapter'
import type { Caller } from '../caller'
import { isReference } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import { jsonEquals, omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { redactParams } from '../model-info/redact'
import { destinationLeaves, directs, placeOf } from './destinations'
import { hiddenLeaves, leavesOf, sameness } from './leaves'
import type { Leaf } from './leaves'
import { mayForAll } from './permissions'
import { teamOf } from './team-name'

export interface TeamWrite {
  readonly next: Deployment
  /** The stored row on update. */
  readonly before?: Deployment
  /** The `litellm_params` as they were sent, masks and all. */
  readonly sent: JsonObject
  /** The id that the body of a create asks for. */
  readonly chosenId?: string | undefined
}

/** What the administrator of a team may not write: whatever would reach secrets that are not the team's, or bills. */
export function guardTeamWrite(caller: Caller, { next, before, sent, chosenId }: TeamWrite): void {
  if (mayForAll(caller, 'update')) return
  if (chosenId !== undefined) throw adminOnly(caller, 'model_info.id', 'choose the id of a model')
  if (before !== undefined && teamOf(next) !== teamOf(before))
    throw adminOnly(caller, 'model_info.team_id', 'move a model to another team')
  for (const { key, path, value } of changes(before, next)) {
    const leaves = leavesOf(value ?? null, path, key)
    if ([key, ...leaves.map(({ name }) => name)].includes(credential))
      throw adminOnly(caller, credential, `attach a stored credential (${credential})`)
    // Deeper down only LiteLLM's own names are prices: a body for the provider has words of its own.
    const price = isPrice(key) ? path : leaves.find(({ name }) => name.includes('cost_per_'))?.path
    if (price !== undefined) throw adminOnly(caller, price, 'set a price')
    if (leaves.some((leaf) => isReference(leaf.value))) throw referenceRefused(path)
  }
  if (before !== undefined) guardHosts(before, next, sent)
}

const credential = 'litellm_credential_name'

function isPrice(name: string): boolean {
  return (
    name.includes('cost_per_') ||
    name.includes('_cost') ||
    name === 'tiered_pricing' ||
    name.startsWith('regional_processing_uplift_multiplier')
  )
}

interface Change {
  readonly key: string
  readonly path: string
  readonly value: JsonValue | undefined
}

const nothing: Deployment = { model_name: '', litellm_params: {}, model_info: {} }
const parts: ReadonlySet<string> = new Set(['model_name', 'litellm_params', 'model_info'])

function changes(before: Deployment = nothing, next: Deployment): readonly Change[] {
  return [
    ...changesIn('litellm_params.', before.litellm_params, next.litellm_params),
    ...changesIn('model_info.', before.model_info, next.model_info),
    ...changesIn('', omit(before, parts), omit(next, parts)),
  ]
}

function changesIn(path: string, before: JsonObject, next: JsonObject): readonly Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(next)])
  return [...keys]
    .filter((key) => !jsonEquals(before[key], next[key]))
    .map((key) => ({ key, path: path + key, value: next[key] }))
}

/**
 * A stored secret stays with the host it was given for: whoever changes the host brings the secret along. What is the
 * server's own, a variable or a stored credential, nobody but its administrators can bring along.
 */
function guardHosts(before: Deployment, next: Deployment, sent: JsonObject): void {
  const host = movedHost(before, next)
  if (host === undefined) return
  const { litellm_params: params } = before
  const secrets = new Set(
    [...hiddenLeaves(params, redactParams(params)), ...leavesOf(params).filter(isServers)].map(sameness),
  )
  // At its own place: taken from anywhere, a guess beside the secret would be told whether it is right.
  const brought = new Map(leavesOf(sent).map(({ path, value }) => [path, value] as const))
  const kept = leavesOf(next.litellm_params).find(
    (leaf) => secrets.has(sameness(leaf)) && (isServers(leaf) || brought.get(leaf.path) !== leaf.value),
  )
  if (kept === undefined) return
  throw new ModelManagementError(
    'invalid_value',
    isServers(kept)
      ? `${host} says where ${kept.path} is sent, which is the server's. Send a ${kept.path} of your own with it.`
      : `${host} says where ${kept.path} is sent. Send ${kept.path} again with it.`,
    { param: host },
  )
}

function isServers({ name, value }: Leaf): boolean {
  return name === credential || isReference(value)
}

/** The first parameter by which secrets would be sent elsewhere. */
function movedHost(before: Deployment, next: Deployment): string | undefined {
  const hosts = (deployment: Deployment): ReadonlyMap<string, JsonValue> =>
    new Map(
      destinationLeaves(deployment)
        .filter(directs)
        .map((leaf) => [leaf.path, placeOf(leaf)] as const),
    )
  const [from, to] = [hosts(before), hosts(next)]
  return [...new Set([...from.keys(), ...to.keys()])].find((path) => from.get(path) !== to.get(path))
}

function referenceRefused(param: string): ModelManagementError {
  return new ModelManagementError(
    'invalid_value',
    `${param} refers to a variable of the server (os.environ/…). Only a proxy admin can do that: send the value itself.`,
    { param },
  )
}

function adminOnly({ role }: Caller, param: string, deed: string): ModelManagementError {
  return new ModelManagementError('admin_only', `Only a proxy admin can ${deed}. Your role=${role}`, {
    param,
  })
}
