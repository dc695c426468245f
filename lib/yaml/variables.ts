import { ModelManagementError } from '../errors'
import { resolveTree } from './environment'
import type { Environment } from './environment'
import { str } from './python-text'
import { describePlace, member } from './tree'
import type { Tree } from './tree'

/** The file's `environment_variables`: Python's `str()` of each value, as LiteLLM puts them into the environment. */
export function variablesOf(root: Tree | undefined, env: Environment): ReadonlyMap<string, string> {
  const variables = member(root, 'environment_variables')
  if (variables === undefined || variables.kind === 'null') return new Map()
  if (variables.kind !== 'map') {
    const message = `${describePlace(variables)}: environment_variables must be a mapping`
    throw new ModelManagementError('invalid_config', message)
  }
  const resolved = resolveTree(variables, env)
  const entries = resolved?.kind === 'map' ? Array.from(resolved.entries.values()) : []
  return new Map(entries.map(({ key, value }) => [str(key), str(value)]))
}
