import { ModelManagementError } from '../errors'
import type { BatchResult, ModelAdapter, ModelDraft, Write } from './adapter'
import { changeListeners } from './change-listeners'
import { gathered } from './gathered'
import { only } from './only'
import { withOwnSecrets } from './own-secrets'
import { listen, type Listening } from './postgres-listen'
import { migrate } from './postgres-migrations'
import { postgresSecrets, resolvedPostgres, type PostgresAdapterOptions } from './postgres-options'
import { isRefusal, reasonOf } from './postgres-reasons'
import { postgresTable, type PostgresTable } from './postgres-table'
import { within } from './within'

export type { PostgresAdapterOptions } from './postgres-options'

/** For so long a subscription that failed is not tried again: each attempt takes a connection, and may take seconds. */
const deafMs = 1000

/** Keeps run-time changes in PostgreSQL, which any number of gateways may share. */
export function postgresAdapter(
  options: PostgresAdapterOptions,
): Required<Omit<ModelAdapter, 'file' | 'version'>> {
  const { connections, place, schema, heartbeatMs } = resolvedPostgres(options)
  const table = postgresTable(connections.pool, schema)
  const listeners = changeListeners()
  let migrating: Promise<void> | undefined
  let listening: Promise<Listening> | undefined
  let deaf: { readonly until: number; readonly error: ModelManagementError } | undefined
  let closing: Promise<void> | undefined

  function assertOpen(): void {
    if (closing)
      throw new ModelManagementError('closed', `The adapter of the PostgreSQL database ${place} is closed.`)
  }

  function unavailable(cause: unknown): unknown {
    if (cause instanceof ModelManagementError) return cause
    return new ModelManagementError(
      'storage_unavailable',
      `PostgreSQL database ${place}: ${reasonOf(cause)}.`,
      {
        cause,
      },
    )
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
      throw unavailable(error)
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

  function hear(): Promise<Listening> {
    // Not by the time of day: set back by an hour, it would be an hour.
    if (deaf && performance.now() < deaf.until) return Promise.reject(deaf.error)
    listening ??= listen({ connections, schema, heartbeatMs, tell: listeners.tell }).catch(
      (cause: unknown) => {
        listening = undefined
        const error = new ModelManagementError(
          'storage_unavailable',
          `PostgreSQL database ${place}: changes are not heard, ${reasonOf(cause)}. Behind a pooler, give a direct connection as listenUrl.`,
          { cause },
        )
        deaf = { until: performance.now() + deafMs, error }
        throw error
      },
    )
    return listening
  }

  async function hush(): Promise<void> {
    const last = listening
    listening = undefined
    const current = await last?.catch(() => undefined)
    current?.stop()
  }

  async function end(): Promise<void> {
    listeners.clear()
    // A first attempt to listen may be under way, and is not worth waiting for: it ends with its connection.
    await within(500, hush(), 'the end of listening').catch(() => {})
    await connections.end()
  }

  const adapter: Required<Omit<ModelAdapter, 'file' | 'version'>> = {
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
    async watch(listener) {
      await use(async () => {})
      // Another one's unwatch may have ended it while this one waited for it.
      for (let mine = hear(); ; mine = hear()) {
        await mine
        assertOpen()
        if (mine === listening) break
      }
      const unwatch = listeners.add(listener)
      return async () => {
        await unwatch()
        if (listeners.isEmpty()) await hush()
      }
    },
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
