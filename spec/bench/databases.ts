import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Client } from 'pg'

export interface Databases {
  /** The URL of a new database. */
  fresh(): Promise<string>
  stop(): Promise<void>
}

/** The PostgreSQL server of the specs, or the one that TEST_DATABASE_URL names. */
export async function startDatabases(): Promise<Databases> {
  const support = join(__dirname, '../support')
  const load = async (file: string) => (await import(join(support, file))) as { default(): Promise<void> }
  await (await load('postgres.mjs')).default()
  const { default: stop } = await load('stop-postgres.mjs')
  const server = process.env['TEST_DATABASE_URL'] ?? ''
  return {
    async fresh() {
      const name = `bench_${randomUUID().replaceAll('-', '')}`
      const client = new Client({ connectionString: server })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return Object.assign(new URL(server), { pathname: name }).href
    },
    stop,
  }
}
