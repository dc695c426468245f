import type pg from 'pg'
import type { PgClientLike, PgDriver, PgPoolLike } from '../../lib/adapters/postgres-driver'

// Compiled only.
export const pool = (real: pg.Pool): PgPoolLike => real
export const client = (real: pg.Client): PgClientLike => real
export const driver = (real: typeof pg): PgDriver => real

// @ts-expect-error a single client is no pool: its connect() makes the connection instead of handing one out
export const single = (real: pg.Client): PgPoolLike => real
