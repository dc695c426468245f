/** What was acknowledged, and when; holds every list that an instance gives against it. */
export interface Journal {
  readonly complaints: readonly string[]
  /** How many list answers were checked. */
  readonly checked: number
  /** A write got its 2xx: of this model, every instance must show this version or a later one; `null` after a delete. */
  acknowledged(id: string, version: number | null): void
  /** A delete was sent: from now on the model may be absent. */
  leaving(id: string): void
  /** Resolves at the next acknowledgement, or when the work is over. */
  next(over: AbortSignal): Promise<void>
  /** What one reader of one instance saw, in the order in which it asked. */
  reader(name: string): { saw(askedAt: number, versions: ReadonlyMap<string, number>): void }
}

/** Versions of a model only grow, and one that was deleted does not come back. */
export function journal(boundMs: number): Journal {
  const writes = new Map<string, { readonly at: number; readonly version: number }[]>()
  const left = new Set<string>()
  const complaints: string[] = []
  const wake: (() => void)[] = []
  const gone = Number.MAX_SAFE_INTEGER
  let checked = 0

  /** The last version that was acknowledged by that time; 0 when there was none. */
  function known(id: string, at: number): number {
    return writes.get(id)?.findLast((write) => write.at <= at)?.version ?? 0
  }

  return {
    complaints,
    get checked() {
      return checked
    },
    acknowledged(id, version) {
      const entry = { at: Date.now(), version: version ?? gone }
      const before = writes.get(id)
      if (before === undefined) writes.set(id, [entry])
      else before.push(entry)
      for (const one of wake.splice(0)) one()
    },
    leaving: (id) => void left.add(id),
    next(over) {
      if (over.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        wake.push(resolve)
        over.addEventListener('abort', () => resolve(), { once: true })
      })
    },
    reader(name) {
      const seen = new Map<string, number>()
      return {
        saw(askedAt, versions) {
          checked += 1
          for (const id of new Set([...seen.keys(), ...writes.keys(), ...versions.keys()])) {
            const version = versions.get(id)
            const before = seen.get(id) ?? 0
            // A model that was never seen is not gone: it may be yet to come.
            const now = version ?? (before === 0 ? 0 : gone)
            if (now < before) complaints.push(`${name} went back: ${id} was ${before}, is ${now}`)
            const must = known(id, askedAt - boundMs)
            const late = version === undefined ? must !== 0 && !left.has(id) : version < must
            if (late) complaints.push(`${name} is late: ${id} must be ${must}, is ${version ?? 'absent'}`)
            if (now !== 0) seen.set(id, now)
          }
        },
      }
    },
  }
}
