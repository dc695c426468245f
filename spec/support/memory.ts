import { collectGarbage } from './garbage'

/** Bytes that are held outside of the heap, as all buffers are, when everything is gone that nothing holds. */
export async function heldBytes(): Promise<number> {
  await collectGarbage()
  await collectGarbage()
  return process.memoryUsage().arrayBuffers
}
