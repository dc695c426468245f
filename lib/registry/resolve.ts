import { copyJson, deepFreeze, withoutNulls } from '../json'
import type { JsonObject } from '../json'
import { paramsWithLimits } from '../model-info/rate-limits'
import { callable } from './callable'
import type { CalledModel, CallableParts } from './callable'
import { calledModel } from './called-model'
import type { Row } from './row'
import type { Snapshot } from './snapshot'
import type { Scope } from './visibility'

/** What the host needs to call a model: references and secrets in clear, frozen at every depth. It never leaves the process through this package. */
export interface ResolvedDeployment {
  readonly id: string
  readonly model_name: string
  /** `model` is always there: what the deployment says, else the name it is called by. */
  readonly litellm_params: JsonObject & { readonly model: string }
  readonly model_info: JsonObject
}

/** `blocked`: there are deployments by this name and all are paused. `forbidden`: not a name this caller may use. */
export type Outcome = 'found' | 'unknown' | 'blocked' | 'forbidden'

export interface Resolution {
  readonly outcome: Outcome
  readonly deployments: readonly ResolvedDeployment[]
}

export interface Resolver {
  /** A host passes on what its callers sent: what is no text is no name, and neither is one that is longer than names are. */
  resolve(snapshot: Snapshot, name: unknown, scope: Scope): Resolution
}

const nothing: readonly ResolvedDeployment[] = []
const unknown: Resolution = { outcome: 'unknown', deployments: nothing }
const blocked: Resolution = { outcome: 'blocked', deployments: nothing }
const forbidden: Resolution = { outcome: 'forbidden', deployments: nothing }

/** Resolved rows are kept as long as the row is: whoever changes the environment or the cost map makes a new resolver. */
export function resolver(
  inClear: (params: JsonObject, row: Row) => JsonObject,
  maxNameLength = Infinity,
  qualify: CallableParts['qualify'] = () => undefined,
): Resolver {
  const resolved = new WeakMap<Row, ResolvedDeployment>()
  // For whoever sees everything, which is what a host asks as on each call.
  const answers = new WeakMap<Snapshot, Map<string, Resolution>>()

  function deploymentOf(row: Row): ResolvedDeployment {
    const known = resolved.get(row)
    if (known !== undefined) return known
    const { deployment, id, publicName } = row
    const params = inClear(withoutNulls(paramsWithLimits(deployment)), row)
    const model = typeof params['model'] === 'string' ? params['model'] : publicName
    // A host that changes what it was given changes neither what the next one is given nor, by the next write, what is stored.
    const made = deepFreeze(
      copyJson({
        id,
        model_name: deployment.model_name,
        litellm_params: { ...params, model },
        model_info: { id, ...deployment.model_info },
      }),
    )
    resolved.set(row, made)
    return made
  }

  /** A variable may stand for the row's own model. */
  const modelInClear: CalledModel = (row, name, by) =>
    calledModel(row, name, by, (one) => deploymentOf(one).litellm_params.model)

  /** A row `openai/*` answers to `openai/gpt-4o`, and is then called by that name. */
  function calledAs(row: Row, model: string | undefined): ResolvedDeployment {
    const deployment = deploymentOf(row)
    if (model === undefined) return deployment
    const { litellm_params: params } = deployment
    return Object.freeze({ ...deployment, litellm_params: Object.freeze({ ...params, model }) })
  }

  function resolutionOf(snapshot: Snapshot, asked: string, scope: Scope): Resolution {
    const { rows, models } = callable(snapshot, asked, scope, { calledModel: modelInClear, qualify })
    if (rows.length === 0) return scope.mayUse(asked) ? unknown : forbidden
    const open = rows.filter((row) => !row.blocked)
    if (open.length === 0) return blocked
    const deployments = Object.freeze(open.map((row) => calledAs(row, models.get(row))))
    return Object.freeze({ outcome: 'found', deployments })
  }

  return {
    resolve(snapshot, name, scope) {
      if (typeof name !== 'string') return unknown
      if (!isName(name, maxNameLength)) return scope.mayUse(name) ? unknown : forbidden
      // Only names that are there are kept: the others come from callers, without end.
      if (!scope.admin || snapshot.byName.get(name) === undefined) return resolutionOf(snapshot, name, scope)
      const known = answers.get(snapshot) ?? new Map<string, Resolution>()
      answers.set(snapshot, known)
      const answer = known.get(name) ?? resolutionOf(snapshot, name, scope)
      known.set(name, answer)
      return answer
    },
  }
}

/** Whether a model may have this name. Longer ones cost time wherever they are compared. */
export function isName(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength
}
