import type { PgPoolLike, PgQueryableLike } from './postgres-driver'

/** Commits when `work` resolves with something to keep, otherwise leaves everything as it was. */
export function inTransaction<T>(
  pool: PgPoolLike,
  work: (client: PgQueryableLike) => Promise<T>,
  isKept: (result: T) => boolean = () => true,
): Promise<T> {
  return transact(pool, 'begin', work, isKept)
}

/** All that `work` reads is as it was at one point in time. */
export function inSnapshot<T>(pool: PgPoolLike, work: (client: PgQueryableLike) => Promise<T>): Promise<T> {
  return transact(pool, 'begin isolation level repeatable read, read only', work, () => true)
}

async function transact<T>(
  pool: PgPoolLike,
  begin: string,
  work: (client: PgQueryableLike) => Promise<T>,
  isKept: (result: T) => boolean,
): Promise<T> {
  const client = await pool.connect()
  let failed = true
  // Whoever waits for an answer hears of a broken connection; without a listener it would end the process besides.
  const ignore = (): void => {}
  client.on('error', ignore)
  try {
    // Rows that row level security hides make the server refuse the statement, instead of looking as if they were not there.
    await client.query(`${begin}; set local row_security = off`)
    const result = await work(client)
    await client.query(isKept(result) ? 'commit' : 'rollback')
    failed = false
    return result
  } finally {
    client.removeListener('error', ignore)
    // A connection with a transaction left open is ended, and with it the server rolls back.
    client.release(failed)
  }
}
