import type { Deployment } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import type { Problem } from '../errors'
import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { groupNameProblem, modelNameProblem } from '../schema/names'

/** Throws `invalid_body` for names that are refused here. Those that the row has already do not keep it from being changed. */
export function assertNames(sent: JsonObject, maxLength: number, before?: Deployment): void {
  const info = isJsonObject(sent['model_info']) ? sent['model_info'] : {}
  const old = before?.model_info ?? {}
  const names = new Set([before?.model_name, old['team_public_model_name']])
  const groups = new Set(listOf(old['access_groups']))
  const { team_public_model_name: publicName } = info
  refuse([
    names.has(sent['model_name'] ?? undefined)
      ? undefined
      : modelNameProblem(sent['model_name'], ['model_name'], maxLength),
    names.has(publicName)
      ? undefined
      : modelNameProblem(publicName, ['model_info', 'team_public_model_name'], maxLength),
    ...listOf(info['access_groups']).map((group, at) =>
      groups.has(group) ? undefined : groupNameProblem(group, ['model_info', 'access_groups', at], maxLength),
    ),
  ])
}

/** The same for the name of a new access group. */
export function assertGroupName(group: string, maxLength: number): void {
  refuse([groupNameProblem(group, ['access_group'], maxLength)])
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

function refuse(found: readonly (Problem | undefined)[]): void {
  const problems = found
    .filter((problem) => problem !== undefined)
    .map((problem) => ({ ...problem, loc: ['body', ...problem.loc] }))
  if (problems.length === 0) return
  throw new ModelManagementError(
    'invalid_body',
    "A name is longer than option 'limits.maxNameLength' allows, or has too many stars.",
    { problems },
  )
}
