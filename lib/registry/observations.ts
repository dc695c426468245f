import { shortened } from './shortened'

/**
 * Decides whether something read from storage is news or old hat, so that the view never goes back.
 *
 * Every read takes a ticket when it begins. What is known of a row carries one that was drawn when it was learnt. Only a read
 * that began after that is sure to be as new: of two under way at once, over two connections, storage may have served
 * either one first.
 */
export interface Observations {
  /** A ticket for something that begins now. */
  begin(): number
  /** Whether what began with this ticket may replace what is known of the row. */
  isNews(id: string, ticket: number): boolean
  /** What is known of the row was learnt now. */
  note(id: string): void
  /** What is known of every row was learnt now or before. */
  noteAll(): void
}

/** So many rows are known one by one: callers may ask for any id, and storage whose version stays the same is never listed anew. */
const remembered = 10_000

export function observations(most = remembered): Observations {
  let clock = 0
  /** When what is not known one by one was learnt, at the latest. */
  let all = 0
  const known = new Map<string, number>()
  return {
    begin: () => ++clock,
    isNews: (id, ticket) => ticket > (known.get(shortened(id)) ?? all),
    note(asked) {
      const id = shortened(asked)
      // Behind those that were learnt before it.
      known.delete(id)
      known.set(id, ++clock)
      if (known.size <= most) return
      // What is forgotten counts as learnt when the oldest was: at worst a read that began earlier is done once more.
      for (const [oldest, at] of known) {
        known.delete(oldest)
        all = at
        return
      }
    },
    noteAll() {
      all = ++clock
      known.clear()
    },
  }
}
