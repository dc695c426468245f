import { randomUUID } from 'node:crypto'
import type { Deployment } from '../adapters/adapter'
import { omit, withoutNulls } from '../json'
import type { JsonObject } from '../json'
import { extrasOf } from '../model-info/extras'
import { managedInfoKeys, managedKeys } from '../model-info/present'
import { restoreMasked } from '../model-info/restore'
import type { ModelNew } from '../schema/generated/model-new'
import { idIn } from './ids'
import { maskRefused, reservedParams } from './merge'
import { namedForTeam } from './team-name'

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

/** `litellm_params_to_remove` is an instruction of updates. */
const neverStored: ReadonlySet<string> = new Set([...managedKeys, 'litellm_params_to_remove'])

/** What is kept of a new deployment: nulls dropped, the core's own keys taken out, masks refused. */
export function draftOf(body: NewDeployment): Draft {
  const { model_name: name, litellm_params: params, model_info: info, blocked } = body as JsonBody
  const id = idIn(body as JsonBody) ?? randomUUID()
  const deployment = {
    model_name: name,
    litellm_params: withoutNulls(omit(params, reservedParams)),
    model_info: withoutNulls(omit(info ?? {}, managedInfoKeys)),
    ...withoutNulls(omit(extrasOf(body as JsonBody), neverStored)),
  }
  refuseMasks(deployment)
  return { id, deployment: namedForTeam(deployment), blocked: blocked ?? info?.['blocked'] === true }
}

/** A mask is what a reader was shown instead of a secret: storing it would store nonsense in the secret's place. */
function refuseMasks(deployment: Deployment): void {
  const { unknownMasks } = restoreMasked(deployment, undefined, undefined, '')
  const [param] = unknownMasks
  if (param === undefined) return
  throw maskRefused(param)
}
