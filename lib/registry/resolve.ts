import type { Deployment } from '../adapters/adapter'
import type { JsonObject } from '../json'
import type { Row } from './row'
import { rowsNamed } from './snapshot'
import type { Snapshot } from './snapshot'
import { matchesPattern } from './grant'
import type { Scope } from './visibility'

/** What the host needs to call a model: references and secrets in clear. It never leaves the process through this package. */
export interface ResolvedDeployment {
  readonly id: string
  readonly model_name: string
  /** `model` is always there: what the deployment says, else its `model_name`. */
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
  resolve(snapshot: Snapshot, name: string, scope: Scope): Resolution
}

const nothing: readonly ResolvedDeployment[] = []
const unknown: Resolution = { outcome: 'unknown', deployments: nothing }
const blocked: Resolution = { outcome: 'blocked', deployments: nothing }
const forbidden: Resolution = { outcome: 'forbidden', deployments: nothing }

/** Resolved rows are kept as long as the row is: the environment of a process does not change under it. */
export function resolver(inClear: (params: JsonObject) => JsonObject): Resolver {
  const resolved = new WeakMap<Row, ResolvedDeployment>()
  const groups = new WeakMap<readonly Row[], Resolution>()

  function deploymentOf(row: Row): ResolvedDeployment {
    const known = resolved.get(row)
    if (known !== undefined) return known
    const { deployment, id } = row
    const params = inClear(paramsOf(deployment))
    const model = typeof params['model'] === 'string' ? params['model'] : deployment.model_name
    const made = Object.freeze({
      id,
      model_name: deployment.model_name,
      litellm_params: { ...params, model },
      model_info: { id, ...deployment.model_info },
    })
    resolved.set(row, made)
    return made
  }

  /** Without a caller: everything by this name, except what a team calls so among itself. */
  function resolutionOf(group: readonly Row[], name: string): Resolution {
    const known = groups.get(group)
    if (known !== undefined) return known
    const made = outcomeOf(group.filter((row) => row.teamId === null || row.deployment.model_name === name))
    groups.set(group, made)
    return made
  }

  function outcomeOf(rows: readonly Row[]): Resolution {
    if (rows.length === 0) return unknown
    const open = rows.filter((row) => !row.blocked)
    if (open.length === 0) return blocked
    return Object.freeze({ outcome: 'found', deployments: Object.freeze(open.map(deploymentOf)) })
  }

  /** A row `openai/*` answers to `openai/gpt-4o`, and is then called by that name. */
  function byPattern(snapshot: Snapshot, name: string, scope: Scope): Resolution {
    const rows = snapshot.wildcards.filter(
      (row) =>
        matchesPattern(row.publicName, name) &&
        (scope.admin ? row.teamId === null : scope.mayCall(row, name)),
    )
    const found = outcomeOf(preferred(rows))
    if (found.outcome !== 'found') return found
    const deployments = found.deployments.map((deployment) => {
      const { model } = deployment.litellm_params
      const called = model.endsWith('*') ? model.slice(0, -1) + afterStar(deployment.model_name, name) : model
      return { ...deployment, litellm_params: { ...deployment.litellm_params, model: called } }
    })
    return { outcome: 'found', deployments }
  }

  return {
    resolve(snapshot, name, scope) {
      const group = rowsNamed(snapshot, name)
      if (scope.admin)
        return group === undefined ? byPattern(snapshot, name, scope) : resolutionOf(group, name)
      if (!scope.mayUse(name, snapshot)) return forbidden
      if (group === undefined) return byPattern(snapshot, name, scope)
      return outcomeOf(preferred(group.filter((row) => scope.mayCall(row, name))))
    },
  }
}

/** What a team calls so is meant, where the team has something by that name. */
function preferred(rows: readonly Row[]): readonly Row[] {
  const own = rows.filter((row) => row.teamId !== null)
  return own.length > 0 ? own : rows
}

/** What stands for the star of `openai/*` in `openai/gpt-4o`; the whole name where the pattern is only a star. */
function afterStar(pattern: string, name: string): string {
  return name.slice(Math.max(0, pattern.indexOf('*')))
}

/** Rate limits may also stand beside `litellm_params`, as LiteLLM reads them. */
function paramsOf({ litellm_params: params, rpm, tpm }: Deployment): JsonObject {
  return { ...(rpm == null ? {} : { rpm }), ...(tpm == null ? {} : { tpm }), ...params }
}
