import type { Deployment } from '../adapters/adapter'

/** Texts count in such steps, so that nobody finds out how long a hidden one is by filling the rest. */
const textStep = 64
/** A member of an object or a list takes so much in memory, roughly. */
const memberBytes = 16

/** Bytes that a deployment counts for. It is never changed in place, so that it is measured once. */
export function sizeOf(deployment: Deployment): number {
  const size = known.get(deployment) ?? measure(deployment)
  known.set(deployment, size)
  return size
}

const known = new WeakMap<Deployment, number>()

/** Linear, and without a copy: every row of a store is measured when it is read. */
function measure(deployment: Deployment): number {
  const queue: object[] = [deployment]
  let size = 0
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      const member = (value as Readonly<Record<number | string, unknown>>)[key]
      size += memberBytes + (typeof key === 'string' ? key.length : 0)
      if (typeof member === 'string') size += sizeOfText(member)
      else if (typeof member === 'object' && member !== null) queue.push(member)
    }
  }
  return size
}

function sizeOfText(text: string): number {
  const bytes = text.length > textStep ? Buffer.byteLength(text) : text.length
  return Math.ceil(bytes / textStep) * textStep
}
