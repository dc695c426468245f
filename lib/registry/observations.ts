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

export function observations(): Observations {
  let clock = 0
  let all = 0
  const known = new Map<string, number>()

  function noteAll(): void {
    all = ++clock
    known.clear()
  }

  return {
    begin: () => ++clock,
    isNews: (id, ticket) => ticket > (known.get(shortened(id)) ?? all),
    note(id) {
      // To take all for learnt now is never wrong: what is under way just then is read once more.
      if (known.size >= remembered) noteAll()
      known.set(shortened(id), ++clock)
    },
    noteAll,
  }
}

/** Ids that are not there come from callers, without end. */
const remembered = 10_000
