import { Client } from 'pg'
import type { PgPoolClientLike, PgPoolLike } from '../../lib/adapters/postgres-driver'

/** A pool behind transaction pooling, as PgBouncer's: each transaction goes to whichever session is next. */
export interface TransactionPool extends PgPoolLike {
  /** The channels that its sessions listen to. */
  channels(): Promise<readonly unknown[]>
  end(): Promise<void>
}

export async function transactionPool(url: string, size = 3): Promise<TransactionPool> {
  const sessions = Array.from({ length: size }, () => new Client({ connectionString: url }))
  for (const session of sessions) await session.connect()
  const idle = [...sessions]
  const waiting: ((session: Client) => void)[] = []

  function take(): Promise<Client> {
    const session = idle.shift()
    return session === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(session)
  }

  function giveBack(session: Client): void {
    const next = waiting.shift()
    if (next === undefined) idle.push(session)
    else next(session)
  }

  function client(): PgPoolClientLike {
    let held: Client | undefined
    async function query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }> {
      const session = held ?? (await take())
      if (/^begin/i.test(text)) held = session
      if (/^(commit|rollback)/i.test(text)) held = undefined
      try {
        return await session.query(text, values)
      } finally {
        if (held === undefined) giveBack(session)
      }
    }
    return {
      query,
      on: () => undefined,
      removeListener: () => undefined,
      release() {
        if (held === undefined) return
        const session = held
        held = undefined
        void session.query('rollback').then(
          () => giveBack(session),
          () => {},
        )
      },
    }
  }

  return {
    query: (text, values) => client().query(text, values),
    connect: async () => client(),
    async channels() {
      const answers = await Promise.all(
        sessions.map((session) => session.query('select pg_listening_channels() as channel')),
      )
      return answers.flatMap(({ rows }) => rows as unknown[])
    },
    async end() {
      await Promise.all(sessions.map((session) => session.end()))
    },
  }
}
