import { deferred } from './deferred'
import type { Deferred } from './deferred'

/** Who waits for a read of everything, in a row of reads that hints may keep from ever ending. */
export interface Askers {
  /** Done with the first whole read that begins from now on and the read after it, in which what was in doubt is settled. */
  readonly next: Promise<void>
  /** Another read of the row begins. */
  begin(isWhole: boolean): void
  /** The row has ended well. */
  end(): void
  fail(error: unknown): void
}

export function askers(): Askers {
  let coming = deferred()
  let reading: readonly Deferred[] = []
  let settling: readonly Deferred[] = []

  const taken = (): readonly Deferred[] => {
    const all = [...settling, ...reading]
    reading = []
    settling = []
    return all
  }

  return {
    get next() {
      return coming.promise
    },
    begin(isWhole) {
      for (const { resolve } of settling) resolve()
      settling = reading
      reading = isWhole ? [coming] : []
      if (isWhole) coming = deferred()
    },
    end() {
      for (const { resolve } of taken()) resolve()
    },
    fail(error) {
      for (const { reject } of [...taken(), coming]) reject(error)
      coming = deferred()
    },
  }
}
