import type { PgPoolLike, PgQueryableLike } from './postgres-driver'

/** Commits when `work` resolves with something to keep, otherwise leaves everything as it was. */
export async function inTransaction<T>(
  pool: PgPoolLike,
  work: (client: PgQueryableLike) => Promise<T>,
  isKept: (result: T) => boolean = () => true,
): Promise<T> {
  const client = await pool.connect()
  let failed = true
  // Whoever waits for an answer hears of a broken connection; without a listener it would end the process besides.
  const ignore = (): void => {}
  client.on('error', ignore)
  try {
    await client.query('begin')
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
