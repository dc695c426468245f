import type { CostMap } from '../model-info/cost-map'
import { readyBytes } from './list-bytes'
import type { ReadyBytes } from './list-bytes'

/** The whole map as JSON, built once for each map. */
export function costMapBytes(current: () => CostMap): () => ReadyBytes {
  const built = new WeakMap<CostMap, ReadyBytes>()
  return () => {
    const map = current()
    const known = built.get(map)
    if (known !== undefined) return known
    const made = readyBytes(Buffer.from(JSON.stringify(map.entries)))
    built.set(map, made)
    return made
  }
}
