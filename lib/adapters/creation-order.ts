/** Where a row belongs. */
export interface Placed {
  /** Rises with every row that comes; text where a driver makes it of large numbers. */
  readonly sequence: number | string
  readonly createdAt: string
}

/** Text is compared as the databases do it, by its bytes; rows of one moment are in the order in which they came. */
export function byCreation(one: Placed, other: Placed): number {
  if (one.createdAt === other.createdAt) return Number(one.sequence) - Number(other.sequence)
  return one.createdAt < other.createdAt ? -1 : 1
}
