import { Socket } from 'node:net'
import { pgDriver, type PgClientLike, type PgConfig, type PgPoolLike } from './postgres-driver'
import { within } from './within'

/** What the host gave: a pool, or where to connect to. */
export type ConnectionSource =
  | { readonly pool: PgPoolLike; readonly listenUrl: string | undefined }
  | { readonly url: string; readonly listenUrl: string }

export interface Connections {
  readonly pool: PgPoolLike
  /** A connection for listening, connected. */
  dedicated(): Promise<Dedicated>
  /** Ends what was opened here; a pool passed in is the host's. */
  end(): Promise<void>
}

export interface Dedicated {
  readonly client: PgClientLike
  drop(): void
}

/** An outage is reported after these, not after the many minutes that TCP takes to give up. */
const connectMs = 5000
const answerMs = 5000
const farewellMs = 1000

/** Nothing is connected before it is used. */
export function connectionsOf(source: ConnectionSource): Connections {
  const { listenUrl } = source
  // Loaded now, so that a driver that is missing is reported at start.
  const driver = listenUrl === undefined ? undefined : pgDriver()
  const sockets = new Set<Socket>()
  const farewells = new Set<Promise<void>>()
  const { pool, endPool } =
    'pool' in source ? { pool: source.pool, endPool: undefined } : openPool(source.url)

  function configOf(connectionString: string): PgConfig {
    return {
      connectionString,
      connectionTimeoutMillis: connectMs,
      fallback_application_name: 'express-model-management',
      keepAlive: true,
      // Known here, so that those whose other side is gone can be ended without waiting for its farewell.
      stream() {
        const socket = new Socket()
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
        return socket
      },
    }
  }

  function openPool(url: string) {
    const { Pool } = pgDriver()
    const opened = new Pool({ ...configOf(url), query_timeout: answerMs, allowExitOnIdle: true })
    // Said of an idle connection that the pool has already let go of. Without a listener it would end the process.
    opened.on('error', () => {})
    // The same for one that breaks while it is being handed out: what the server sends behind its greeting meets nobody yet.
    opened.on('connect', (client) => client.on('error', () => {}))
    return { pool: opened, endPool: () => opened.end() }
  }

  return {
    pool,
    async dedicated() {
      if (driver === undefined || listenUrl === undefined) return borrow(pool)
      const client = new driver.Client(configOf(listenUrl))
      client.on('error', () => {})
      function drop(): void {
        const farewell = client.end().catch(() => {})
        farewells.add(farewell)
        void farewell.then(() => farewells.delete(farewell))
      }
      try {
        await client.connect()
      } catch (error) {
        drop()
        throw error
      }
      return { client, drop }
    },
    async end() {
      // Idle connections do not keep the process alive; somebody awaits this, so it must stay for the moment it takes.
      const staying = setTimeout(() => {}, farewellMs)
      await within(farewellMs, Promise.all([endPool?.(), ...farewells]), 'the farewell').catch(() => {})
      clearTimeout(staying)
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function borrow(pool: PgPoolLike): Promise<Dedicated> {
  const client = await pool.connect()
  client.on('error', () => {})
  // Destroyed, since a connection that listens must not go to another user of the pool.
  return { client, drop: () => client.release(true) }
}
