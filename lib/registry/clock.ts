/**
 * ISO 8601 in UTC with microseconds, each later than the one before: rows created by one instance one after the other
 * keep their order even within a millisecond and when the machine's clock is set back. Then the stamps stay where they are,
 * a microsecond apart, until the clock has come there again: rows that are out of order would stay so for good.
 */
export function strictlyRisingClock(now: () => number = preciseNow): () => string {
  let last = 0
  return () => {
    last = Math.max(Math.floor(now() * 1000), last + 1)
    const micros = String(last % 1000).padStart(3, '0')
    return new Date(Math.floor(last / 1000)).toISOString().replace('Z', `${micros}Z`)
  }
}

/**
 * Milliseconds with a fraction that says nothing of the time: it is there so that instances which stamp in the same
 * millisecond hardly ever stamp the same. It cannot lead out of the millisecond, nor, with the clock above, back.
 */
function preciseNow(): number {
  return Date.now() + (performance.now() % 1)
}
