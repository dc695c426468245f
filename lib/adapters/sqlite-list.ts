import { setImmediate as turn } from 'node:timers/promises'
import { byCreation, type Placed } from './creation-order'
import type { SqliteTable } from './sqlite-table'

/** Runs something on the open database; the event loop stands still meanwhile. */
export type Use = <T>(work: (table: SqliteTable) => T) => Promise<T>

/** So many rows are read in one piece: some milliseconds. */
const pageRows = 500
/** So often a table that is written to meanwhile is read anew, before it is read in one piece. */
const attempts = 3

/** All rows in creation order, as they were at one moment. */
export async function listed<T extends Placed>(
  use: Use,
  page: (table: SqliteTable, after: number, most: number) => readonly T[],
): Promise<readonly T[]> {
  for (let left = attempts; left > 0; left--) {
    const before = await use((table) => table.lastChange())
    const rows: T[] = []
    for (let more = true; more;) {
      const next = await use((table) => page(table, Number(rows.at(-1)?.sequence ?? 0), pageRows))
      rows.push(...next)
      more = next.length === pageRows
      if (more) await turn()
    }
    if (before === (await use((table) => table.lastChange()))) return rows.toSorted(byCreation)
  }
  const rows = await use((table) => page(table, 0, -1))
  return rows.toSorted(byCreation)
}
