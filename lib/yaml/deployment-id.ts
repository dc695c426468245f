import { createHash } from 'node:crypto'
import { resolveTree } from './environment'
import type { Environment } from './environment'
import { jsonDumps, str } from './python-text'
import type { Tree } from './tree'

/**
 * The id that LiteLLM gives a deployment of a config file: a hash over the name and the parameters as Python writes them, in
 * the file's order and with references resolved. A reference to a variable that is not set takes no part; a `null` does.
 */
export function deploymentId(modelName: string, litellmParams: Tree, environment: Environment): string {
  const hash = createHash('sha256').update(modelName)
  const resolved = resolveTree(litellmParams, environment)
  if (resolved?.kind === 'map') {
    for (const { key, value } of resolved.entries.values()) {
      hash.update(str(key)).update(value.kind === 'map' ? jsonDumps(value) : str(value))
    }
  }
  return hash.digest('hex')
}
