import { randomUUID } from 'node:crypto'
import type { Deployment } from '../adapters/adapter'
import type { JsonObject, JsonValue } from '../json'
import { omit } from '../json'
import { managedInfoKeys } from '../model-info/present'
import { restoreMasked } from '../model-info/restore'
import type { ModelNew } from '../schema/generated/model-new'
import { maskRefused } from './merge'

/** What `POST /model/new` and `registry.create()` take. Further keys are kept at every level. */
export type NewDeployment = ModelNew

export interface Draft {
  readonly id: string
  readonly deployment: Deployment
  readonly blocked: boolean
}

/** The same as JSON: what the schema leaves open is any JSON value. */
type JsonBody = JsonObject & {
  readonly model_name: string
  readonly litellm_params: JsonObject
  readonly model_info?: JsonObject | null
  readonly blocked?: boolean | null
}

/** Keys that LiteLLM drops from `litellm_params` without a word, since its own code trips over them. */
const reserved: ReadonlySet<string> = new Set(['self', 'params', '__class__'])

/** What is kept of a new deployment: nulls dropped, the core's own keys taken out, masks refused. */
export function draftOf(body: NewDeployment): Draft {
  const { model_name: name, litellm_params: params, model_info: info, blocked, ...extras } = body as JsonBody
  const id = idOf(info?.['id']) ?? randomUUID()
  const deployment = {
    model_name: name,
    litellm_params: withoutNulls(omit(params, reserved)),
    model_info: withoutNulls(omit(info ?? {}, managedInfoKeys)),
    ...withoutNulls(extras),
  }
  refuseMasks(deployment)
  return { id, deployment: ofTeam(deployment), blocked: blocked ?? info?.['blocked'] === true }
}

/** The id a client chose, as text; undefined when it chose none. */
export function idOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}

/** A team's model is kept under a name of its own, so that names of different teams never meet; members see the public one. */
function ofTeam(deployment: Deployment): Deployment {
  const { team_id: teamId, team_public_model_name: publicName } = deployment.model_info
  if (typeof teamId !== 'string' || teamId === '') return deployment
  return {
    ...deployment,
    model_name: `model_name_${teamId}_${randomUUID()}`,
    model_info: { ...deployment.model_info, team_public_model_name: publicName ?? deployment.model_name },
  }
}

/** A mask is what a reader was shown instead of a secret: storing it would store nonsense in the secret's place. */
function refuseMasks(deployment: Deployment): void {
  const { unknownMasks } = restoreMasked(deployment, undefined, undefined, '')
  const [param] = unknownMasks
  if (param === undefined) return
  throw maskRefused(param)
}
