import type { Problem } from '../errors'
import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'

/** No pattern needs more, and each star costs time whenever a name is looked up. */
const mostStars = 4

/** Why a value is no name of a model, if it is a text at all. */
export function modelNameProblem(
  name: JsonValue | undefined,
  loc: Problem['loc'],
  maxLength: number,
): Problem | undefined {
  const problem = groupNameProblem(name, loc, maxLength)
  if (problem !== undefined || typeof name !== 'string' || name.split('*').length <= mostStars + 1)
    return problem
  return { type: 'value_error', loc, msg: `Value error, a name has at most ${mostStars} stars` }
}

/** The same for an access group, in whose name a star is a letter like any other. */
export function groupNameProblem(
  name: JsonValue | undefined,
  loc: Problem['loc'],
  maxLength: number,
): Problem | undefined {
  if (typeof name !== 'string' || name.length <= maxLength) return undefined
  return { type: 'string_too_long', loc, msg: `String should have at most ${maxLength} characters` }
}

/** What is wrong with the names that a deployment is called by. The internal name of a team's model is made here, and none of them. */
export function nameProblems(deployment: JsonObject, maxLength: number): readonly Problem[] {
  const info = isJsonObject(deployment['model_info']) ? deployment['model_info'] : {}
  const { team_public_model_name: publicName, team_id: team } = info
  const isInternal = Boolean(team) && Boolean(publicName)
  return [
    isInternal ? undefined : modelNameProblem(deployment['model_name'], ['model_name'], maxLength),
    modelNameProblem(publicName, ['model_info', 'team_public_model_name'], maxLength),
  ].filter((problem) => problem !== undefined)
}
