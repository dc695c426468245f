import type { Deployment } from '../adapters/adapter'

/** Texts count in such steps, so that nobody finds out how long a hidden one is by filling the rest. */
const textStep = 64
/** Of a member, of a number: as much as it takes in memory, roughly. */
const memberBytes = 16

/** Bytes that a deployment counts for. Linear, and without a copy: every row of a store is measured when it is read. */
export function sizeOf(deployment: Deployment): number {
  const queue: unknown[] = [deployment]
  let size = 0
  while (queue.length > 0) {
    const value = queue.pop()
    if (typeof value === 'string') size += Math.ceil(Buffer.byteLength(value) / textStep) * textStep
    if (typeof value !== 'object' || value === null) continue
    const isList = Array.isArray(value)
    for (const [key, member] of Object.entries(value)) {
      size += memberBytes + (isList ? 0 : Buffer.byteLength(key))
      queue.push(member)
    }
  }
  return size
}
