import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Resolves when everything is gone that nothing holds. What a `WeakRef` was asked for stays until the event loop's next turn. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let turn = 0; turn < 2; turn++) {
    await new Promise(setImmediate)
    collect()
  }
}
