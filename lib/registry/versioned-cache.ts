/** Values by key, each made of something that has a version: of another version it is made anew. */
export interface VersionedCache<T> {
  /** Who asks while the value is being made waits for the same one. */
  get(key: string, version: string, make: () => Promise<T>): Promise<T>
}

export interface VersionedCacheOptions<T> {
  readonly maxEntries: number
  /** Of all values and keys together; the latest value is kept whatever its size. */
  readonly maxBytes: number
  sizeOf(value: T): number
}

interface Entry<T> {
  readonly version: string
  readonly value: T
  readonly bytes: number
}

/** Evicts what was not asked for longest. */
export function createVersionedCache<T>(options: VersionedCacheOptions<T>): VersionedCache<T> {
  const { maxEntries, maxBytes, sizeOf } = options
  const entries = new Map<string, Entry<T>>()
  const making = new Map<string, { readonly version: string; readonly value: Promise<T> }>()
  let bytes = 0

  function remove(key: string): void {
    bytes -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }

  function keep(key: string, entry: Entry<T>): void {
    remove(key)
    entries.set(key, entry)
    bytes += entry.bytes
    for (const oldest of entries.keys()) {
      if (entries.size === 1 || (entries.size <= maxEntries && bytes <= maxBytes)) return
      remove(oldest)
    }
  }

  return {
    async get(key, version, make) {
      const known = entries.get(key)
      if (known?.version === version) {
        keep(key, known)
        return known.value
      }
      const underWay = making.get(key)
      if (underWay?.version === version) return underWay.value
      const mine = { version, value: make() }
      making.set(key, mine)
      try {
        const value = await mine.value
        // Unless a newer one is under way, or made already.
        if (making.get(key) === mine) keep(key, { version, value, bytes: sizeOf(value) + 2 * key.length })
        return value
      } finally {
        if (making.get(key) === mine) making.delete(key)
      }
    },
  }
}
