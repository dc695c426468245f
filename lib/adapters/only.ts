import type { BatchResult, Refusal, WriteResult } from './adapter'

/**
 * The result of a batch of one write, for adapters whose single writes are batches of one.
 * `R` must hold every refusal that this kind of write knows.
 */
export function only<R extends Refusal>(result: BatchResult): WriteResult<R> {
  if (!result.ok) return { ok: false, reason: result.reason as R }
  const [model] = result.models
  if (model === undefined) throw new TypeError('a batch of one write gave no model')
  return { ok: true, model }
}
