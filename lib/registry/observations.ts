/**
 * Decides whether something read from storage is news or old hat, so that the view never goes back.
 *
 * Every read takes a ticket when it begins. What is known of a row carries the ticket of the read it came from, or, after a
 * local write, one drawn when the write resolved: whatever began earlier may have seen the row as it was before.
 */
export interface Observations {
  /** A ticket for something that begins now. */
  begin(): number
  /** Whether what began with this ticket may replace what is known of the row. */
  isNews(id: string, ticket: number): boolean
  /** What is known of the row from now on stems from this ticket. */
  note(id: string, ticket: number): void
  /** Nothing that began before this ticket is still under way: what is noted of earlier times can be forgotten. */
  forgetBefore(ticket: number): void
}

export function observations(): Observations {
  let clock = 0
  const known = new Map<string, number>()
  return {
    begin: () => ++clock,
    isNews: (id, ticket) => ticket >= (known.get(id) ?? 0),
    note(id, ticket) {
      known.set(id, ticket)
    },
    forgetBefore(ticket) {
      for (const [id, noted] of known) if (noted < ticket) known.delete(id)
    },
  }
}
