import { createHash } from 'node:crypto'
import type { TimeSlices } from '../time-slices'

/** The JSON of one row. Where callers differ, as in their access to it, there is a gap. */
export interface RowJson {
  /** Without what belongs into the gap. A comma follows in memory, so that neighbours are sent as one. */
  readonly bytes: Buffer
  /** Where the gap is; undefined where there is none. */
  readonly gap: number | undefined
  /** Equal for equal bytes, on every instance. */
  readonly digest: string
}

/** The text of a row's JSON before and behind the gap. */
export type RowText = readonly [before: string, behind?: string]

/** The JSON of rows, built once for each row and dropped with it. */
export interface RowJsonStore<R extends object> {
  /** Built now, if it has to be. */
  get(row: R): RowJson
  /** Builds what is missing of `rows`, in slices. `all` rows may be moved in memory. */
  prepare(rows: readonly R[], all: readonly R[], slices: TimeSlices): Promise<void>
}

/** Rows stand side by side in buffers of about this size: one for each would be slow to send, one for all would be kept by any. */
const slabBytes = 256 * 1024
/** Rows that changed stand alone, until they are this part of all rows. */
const looseShare = 1 / 8

export function createRowJsonStore<R extends object>(textOf: (row: R) => RowText): RowJsonStore<R> {
  const known = new WeakMap<R, RowJson>()
  /** Bytes of rows that stand side by side, and of those that do not. */
  let packed = 0
  let loose = 0

  function store(parts: readonly Part<R>[]): void {
    const slab = Buffer.allocUnsafeSlow(parts.reduce((bytes, part) => bytes + part.size + 1, 0))
    let at = 0
    for (const { row, write, size, gap, digest } of parts) {
      const bytes = slab.subarray(at, at + size)
      write(bytes)
      slab[at + size] = comma
      known.set(row, { bytes, gap, digest: digest ?? digestOf(bytes) })
      at += size + 1
    }
    if (at < slabBytes / 2) loose += at
    else packed += at
  }

  function built(row: R): Part<R> {
    const [before, behind] = textOf(row)
    const gap = behind === undefined ? undefined : Buffer.byteLength(before)
    const text = behind === undefined ? before : before + behind
    return { row, gap, size: Buffer.byteLength(text), write: (bytes) => bytes.write(text) }
  }

  /** Stores rows side by side, in slices. */
  async function fill(
    rows: readonly R[],
    partOf: (row: R) => Part<R> | undefined,
    slices: TimeSlices,
  ): Promise<void> {
    let parts: Part<R>[] = []
    let size = 0
    await slices.map(rows, (row, at) => {
      const part = partOf(row)
      if (part !== undefined) parts.push(part)
      size += part?.size ?? 0
      if (size < slabBytes && at < rows.length - 1) return
      if (parts.length > 0) store(parts)
      parts = []
      size = 0
    })
  }

  function moved(row: R): Part<R> | undefined {
    const json = known.get(row)
    return json && { ...json, row, size: json.bytes.length, write: (bytes) => json.bytes.copy(bytes) }
  }

  return {
    get(row) {
      const ready = known.get(row)
      if (ready !== undefined) return ready
      store([built(row)])
      return known.get(row) as RowJson
    },
    async prepare(rows, all, slices) {
      const missing = rows.filter((row) => !known.has(row))
      if (missing.length > 0) await fill(missing, (row) => (known.has(row) ? undefined : built(row)), slices)
      if (loose <= packed * looseShare + slabBytes) return
      packed = 0
      loose = 0
      await fill(all, moved, slices)
    },
  }
}

interface Part<R> {
  readonly row: R
  readonly gap: number | undefined
  readonly size: number
  readonly digest?: string
  write(bytes: Buffer): void
}

const comma = 0x2c

/** Equal for equal content, on every instance. */
export function digestOf(content: Buffer | string): string {
  return createHash('sha1').update(content).digest('base64url')
}
