import { fieldsThatAreNoNumbers } from '../model-info/enrich'
import type { Row } from './row'

/** What a price or a limit says that is no number, of each row, looked up once. */
export interface NumberWarnings {
  find(row: Row): readonly string[]
}

export function createNumberWarnings(): NumberWarnings {
  const known = new WeakMap<Row, readonly string[]>()
  return {
    find(row) {
      const ready = known.get(row)
      if (ready !== undefined) return ready
      const made = fieldsThatAreNoNumbers(row.deployment).map((path) => warningOf(row, path))
      known.set(row, made)
      return made
    },
  }
}

function warningOf({ id }: Row, path: string): string {
  return `Model ${id}: ${path} is not a number; it is shown as it is and left out of sums. Write digits, as 128000 or 0.000001.`
}
