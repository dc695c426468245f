import { randomUUID } from 'node:crypto'
import type { Deployment } from '../adapters/adapter'

/** The team that the deployment belongs to; null for none. */
export function teamOf({ model_info: { team_id: id } }: Deployment): string | null {
  return typeof id === 'string' && id !== '' ? id : null
}

/** The name users call. */
export function publicNameOf({ model_name: name, model_info: info }: Deployment): string {
  const publicName = info['team_public_model_name']
  return typeof publicName === 'string' && publicName !== '' ? publicName : name
}

/**
 * A team's model is kept under a name of its own, so that names of different teams never meet; members see the public one.
 * The deployment gets such a name when it comes to a team, and keeps it as long as it stays there.
 */
export function namedForTeam(deployment: Deployment, before?: Deployment): Deployment {
  const team = teamOf(deployment)
  if (team === null || (before !== undefined && team === teamOf(before))) return deployment
  return {
    ...deployment,
    model_name: `model_name_${team}_${randomUUID()}`,
    model_info: { ...deployment.model_info, team_public_model_name: publicNameOf(deployment) },
  }
}
