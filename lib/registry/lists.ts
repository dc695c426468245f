import { createHash } from 'node:crypto'
import type { Presenter } from '../model-info/present'
import type { Fallbacks } from './names'
import type { Row } from './row'
import type { Scope } from './visibility'

/** A whole answer, ready to be sent. */
export interface ReadyBytes {
  readonly bytes: Buffer
  /** Equal for equal bytes, on every instance. */
  readonly etag: string
}

/** What an answer was made from: the same of each gives the same answer. */
export interface Basis {
  readonly listed: readonly Row[]
  readonly presenter: Presenter
  readonly fallbacks: Fallbacks
  readonly scope: Scope
}

export interface Lists {
  /** The answer kept under this key, or a new one where the rows that this caller sees are others than they were. */
  get(key: string, basis: Basis, build: (rows: readonly Row[]) => readonly Buffer[]): ReadyBytes
}

interface Entry extends ReadyBytes, Omit<Basis, 'scope'> {
  readonly rows: readonly Row[]
}

/** So many answers are kept; the one not asked for longest goes first. */
const answersKept = 512

export function lists(): Lists {
  const kept = new Map<string, Entry>()

  function remember(key: string, entry: Entry): Entry {
    kept.delete(key)
    kept.set(key, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= answersKept) break
      kept.delete(oldest)
    }
    return entry
  }

  return {
    get(key, { listed, presenter, fallbacks, scope }, build) {
      const known = kept.get(key)
      const current = known?.presenter === presenter && known.fallbacks === fallbacks ? known : undefined
      if (current?.listed === listed) return remember(key, current)
      const rows = scope.admin ? listed : listed.filter((row) => scope.sees(row))
      const same = current?.rows.length === rows.length && rows.every((row, at) => row === current.rows[at])
      if (current !== undefined && same) return remember(key, { ...current, listed })
      return remember(key, { listed, presenter, fallbacks, rows, ...readyBytes(build(rows)) })
    },
  }
}

export function readyBytes(parts: readonly Buffer[]): ReadyBytes {
  const bytes = Buffer.concat(parts)
  return { bytes, etag: `"${createHash('sha1').update(bytes).digest('base64url')}"` }
}
