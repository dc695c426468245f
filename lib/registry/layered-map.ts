/** A map that is never changed: `with` and `without` give the next one. */
export interface LayeredMap<V> {
  readonly size: number
  get(key: string): V | undefined
  with(key: string, value: V): LayeredMap<V>
  without(key: string): LayeredMap<V>
}

/** More than this many changes on top of a base are folded into a new base. */
const overlayLimit = 256

/**
 * A base that is shared and a small overlay that is copied: one change of a map of 100,000 entries copies at most
 * `overlayLimit` of them, and a look-up is at most two native ones.
 */
export function layeredMap<V>(entries: Iterable<readonly [string, V]>): LayeredMap<V> {
  return layeredMapOver(new Map(entries))
}

/** The same without a copy of the base, which nobody may change any more. */
export function layeredMapOver<V>(base: ReadonlyMap<string, V>): LayeredMap<V> {
  return layered(base, new Map(), base.size)
}

function layered<V>(
  base: ReadonlyMap<string, V>,
  overlay: ReadonlyMap<string, V | undefined>,
  size: number,
): LayeredMap<V> {
  const get = (key: string): V | undefined => (overlay.has(key) ? overlay.get(key) : base.get(key))
  const put = (key: string, value: V | undefined): LayeredMap<V> => {
    const before = get(key)
    const grown = size + (value === undefined ? 0 : 1) - (before === undefined ? 0 : 1)
    const next = new Map(overlay).set(key, value)
    return next.size <= overlayLimit
      ? layered(base, next, grown)
      : layered(fold(base, next), new Map(), grown)
  }
  return {
    size,
    get,
    with: (key, value) => put(key, value),
    without: (key) => (get(key) === undefined ? layered(base, overlay, size) : put(key, undefined)),
  }
}

function fold<V>(
  base: ReadonlyMap<string, V>,
  overlay: ReadonlyMap<string, V | undefined>,
): ReadonlyMap<string, V> {
  const folded = new Map(base)
  for (const [key, value] of overlay)
    if (value === undefined) folded.delete(key)
    else folded.set(key, value)
  return folded
}
