import type { Socket } from 'node:net'
import { ModelManagementError } from '../errors'

/** What this package needs of a connection pool: `Pool` of pg fits, and so does that of @neondatabase/serverless. */
export interface PgPoolLike extends PgQueryableLike {
  connect(): Promise<PgPoolClientLike>
  readonly options?: PgPlaceLike | undefined
}

export interface PgQueryableLike {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>
}

export interface PgClientLike extends PgQueryableLike {
  on(event: 'notification', listener: (message: { readonly payload?: string | undefined }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
  unref?(): void
}

export interface PgPoolClientLike extends PgClientLike {
  release(destroy?: boolean): void
}

/** Where a pool leads, for messages. */
export interface PgPlaceLike {
  readonly connectionString?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: string | undefined
}

/** What is used of the package `pg`. */
export interface PgDriver {
  readonly Pool: new (config: PgConfig) => PgPoolLike & {
    on(event: 'error', listener: (error: Error) => void): unknown
    on(event: 'connect', listener: (client: PgClientLike) => void): unknown
    end(): Promise<void>
  }
  readonly Client: new (
    config: PgConfig,
  ) => PgClientLike & { connect(): Promise<unknown>; end(): Promise<void> }
}

export interface PgConfig {
  connectionString: string
  connectionTimeoutMillis: number
  query_timeout?: number
  fallback_application_name: string
  keepAlive: boolean
  allowExitOnIdle?: boolean
  stream: () => Socket
}

/** The optional peer `pg`. */
export function pgDriver(load: (name: string) => unknown = loadModule): PgDriver {
  try {
    return load('pg') as PgDriver
  } catch (cause) {
    throw new ModelManagementError(
      'missing_driver',
      'postgresAdapter needs the package pg for url and listenUrl: run "npm install pg", or pass a pool of your own as the ' +
        'option pool, without listenUrl.',
      { cause },
    )
  }
}

function loadModule(name: string): unknown {
  return require(name) as unknown
}
