import { randomUUID } from 'node:crypto'
import { Client } from 'pg'

export interface TestDatabase {
  readonly url: string
  /** Asked from outside, as an administrator would. */
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

/** A database of its own for a spec file, dropped when the file is done. */
export function testDatabase(): TestDatabase {
  const server = process.env['TEST_DATABASE_URL'] ?? ''
  const name = `t_${randomUUID().replaceAll('-', '')}`
  const url = new URL(server)
  url.pathname = name
  let client: Client | undefined

  beforeAll(async () => {
    await once(server, `create database ${name}`)
    client = new Client({ connectionString: url.href })
    await client.connect()
  })
  afterAll(async () => {
    await client?.end()
    await once(server, `drop database ${name} with (force)`)
  })

  return {
    url: url.href,
    async query(sql, values) {
      const result = await client?.query<Record<string, unknown>>(sql, values)
      return result?.rows ?? []
    },
  }
}

async function once(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}
