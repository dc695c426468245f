import { createHash } from 'node:crypto'
import { digestOf } from '../model-info/row-json'
import type { RowJson } from '../model-info/row-json'

/** A whole answer, ready to be sent. */
export interface ReadyBytes {
  /** In the order in which they are sent. */
  readonly parts: readonly Buffer[]
  /** Equal for equal bytes, on every instance. */
  readonly etag: string
}

/** Makes `{"data":[…]}` of JSON values. No list is ever copied in one piece, nor hashed: its validator is made of the rows' own. */
export interface ListBuilder {
  /** `access` is for the gap. */
  add(value: RowJson, access?: string): void
  end(tail?: string): ReadyBytes
}

/** Answers are kept in buffers of about this size. */
const partBytes = 256 * 1024

/** A list that holds copies of its values, and nothing else that they are part of. */
export function createCopiedList(): ListBuilder {
  const hash = createHash('sha1')
  const parts: Buffer[] = []
  let pieces: Buffer[] = [head]
  let size = head.length
  let isFirst = true

  function push(piece: Buffer): void {
    pieces.push(piece)
    size += piece.length
    if (size < partBytes) return
    parts.push(joined(pieces, size))
    pieces = []
    size = 0
  }

  return {
    add({ bytes, gap, digest }, access = '') {
      hash.update(`${digest}${access},`)
      if (!isFirst) push(comma)
      isFirst = false
      if (gap === undefined) return push(bytes)
      push(bytes.subarray(0, gap))
      push(Buffer.from(access))
      push(bytes.subarray(gap))
    },
    end(tail = ']}') {
      push(Buffer.from(tail))
      if (size > 0) parts.push(joined(pieces, size))
      return { parts, etag: `"${hash.update(tail).digest('base64url')}"` }
    },
  }
}

/** A list that sends its values from where they are: neighbours in memory as one. */
export function createSharedList(): ListBuilder {
  const hash = createHash('sha1')
  const parts: Buffer[] = [head]
  let run: { readonly first: Buffer; end: number } | undefined

  /** A comma stands behind each value in memory. */
  function endRun(behind: number): void {
    if (run === undefined) return
    const { first, end } = run
    parts.push(Buffer.from(first.buffer, first.byteOffset, end + behind - first.byteOffset))
  }

  return {
    add({ bytes, digest }) {
      hash.update(`${digest},`)
      const end = bytes.byteOffset + bytes.length
      if (run?.first.buffer === bytes.buffer && bytes.byteOffset === run.end + 1) run.end = end
      else {
        endRun(1)
        run = { first: bytes, end }
      }
    },
    end(tail = ']}') {
      endRun(0)
      parts.push(Buffer.from(tail))
      return { parts, etag: `"${hash.update(tail).digest('base64url')}"` }
    },
  }
}

/** Never from the pool: what is kept would keep others' bytes there. */
function joined(pieces: readonly Buffer[], size: number): Buffer {
  const whole = Buffer.allocUnsafeSlow(size)
  let at = 0
  for (const piece of pieces) at += piece.copy(whole, at)
  return whole
}

const head = Buffer.from('{"data":[')
const comma = Buffer.from(',')

/** An answer that is one piece. */
export function readyBytes(bytes: Buffer): ReadyBytes {
  return { parts: [bytes], etag: `"${digestOf(bytes)}"` }
}

export function sizeOf({ parts }: ReadyBytes): number {
  return parts.reduce((size, part) => size + part.length, 0)
}

/** A value that is in one list only. */
export function jsonOf(value: unknown): RowJson {
  const bytes = Buffer.from(JSON.stringify(value))
  return { bytes, gap: undefined, digest: digestOf(bytes) }
}
