import { pipeline, Readable } from 'node:stream'
import type { Transform } from 'node:stream'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

export type Coding = 'br' | 'gzip'

export interface Encoded {
  readonly coding: Coding
  readonly parts: readonly Buffer[]
}

/**
 * Answers in the encodings that clients accept. What is sent a second time is worth compressing: that is done once, off the event
 * loop, and until it is done the bytes are sent as they are.
 *
 * No secret is in any list, masked or whole, so that the length of a compressed one gives none away (BREACH).
 */
export interface Encodings {
  /** The parts, whose validator this is, as they are to be sent; undefined where that is as they are. */
  of(parts: readonly Buffer[], etag: string, accepted: string | undefined): Encoded | undefined
}

/** Smaller answers fit the first packets anyway. */
const leastBytes = 2048
/** Of all compressed answers together. */
const mostBytes = 32 * 1024 * 1024
const mostAnswers = 1000

const compressors: Readonly<Record<Coding, () => Transform>> = {
  // The default quality is meant for files that are compressed once and for all, and takes seconds.
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: () => createGzip(),
}

interface Sent {
  /** Empty while it is being compressed. */
  readonly made: Map<Coding, readonly Buffer[]>
}

export function encodings(): Encodings {
  // By validator: answers of many megabytes are not held for being compressed.
  const sent = new Map<string, Sent>()
  let bytes = 0

  function forget(etag: string): void {
    for (const parts of sent.get(etag)?.made.values() ?? []) bytes -= lengthOf(parts)
    sent.delete(etag)
  }

  function touch(etag: string, entry: Sent): void {
    sent.delete(etag)
    sent.set(etag, entry)
    for (const oldest of sent.keys()) {
      if (sent.size <= mostAnswers && bytes <= mostBytes) return
      forget(oldest)
    }
  }

  async function compress(
    coding: Coding,
    parts: readonly Buffer[],
    etag: string,
    entry: Sent,
  ): Promise<void> {
    entry.made.set(coding, [])
    const made: Buffer[] = []
    // An error ends the loop as well.
    const compressed = pipeline(Readable.from(parts), compressors[coding](), () => {})
    for await (const part of compressed) made.push(part as Buffer)
    if (sent.get(etag) !== entry) return
    entry.made.set(coding, [joined(made)])
    bytes += lengthOf(made)
    touch(etag, entry)
  }

  return {
    of(parts, etag, accepted) {
      const coding = lengthOf(parts) < leastBytes ? undefined : preferred(accepted)
      if (coding === undefined) return undefined
      const known = sent.get(etag)
      touch(etag, known ?? { made: new Map() })
      if (known === undefined) return undefined
      const ready = known.made.get(coding)
      // What cannot be compressed is sent as it is.
      if (ready === undefined) compress(coding, parts, etag, known).catch(() => {})
      return ready === undefined || ready.length === 0 ? undefined : { coding, parts: ready }
    },
  }
}

/** Never from the pool, where it would keep others' bytes, nor a part of what the compressor wrote into. */
function joined(parts: readonly Buffer[]): Buffer {
  const whole = Buffer.allocUnsafeSlow(lengthOf(parts))
  let at = 0
  for (const part of parts) at += part.copy(whole, at)
  return whole
}

export function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((length, part) => length + part.length, 0)
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
