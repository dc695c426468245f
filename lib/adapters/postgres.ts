import { ModelManagementError } from '../errors'
import type {
  BatchResult,
  ChangeListener,
  ModelAdapter,
  ModelDraft,
  Unwatch,
  WatchFault,
  Write,
} from './adapter'
import { changeListeners } from './change-listeners'
import { gathered } from './gathered'
import { only } from './only'
import { withOwnSecrets } from './own-secrets'
import { listen, type Listening } from './postgres-listen'
import { isListed, migrate } from './postgres-migrations'
import { postgresSecrets, resolvedPostgres, type PostgresAdapterOptions } from './postgres-options'
import {
  isMissingTable,
  isPermanentRefusal,
  isRefusal,
  missingTableReason,
  reasonOf,
} from './postgres-reasons'
import { postgresTable, type PostgresTable } from './postgres-table'
import { within } from './within'

export type { PostgresAdapterOptions } from './postgres-options'

/** For so long a subscription that failed is not tried again: each attempt takes a connection, and may take seconds. */
const deafMs = 1000

/** All that an adapter can do but to say its file and version. */
export type PostgresAdapter = Required<Omit<ModelAdapter, 'file' | 'version'>>

/** Keeps run-time changes in PostgreSQL, which any number of gateways may share. */
export function postgresAdapter(
  options: PostgresAdapterOptions & { readonly listenUrl?: string | undefined },
): PostgresAdapter
/** Without `watch()` where `listenUrl` is false. */
export function postgresAdapter(
  options: PostgresAdapterOptions,
): Omit<PostgresAdapter, 'watch'> & Partial<Pick<PostgresAdapter, 'watch'>>
export function postgresAdapter(
  options: PostgresAdapterOptions,
): Omit<PostgresAdapter, 'watch'> & Partial<Pick<PostgresAdapter, 'watch'>> {
  const { connections, isListening, place, schema, heartbeatMs } = resolvedPostgres(options)
  const table = postgresTable(connections.pool, schema)
  const listeners = changeListeners()
  const faultListeners = new Set<WatchFault>()
  let migrating: Promise<void> | undefined
  let listening: Promise<Listening> | undefined
  let deaf: { readonly until: number; readonly error: ModelManagementError } | undefined
  let closing: Promise<void> | undefined

  function assertOpen(): void {
    if (closing)
      throw new ModelManagementError('closed', `The adapter of the PostgreSQL database ${place} is closed.`)
  }

  async function failure(cause: unknown): Promise<ModelManagementError> {
    if (cause instanceof ModelManagementError) return cause
    const code = isPermanentRefusal(cause) ? 'storage_refused' : 'storage_unavailable'
    const reason = isMissingTable(cause) ? await missingTable() : reasonOf(cause, schema)
    return new ModelManagementError(code, `PostgreSQL database ${place}: ${reason}.`, { cause })
  }

  /** A restart makes tables only where the list of migrations is gone with them. */
  async function missingTable(): Promise<string> {
    const isPartial = await isListed(connections.pool, schema).catch(() => undefined)
    return missingTableReason(isPartial, schema)
  }

  /** One at a time, and a failed one is forgotten so that the next call tries again. */
  function ready(): Promise<void> {
    migrating ??= migrate(connections.pool, schema).catch((error: unknown) => {
      migrating = undefined
      throw error
    })
    return migrating
  }

  async function use<T>(work: (models: PostgresTable) => Promise<T>): Promise<T> {
    assertOpen()
    try {
      await ready()
      return await work(table)
    } catch (error) {
      assertOpen()
      throw await failure(error)
    }
  }

  function write(one: Write): Promise<BatchResult> {
    return use((models) => models.write(one))
  }

  // Models are added in numbers; what changes the same one waits for it, and would hold up the others.
  const create = gathered(
    (drafts: readonly ModelDraft[]) => use((models) => models.creates(drafts)),
    (error) => isRefusal(Object(error).cause),
  )

  function unheard(cause: unknown): ModelManagementError {
    const message = `PostgreSQL database ${place}: changes are not heard, ${reasonOf(cause, schema)}. Behind a pooler, give a direct connection as listenUrl, or listenUrl: false to do without.`
    return new ModelManagementError('storage_unavailable', message, { cause })
  }

  function tellFault(cause: unknown): void {
    for (const told of faultListeners) told(cause === null ? null : unheard(cause))
  }

  function hear(): Promise<Listening> {
    // Not by the time of day: set back by an hour, it would be an hour.
    if (deaf && performance.now() < deaf.until) return Promise.reject(deaf.error)
    listening ??= listen({
      connections,
      schema,
      heartbeatMs,
      tell: listeners.tell,
      onFault: tellFault,
    }).catch((cause: unknown) => {
      listening = undefined
      const error = unheard(cause)
      deaf = { until: performance.now() + deafMs, error }
      throw error
    })
    return listening
  }

  async function watch(listener: ChangeListener, onFault?: WatchFault): Promise<Unwatch> {
    await use(async () => {})
    // Another one's unwatch may have ended it while this one waited for it.
    for (let mine = hear(); ; mine = hear()) {
      await mine
      assertOpen()
      if (mine === listening) break
    }
    const unwatch = listeners.add(listener)
    if (onFault !== undefined) faultListeners.add(onFault)
    return async () => {
      if (onFault !== undefined) faultListeners.delete(onFault)
      await unwatch()
      if (listeners.isEmpty()) await hush()
    }
  }

  async function hush(): Promise<void> {
    const last = listening
    listening = undefined
    const current = await last?.catch(() => undefined)
    current?.stop()
  }

  async function end(): Promise<void> {
    listeners.clear()
    faultListeners.clear()
    // A first attempt to listen may be under way, and is not worth waiting for: it ends with its connection.
    await within(500, hush(), 'the end of listening').catch(() => {})
    await connections.end()
  }

  const adapter: Omit<PostgresAdapter, 'watch'> & Partial<Pick<PostgresAdapter, 'watch'>> = {
    name: 'postgres',
    durable: true,
    async init() {
      await use(async () => {})
    },
    async close() {
      closing ??= end()
      await closing
    },
    async ping() {
      await use(() => connections.pool.query('select 1'))
    },
    list() {
      return use((models) => models.list())
    },
    revisions(ids) {
      return use((models) => models.revisions(ids))
    },
    get(id) {
      return use((models) => models.get(id))
    },
    ...(isListening && { watch }),
    create,
    async update(draft, condition) {
      return only(await write({ kind: 'update', draft, ...condition }))
    },
    async delete(id, condition) {
      return only(await write({ kind: 'delete', id, ...condition }))
    },
    batch(writes) {
      return use((models) => models.batch(writes))
    },
    readSettings() {
      return use((models) => models.settings())
    },
    writeSettings(settings) {
      return use((models) => models.writeSettings(settings))
    },
  }
  return withOwnSecrets(adapter, postgresSecrets(options))
}
