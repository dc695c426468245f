import type { ResolvedDeployment } from 'express-model-management'

/**
 * The deployments in the order to try them. Each place is drawn from what is left, with the chance that `rpm` gives:
 * one with `rpm: 60` comes first ten times as often as one with `rpm: 6`; without `rpm` it counts as 1.
 */
export function inTurn(
  deployments: readonly ResolvedDeployment[],
  random: () => number = Math.random,
): ResolvedDeployment[] {
  const left = [...deployments]
  return deployments.flatMap(() => left.splice(draw(left.map(weightOf), random()), 1))
}

function weightOf({ litellm_params: { rpm } }: ResolvedDeployment): number {
  const weight = Number(rpm)
  return weight > 0 && weight < Infinity ? weight : 1
}

/** The index that a chance from 0 to 1 falls on. */
function draw(weights: readonly number[], chance: number): number {
  let rest = chance * weights.reduce((sum, weight) => sum + weight, 0)
  const index = weights.findIndex((weight) => (rest -= weight) < 0)
  // Rounding may leave a crumb behind the last one.
  return index < 0 ? weights.length - 1 : index
}
