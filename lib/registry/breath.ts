import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'

/** So many reads may follow each other at once: what was asked for during one of them is read soon. */
const atOnce = 3
const breathMs = 25

/**
 * Between two reads of one row of reads, of which this many are done. An adapter that tells of a change while it is asked, or
 * without end, would otherwise take all the time there is, and nothing else in this process would get a turn.
 */
export async function breath(done: number): Promise<void> {
  await (done < atOnce ? turn() : pause(breathMs))
}
