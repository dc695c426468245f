import { createHash } from 'node:crypto'
import type { Presenter } from '../model-info/present'
import type { Fallbacks } from './names'
import type { Row } from './row'
import { changedSince } from './snapshot'
import type { Snapshot } from './snapshot'
import type { Scope } from './visibility'

/** A whole answer, ready to be sent. */
export interface ReadyBytes {
  readonly bytes: Buffer
  /** Equal for equal bytes, on every instance. */
  readonly etag: string
}

/** What something is made from: the same of each gives the same. */
export interface Basis {
  readonly snapshot: Snapshot
  readonly listed: readonly Row[]
  readonly presenter: Presenter
  readonly fallbacks: Fallbacks
  readonly scope: Scope
}

/** What was made of the rows that a caller sees. */
export interface Lists<T> {
  /** What is kept under this key, or made anew where the rows that this caller sees are others than they were. */
  get(key: string, basis: Basis, make: (rows: readonly Row[]) => T): T
}

interface Entry<T> extends Omit<Basis, 'scope' | 'snapshot'> {
  readonly revision: number
  readonly rows: readonly Row[]
  readonly made: T
}

/** No more than `most` are kept; the one not asked for longest goes first. */
export function lists<T>(most: number): Lists<T> {
  const kept = new Map<string, Entry<T>>()

  function remember(key: string, entry: Entry<T>): T {
    kept.delete(key)
    kept.set(key, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break
      kept.delete(oldest)
    }
    return entry.made
  }

  return {
    get(key, { scope, snapshot, ...basis }, make) {
      const { listed, presenter, fallbacks } = basis
      const { revision } = snapshot
      const known = kept.get(key)
      const current = known?.presenter === presenter && known.fallbacks === fallbacks ? known : undefined
      if (current?.listed === listed) return remember(key, current)
      if (current !== undefined && !showsChange(current, snapshot, listed, scope))
        return remember(key, { ...current, revision, listed })
      const rows = scope.admin ? listed : listed.filter((row) => scope.sees(row))
      const same = current?.rows.length === rows.length && rows.every((row, at) => row === current.rows[at])
      if (current !== undefined && same) return remember(key, { ...current, revision, listed })
      return remember(key, { ...basis, revision, rows, made: make(rows) })
    },
  }
}

/** Whether a row that changed since was or is seen; also where that is not known. */
function showsChange(
  { revision }: Entry<unknown>,
  snapshot: Snapshot,
  listed: readonly Row[],
  scope: Scope,
): boolean {
  // Where patterns or aliases are listed, a row shows in more than its own place.
  if (listed !== snapshot.rows) return true
  return changedSince(snapshot, revision)?.some((row) => scope.sees(row)) ?? true
}

export function readyBytes(parts: readonly Buffer[]): ReadyBytes {
  const bytes = Buffer.concat(parts)
  return { bytes, etag: `"${createHash('sha1').update(bytes).digest('base64url')}"` }
}
