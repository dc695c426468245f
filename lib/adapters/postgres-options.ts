import { ModelManagementError } from '../errors'
import { assertOptions, milliseconds } from '../options/check'
import { connectionsOf, type Connections, type ConnectionSource } from './postgres-connections'
import type { PgPoolLike } from './postgres-driver'

export interface PostgresAdapterOptions {
  /**
   * A pool of pg, instead of `url`. It is left open. Give it a `connectionTimeoutMillis` and a `query_timeout`, so that an
   * outage is noticed. Without `listenUrl`, one of its connections is taken for listening, for as long as changes are followed.
   */
  readonly pool?: PgPoolLike | undefined
  /** `postgres://user:password@host:port/database`, instead of `pool`. Needs the package `pg`. */
  readonly url?: string | undefined
  /**
   * Where to listen for changes: past a pooler such as PgBouncer, whose transaction pooling does not pass them on. `false` does
   * without: changes by other instances are found by the router's timer (`refreshMs`).
   * @default url, or a connection of the pool
   */
  readonly listenUrl?: string | false | undefined
  /**
   * Where the tables are. Made if need be; several deployments may share a database by using one schema each.
   * @default 'public'
   */
  readonly schema?: string | undefined
  /**
   * How often to ask whether the listening connection still works, in milliseconds. One that has died without a word is
   * replaced within about twice as long.
   * @default 2000
   */
  readonly heartbeatMs?: number | undefined
}

export interface PostgresParts {
  readonly connections: Connections
  readonly isListening: boolean
  /** What messages call the database. Holds no user, password or query. */
  readonly place: string
  readonly schema: string
  readonly heartbeatMs: number
}

const known = [
  'pool',
  'url',
  'listenUrl',
  'schema',
  'heartbeatMs',
] as const satisfies readonly (keyof PostgresAdapterOptions)[]

export function resolvedPostgres(options: PostgresAdapterOptions): PostgresParts {
  assertOptions(options, 'postgresAdapter', known, "{ url: 'postgres://user:password@host:5432/database' }")
  const { pool, url, listenUrl, schema = 'public', heartbeatMs = 2000 } = options
  const wanted = milliseconds(heartbeatMs)
  if (wanted !== undefined) throw invalid('heartbeatMs', `must be ${wanted}`)
  // A longer name would be cut off by the server without a word.
  if (typeof schema !== 'string' || !/^[^\0]+$/.test(schema) || Buffer.byteLength(schema) > 63) {
    throw invalid('schema', 'must be the name of a schema, of at most 63 bytes')
  }
  const isListening = listenUrl !== false
  if (isListening && listenUrl !== undefined) checkUrl('listenUrl', listenUrl)
  const connections = connectionsOf(sourceOf(pool, url, isListening ? listenUrl : undefined))
  const place = pool ? placeOfPool(pool) : placeOfUrl(url)
  return { connections, isListening, place, schema, heartbeatMs }
}

/** What the database is opened with, so that no model refers to it. */
export function postgresSecrets({ pool, url, listenUrl }: PostgresAdapterOptions): readonly string[] {
  const { connectionString, password } = Object(pool?.options) as {
    readonly connectionString?: unknown
    readonly password?: unknown
  }
  return [url, listenUrl, connectionString, password].filter((text) => typeof text === 'string')
}

function sourceOf(
  pool: PgPoolLike | undefined,
  url: string | undefined,
  listenUrl: string | undefined,
): ConnectionSource {
  if (pool === undefined && url !== undefined) {
    checkUrl('url', url)
    return { url, listenUrl: listenUrl ?? url }
  }
  if (pool === undefined || url !== undefined) {
    throw invalid('pool', 'or url must be given, and only one of them')
  }
  const { query, connect } = Object(pool) as Partial<PgPoolLike>
  if (typeof query !== 'function' || typeof connect !== 'function') {
    throw invalid('pool', 'must be a pool of pg')
  }
  return { pool, listenUrl }
}

function checkUrl(option: string, value: unknown): void {
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw invalid(option, 'must be like postgres://user:password@host:port/database')
  }
  // What comes after such a character would be taken for the host or the database, and shown in messages.
  if (parsed.hash !== '' || /@/.test(parsed.pathname + parsed.search)) {
    throw invalid(
      option,
      'has a user or password with #, ?, / or @ in it, which must be written as %23, %3F, %2F and %40',
    )
  }
}

function placeOfPool({ options = {} }: PgPoolLike): string {
  const { connectionString, host, port, database } = options
  if (connectionString !== undefined) {
    try {
      checkUrl('pool', connectionString)
      return placeOfUrl(connectionString)
    } catch {
      // Written in another way that pg knows; which parts are secret cannot be told.
      return 'of the pool'
    }
  }
  return host === undefined
    ? 'of the pool'
    : `${host}:${port ?? 5432}${database === undefined ? '' : `/${database}`}`
}

function placeOfUrl(url = ''): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  return `${hostname || searchParams.get('host') || 'localhost'}:${port || '5432'}${pathname === '/' ? '' : pathname}`
}

function invalid(option: string, problem: string): ModelManagementError {
  return new ModelManagementError('invalid_option', `postgresAdapter: ${option} ${problem}.`, {
    param: option,
  })
}
