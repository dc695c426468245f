import { createHash } from 'node:crypto'
import type { Presenter } from '../model-info/present'
import type { Row } from './row'
import type { Snapshot } from './snapshot'
import type { Scope } from './visibility'

/** A whole answer, ready to be sent. */
export interface ReadyBytes {
  readonly bytes: Buffer
  /** Equal for equal bytes, on every instance. */
  readonly etag: string
}

export interface Lists {
  /** `{"data":[…]}` of all rows the caller sees. */
  models(snapshot: Snapshot, presenter: Presenter, scope: Scope): ReadyBytes
}

interface Entry extends ReadyBytes {
  readonly snapshot: Snapshot
  readonly presenter: Presenter
  readonly rows: readonly Row[]
}

/** Answers kept for this many kinds of caller; the one not asked for longest goes first. */
const scopesKept = 256
const head = Buffer.from('{"data":[')
const comma = Buffer.from(',')
const tail = Buffer.from(']}')

export function lists(): Lists {
  const kept = new Map<string, Entry>()

  function remember(key: string, entry: Entry): Entry {
    kept.delete(key)
    kept.set(key, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= scopesKept) break
      kept.delete(oldest)
    }
    return entry
  }

  return {
    models(snapshot, presenter, scope) {
      const known = kept.get(scope.key)
      const current = known?.presenter === presenter ? known : undefined
      if (current?.snapshot === snapshot) return remember(scope.key, current)
      const rows = scope.admin ? snapshot.rows : snapshot.rows.filter((row) => scope.sees(row))
      const same = current?.rows.length === rows.length && rows.every((row, at) => row === current.rows[at])
      if (current !== undefined && same) return remember(scope.key, { ...current, snapshot })
      const bytes = joined(rows.map((row) => presenter.bytes(row, scope.admin ? 'admin' : 'caller')))
      return remember(scope.key, { snapshot, presenter, rows, bytes, etag: etagOf(bytes) })
    },
  }
}

function joined(parts: readonly Buffer[]): Buffer {
  return Buffer.concat([head, ...parts.flatMap((part, at) => (at === 0 ? [part] : [comma, part])), tail])
}

export function etagOf(bytes: Buffer): string {
  return `"${createHash('sha1').update(bytes).digest('base64url')}"`
}
