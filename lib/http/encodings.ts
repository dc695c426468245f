import { brotliCompress, constants, gzip } from 'node:zlib'

export type Coding = 'br' | 'gzip'

export interface Encoded {
  readonly coding: Coding
  readonly bytes: Buffer
}

/**
 * Answers in the encodings that clients accept. What is sent a second time is worth compressing: that is done once, off the event
 * loop, and until it is done the bytes are sent as they are.
 *
 * No secret is in any list, masked or whole, so that the length of a compressed one gives none away (BREACH).
 */
export interface Encodings {
  /** The bytes as they are to be sent; undefined where that is as they are. */
  of(bytes: Buffer, accepted: string | undefined): Encoded | undefined
}

/** Smaller answers fit the first packets anyway. */
const leastBytes = 2048

type Compress = (bytes: Buffer, done: (error: Error | null, compressed: Buffer) => void) => void

const compressors: Readonly<Record<Coding, Compress>> = {
  // The default quality is meant for files that are compressed once and for all, and takes seconds.
  br: (bytes, done) => brotliCompress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }, done),
  gzip: (bytes, done) => gzip(bytes, done),
}

export function encodings(): Encodings {
  const sent = new WeakMap<Buffer, Map<Coding, Buffer | undefined>>()

  return {
    of(bytes, accepted) {
      const coding = bytes.length < leastBytes ? undefined : preferred(accepted)
      if (coding === undefined) return undefined
      const made = sent.get(bytes)
      if (made === undefined) {
        sent.set(bytes, new Map())
        return undefined
      }
      if (!made.has(coding)) {
        made.set(coding, undefined)
        compressors[coding](bytes, (error, compressed) => {
          if (error === null) made.set(coding, compressed)
        })
      }
      const ready = made.get(coding)
      return ready && { coding, bytes: ready }
    },
  }
}

/** The better one of those that `Accept-Encoding` names and does not forbid with `q=0`. */
function preferred(accepted: string | undefined): Coding | undefined {
  if (accepted === undefined) return undefined
  const named = new Set(
    accepted
      .toLowerCase()
      .split(',')
      .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
      .map((one) => one.replace(/;.*/, '').trim()),
  )
  return (['br', 'gzip'] as const).find((coding) => named.has(coding))
}
