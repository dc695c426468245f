import type { PgQueryableLike } from './postgres-driver'

/** What a page is made of. */
export interface PagedRow {
  /** Rises with every row; text where a driver makes it of large numbers. */
  readonly sequence: number | string
  /** Bytes, about. */
  readonly size: number
}

/** A page takes about this long over the link that there is: a driver may wait only so long for one answer. */
const pageMs = 250
const pageBytes = { first: 32 * 1024, least: 8 * 1024, most: 4 * 1024 * 1024 }
const pageRows = { first: 50, least: 5, most: 5000 }
/** At most, from one page to the next. */
const growth = 4

/** Statement for a page: `$1` is the sequence before it, `$2` the most rows, `$3` the bytes after which no further row begins. */
export function pageOf(table: string, columns: string, size: string): string {
  return `select sequence, size, ${columns} from (
      select *, sum(size) over (order by sequence) - size as before
        from (select *, ${size} as size from ${table} where sequence > $1 order by sequence limit $2) as page
    ) as sized where before < $3 order by sequence`
}

/** All rows, in pages that become larger or smaller with the speed of the link. */
export async function readPages<R extends PagedRow>(client: PgQueryableLike, page: string): Promise<R[]> {
  const all: R[] = []
  let bytes: number = pageBytes.first
  let limit: number = pageRows.first
  for (;;) {
    const began = performance.now()
    const { rows } = await client.query(page, [all.at(-1)?.sequence ?? 0, limit, bytes])
    if (rows.length === 0) return all
    all.push(...(rows as R[]))
    const tookMs = Math.max(performance.now() - began, 1)
    const read = (rows as R[]).reduce((sum, { size }) => sum + size, 0)
    // By what was read and not by what was asked for: small pages come out of buffers and say little of the link.
    bytes = within(pageBytes, Math.min((read / tookMs) * pageMs, read * growth))
    limit = within(pageRows, (bytes / read) * rows.length)
  }
}

function within({ least, most }: { readonly least: number; readonly most: number }, value: number): number {
  return Math.ceil(Math.min(Math.max(value, least), most))
}
