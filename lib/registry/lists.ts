import { digestOf } from '../model-info/audience-bytes'
import type { Presenter } from '../model-info/present'
import type { Fallbacks } from './names'
import type { Row } from './row'
import { changedSince } from './snapshot'
import type { Snapshot } from './snapshot'
import { seenBy } from './visibility'
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
  /** Whether the list was the snapshot's rows and nothing that stands for one. */
  readonly isPlain: boolean
  readonly rows: readonly Row[]
  readonly made: T
}

/** How much is kept. */
export interface ListLimits<T> {
  readonly most: number
  /** Of all together; the latest few are kept whatever their size. @default no limit */
  readonly mostBytes?: number
  readonly bytesOf?: (made: T) => number
}

/** So few callers take turns with a list of a hundred thousand models, too, and none of them waits until it is made again. */
const alwaysKept = 8
/** What nobody asked for during so many changes is let go: it holds the rows of its time, which may be in no list any more. */
const changesOutlived = 256

/** What was not asked for longest goes first. */
export function lists<T>({ most, mostBytes = Infinity, bytesOf = () => 0 }: ListLimits<T>): Lists<T> {
  const kept = new Map<string, Entry<T>>()
  let bytes = 0

  function forget(key: string): void {
    const entry = kept.get(key)
    if (entry === undefined) return
    bytes -= bytesOf(entry.made)
    kept.delete(key)
  }

  function remember(key: string, entry: Entry<T>): T {
    forget(key)
    kept.set(key, entry)
    bytes += bytesOf(entry.made)
    for (const [oldest, other] of kept) {
      const isTooMuch = kept.size > most || (bytes > mostBytes && kept.size > alwaysKept)
      if (other === entry || !(isTooMuch || isOutlived(other, entry))) break
      forget(oldest)
    }
    return entry.made
  }

  return {
    get(key, { scope, snapshot, ...basis }, make) {
      const { listed, presenter, fallbacks } = basis
      const now = { revision: snapshot.revision, listed, isPlain: listed === snapshot.rows }
      const known = kept.get(key)
      const current = known?.presenter === presenter && known.fallbacks === fallbacks ? known : undefined
      if (current?.listed === listed) return remember(key, current)
      if (current !== undefined && !showsChange(current, now, snapshot, scope))
        return remember(key, { ...current, ...now })
      const rows = seenBy(listed, scope)
      const same = current?.rows.length === rows.length && rows.every((row, at) => row === current.rows[at])
      if (current !== undefined && same) return remember(key, { ...current, ...now })
      return remember(key, { ...basis, ...now, rows, made: make(rows) })
    },
  }
}

/** Whether it is of no use any more, and would only hold a cost map or rows that nothing else does. */
function isOutlived(before: Entry<unknown>, now: Entry<unknown>): boolean {
  return (
    before.presenter !== now.presenter ||
    before.fallbacks !== now.fallbacks ||
    now.revision - before.revision > changesOutlived
  )
}

/** Whether a row that changed since was or is seen; also where that is not known. */
function showsChange(
  before: Entry<unknown>,
  now: Pick<Entry<unknown>, 'isPlain'>,
  snapshot: Snapshot,
  scope: Scope,
): boolean {
  // Where patterns or aliases are or were listed, a row shows in more than its own place, and hides what it takes the name of.
  if (!before.isPlain || !now.isPlain) return true
  return changedSince(snapshot, before.revision)?.some((row) => scope.sees(row)) ?? true
}

export function readyBytes(bytes: Buffer): ReadyBytes {
  return { bytes, etag: etagOf(bytes) }
}

/** Of the content, or of what stands for it. */
export function etagOf(content: Buffer | string): string {
  return `"${digestOf(content)}"`
}
