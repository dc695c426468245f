import { createHash } from 'node:crypto'

/** The JSON of one row. */
export interface RowBytes {
  readonly bytes: Buffer
  /** Equal for equal bytes, on every instance. */
  readonly digest: string
}

/** The JSON of rows as each audience sees them, each built once; as long as the row is there and there is room. */
export interface AudienceBytes {
  of(row: object, audience: string, make: () => Buffer): RowBytes
  /** Keeps parts of something larger instead, which somebody else keeps. What these audiences had of other rows is no longer counted. */
  share(parts: readonly SharedBytes[]): void
}

export interface SharedBytes extends RowBytes {
  readonly row: object
  readonly audience: { readonly key: string }
}

interface Seen {
  readonly rows: WeakMap<object, RowBytes>
  /** Of all that was made, rows that went since included. */
  bytes: number
}

/** As many take turns with any number of models without one's rows driving out another's. */
const alwaysKept = 8
const mostAudiences = 1000

/**
 * Where keys and teams have lists of their own there are as many audiences as there are of them, and each has bytes of its own for
 * every row: those of the audience that was not seen for longest go first.
 */
export function audienceBytes(mostBytes: number): AudienceBytes {
  const audiences = new Map<string, Seen>()
  let bytes = 0
  let latest: { readonly audience: string; readonly seen: Seen } | undefined

  function seenBy(audience: string): Seen {
    if (latest?.audience === audience) return latest.seen
    const seen = audiences.get(audience) ?? { rows: new WeakMap(), bytes: 0 }
    audiences.delete(audience)
    audiences.set(audience, seen)
    latest = { audience, seen }
    return seen
  }

  function makeRoom(): void {
    for (const [oldest, seen] of audiences) {
      const isTooMuch = audiences.size > mostAudiences || (bytes > mostBytes && audiences.size > alwaysKept)
      if (!isTooMuch) return
      audiences.delete(oldest)
      bytes -= seen.bytes
    }
  }

  return {
    of(row, audience, make) {
      const seen = seenBy(audience)
      const ready = seen.rows.get(row)
      if (ready !== undefined) return ready
      const made = make()
      const kept = { bytes: made, digest: digestOf(made) }
      seen.rows.set(row, kept)
      seen.bytes += made.length
      bytes += made.length
      makeRoom()
      return kept
    },
    share(parts) {
      for (const audience of new Set(parts.map((part) => part.audience.key))) {
        const seen = seenBy(audience)
        bytes -= seen.bytes
        seen.bytes = 0
      }
      for (const { row, audience, ...part } of parts) seenBy(audience.key).rows.set(row, part)
    },
  }
}

/** Equal for equal content, on every instance. */
export function digestOf(content: Buffer | string): string {
  return createHash('sha1').update(content).digest('base64url')
}
