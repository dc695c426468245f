import type { JsonObject } from '../json'
import { inSlices } from '../time-slices'
import type {
  BatchResult,
  ModelDraft,
  ModelRevision,
  Refusal,
  StoredModel,
  Write,
  WriteResult,
} from './adapter'
import { byCreation, type Placed } from './creation-order'
import type { PgPoolLike, PgQueryableLike } from './postgres-driver'
import { quoted } from './postgres-migrations'
import { pageOf, readPages, type PagedRow } from './postgres-pages'
import { inSnapshot, inTransaction } from './postgres-transaction'

/** The models of one schema. Every function rejects with what the driver rejects with. */
export interface PostgresTable {
  list(): Promise<StoredModel[]>
  revisions(ids?: readonly string[]): Promise<ModelRevision[]>
  get(id: string): Promise<StoredModel | undefined>
  /** Each by itself, whatever becomes of the others; in one transaction. */
  creates(drafts: readonly ModelDraft[]): Promise<WriteResult<'exists'>[]>
  /** Compare and set are one statement. */
  write(write: Write): Promise<BatchResult>
  settings(): Promise<JsonObject | null>
  writeSettings(settings: JsonObject): Promise<void>
  /** All or nothing, in order. */
  batch(writes: readonly Write[]): Promise<BatchResult>
}

interface Row {
  readonly id: string
  readonly revision: string
  readonly deployment: string
  readonly blocked: boolean
  readonly createdAt: string
  readonly createdBy: string | null
  readonly updatedAt: string
  readonly updatedBy: string | null
}

/** Of a row beside its largest columns. */
const overhead = 200

// As text, so that neither a type parser of the host nor one of the driver changes what is kept.
const columns = `id, revision::text as revision, deployment::text as deployment, blocked, created_at as "createdAt",
  created_by as "createdBy", updated_at as "updatedAt", updated_by as "updatedBy"`

export function postgresTable(pool: PgPoolLike, schema: string): PostgresTable {
  const models = `${quoted(schema)}.express_model_management_models`
  const rowPage = pageOf(models, columns, `octet_length(deployment::text) + ${overhead}`)
  const revisionPage = pageOf(
    models,
    'id, revision::text as revision, created_at as "createdAt"',
    `octet_length(id) + ${overhead}`,
  )
  const someRevisions = `select id, revision::text as revision from ${models} where id = any($1)`
  const getRow = `select ${columns} from ${models} where id = $1`
  // Ordered by id: gateways that add the same models at once wait for each other's in the same order.
  const insert = `insert into ${models} (id, deployment, blocked, created_at, created_by, updated_at, updated_by)
    select id, deployment::json, blocked, created_at, created_by, updated_at, updated_by
    from unnest($1::text[], $2::text[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality
      as drafts (id, deployment, blocked, created_at, created_by, updated_at, updated_by, place)
    order by id collate "C", place on conflict (id) do nothing returning ${columns}`
  const replace = `update ${models} set deployment = $2, blocked = $3, created_at = $4, created_by = $5, updated_at = $6,
    updated_by = $7 where id = $1 and ($8::text is null or revision::text = $8) returning ${columns}`
  const remove = `delete from ${models} where id = $1 and ($2::text is null or revision::text = $2) returning ${columns}`
  const settings = `${quoted(schema)}.express_model_management_settings`
  const getSettings = `select settings::text as settings from ${settings}`
  const setSettings = `insert into ${settings} (settings) values ($1)
    on conflict (only_row) do update set settings = excluded.settings`

  return {
    async list() {
      const rows = await inSnapshot(pool, (client) => readPages<Row & PagedRow>(client, rowPage))
      return inSlices(rows.toSorted(byCreation), toModel)
    },
    async revisions(ids) {
      if (ids !== undefined) return confirmed<ModelRevision>(someRevisions, [ids], new Set(ids).size)
      const rows = await inSnapshot(pool, (client) =>
        readPages<ModelRevision & Placed & PagedRow>(client, revisionPage),
      )
      return rows.toSorted(byCreation).map(({ id, revision }) => ({ id, revision }))
    },
    creates(drafts) {
      return inTransaction(pool, async (client) =>
        created(drafts, await ask(client, insert, columnsOf(drafts))),
      )
    },
    async get(id) {
      const [row] = await confirmed<Row>(getRow, [id], 1)
      return row && toModel(row)
    },
    async write(write) {
      // In a transaction, so that what nobody waits for any more is not done later: the lock it waits for may come free.
      const work = (client: PgQueryableLike) => writeOne(client, write)
      const outcome = await inTransaction(pool, work, (result) => typeof result !== 'string')
      return typeof outcome === 'string'
        ? { ok: false, index: 0, reason: outcome }
        : { ok: true, models: [outcome] }
    },
    async settings() {
      const [row] = await confirmed<{ settings: string }>(getSettings, [], 1)
      return row === undefined ? null : (JSON.parse(row.settings) as JsonObject)
    },
    async writeSettings(value) {
      await inTransaction(pool, (client) => client.query(setSettings, [JSON.stringify(value)]))
    },
    batch(writes) {
      const work = async (client: PgQueryableLike) => {
        // One batch at a time: two that write the same models in different order would wait for each other.
        await client.query('select pg_advisory_xact_lock(hashtext($1))', [models])
        return writeEach(client, writes)
      }
      return inTransaction(pool, work, ({ ok }) => ok)
    },
  }

  /** Rows that seem to be missing are asked for in a transaction, in which none can be hidden. */
  async function confirmed<R>(sql: string, parameters: unknown[], wanted: number): Promise<R[]> {
    const { rows } = await pool.query(sql, parameters)
    if (rows.length >= wanted) return rows as R[]
    return inSnapshot(pool, async (client) => (await client.query(sql, parameters)).rows as R[])
  }

  async function writeEach(db: PgQueryableLike, writes: readonly Write[]): Promise<BatchResult> {
    const written: StoredModel[] = []
    for (const [index, write] of writes.entries()) {
      const outcome = await writeOne(db, write)
      if (typeof outcome === 'string') return { ok: false, index, reason: outcome }
      written.push(outcome)
    }
    return { ok: true, models: written }
  }

  async function writeOne(db: PgQueryableLike, write: Write): Promise<StoredModel | Refusal> {
    const [row] = await ask(db, ...statementOf(write))
    if (row !== undefined) return toModel(row)
    if (write.kind === 'create') return 'exists'
    const id = write.kind === 'delete' ? write.id : write.draft.id
    // Without a condition nothing but its absence refuses a write, even if somebody has created it in the meantime.
    if (write.ifRevision === undefined) return 'missing'
    return (await ask(db, getRow, [id])).length === 0 ? 'missing' : 'stale'
  }

  function statementOf(write: Write): [sql: string, values: unknown[]] {
    if (write.kind === 'create') return [insert, columnsOf([write.draft])]
    if (write.kind === 'update') return [replace, [...values(write.draft), write.ifRevision ?? null]]
    return [remove, [write.id, write.ifRevision ?? null]]
  }
}

async function ask(db: PgQueryableLike, sql: string, parameters?: unknown[]): Promise<Row[]> {
  const { rows } = await db.query(sql, parameters)
  return rows as Row[]
}

/** Of several drafts with one id the first is the one that was created. */
function created(drafts: readonly ModelDraft[], rows: readonly Row[]): WriteResult<'exists'>[] {
  const left = new Map(rows.map((row) => [row.id, row] as const))
  return drafts.map(({ id }) => {
    const row = left.get(id)
    left.delete(id)
    return row === undefined ? { ok: false, reason: 'exists' } : { ok: true, model: toModel(row) }
  })
}

/** One array a column, in the order of the parameters of `insert`. */
function columnsOf(drafts: readonly ModelDraft[]): unknown[] {
  const rows = drafts.map(values)
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]))
}

/** In the order of the columns of `insert` and the parameters of `replace`. */
function values(draft: ModelDraft): unknown[] {
  const { id, deployment, blocked, createdAt, createdBy, updatedAt, updatedBy } = draft
  return [id, JSON.stringify(deployment), blocked, createdAt, createdBy, updatedAt, updatedBy]
}

/** An object with no more than the contract's members, whatever the driver hands out. */
function toModel({ deployment, ...row }: Row): StoredModel {
  return {
    id: row.id,
    deployment: JSON.parse(deployment) as unknown,
    blocked: row.blocked,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    revision: row.revision,
  }
}
