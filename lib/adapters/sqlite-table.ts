import type { BatchResult, ModelDraft, ModelRevision, Refusal, StoredModel, Write } from './adapter'
import type { Placed } from './creation-order'
import type { SqliteLike, SqliteValue } from './sqlite-driver'
import { inTransaction, migrate } from './sqlite-schema'

/** The models of one open database. Every function is synchronous and throws what the driver throws. */
export interface SqliteTable {
  /** So many rows at most, -1 for all, behind the one with this number, in the order in which they came. */
  page(after: number, most: number): readonly PlacedModel[]
  /** The same, of which nothing but the revision is read. */
  revisions(after: number, most: number): readonly (ModelRevision & Placed)[]
  get(id: string): StoredModel | undefined
  revision(id: string): string | undefined
  /** All or nothing, in order. */
  batch(writes: readonly Write[]): Committed<BatchResult>
  /** In order, each by itself, whatever becomes of the others; in one transaction. */
  each(writes: readonly Write[]): Committed<readonly (StoredModel | Refusal)[]>
  settings(): string | null
  /** Tells `lastChange()` after it. */
  writeSettings(settings: string): string
  /** Differs after every change of a model or the settings, by whatever hand. */
  lastChange(): string
}

export interface PlacedModel extends Placed {
  readonly model: StoredModel
}

export interface Committed<R> {
  readonly result: R
  /** `lastChange()` just before and after; nobody else can have written in between. */
  readonly before: string
  readonly after: string
}

interface Row {
  readonly sequence: number | bigint
  readonly id: string
  readonly revision: string
  readonly deployment: string
  readonly blocked: number | bigint
  readonly createdAt: string
  readonly createdBy: string | null
  readonly updatedAt: string
  readonly updatedBy: string | null
}

type PlacedRow = Pick<Row, 'sequence' | 'createdAt' | 'id' | 'revision'>

const models = 'express_model_management_models'
const columns = `sequence, id, revision, deployment, blocked, created_at AS createdAt, created_by AS createdBy,
  updated_at AS updatedAt, updated_by AS updatedBy`
// Asked for and set in one statement. Plain question marks: better-sqlite3 takes numbered ones for names.
const matching = 'WHERE id = ? AND (? IS NULL OR revision = ?)'

export function sqliteTable(database: SqliteLike): SqliteTable {
  migrate(database)
  const behind = `FROM ${models} WHERE sequence > ? ORDER BY sequence LIMIT ?`
  const pageRows = database.prepare(`SELECT ${columns} ${behind}`)
  const pageRevisions = database.prepare(`SELECT sequence, created_at AS createdAt, id, revision ${behind}`)
  const getRow = database.prepare(`SELECT ${columns} FROM ${models} WHERE id = ?`)
  const getRevision = database.prepare(`SELECT revision FROM ${models} WHERE id = ?`)
  const insert = database.prepare(
    `INSERT INTO ${models} (deployment, blocked, created_at, created_by, updated_at, updated_by, id)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id`,
  )
  const replace = database.prepare(
    `UPDATE ${models} SET deployment = ?, blocked = ?, created_at = ?, created_by = ?, updated_at = ?, updated_by = ?
     ${matching} RETURNING id`,
  )
  const remove = database.prepare(`DELETE FROM ${models} ${matching} RETURNING ${columns}`)
  const readLast = database.prepare('SELECT CAST(last AS TEXT) AS last FROM express_model_management_changes')

  const readSettings = database.prepare('SELECT settings FROM express_model_management_settings')
  const setSettings = database.prepare(
    `INSERT INTO express_model_management_settings VALUES (1, ?)
     ON CONFLICT (only_row) DO UPDATE SET settings = excluded.settings RETURNING only_row`,
  )

  const table: SqliteTable = {
    page: (after, most) => (pageRows.all(after, most) as Row[]).map(placed),
    revision: (id) => (getRevision.all(id) as { revision: string }[])[0]?.revision,
    revisions: (after, most) => (pageRevisions.all(after, most) as PlacedRow[]).map(placedRevision),
    get(id) {
      const [row] = getRow.all(id) as Row[]
      return row && toModel(row)
    },
    batch: (writes) =>
      committed(
        () => writeAll(writes),
        ({ ok }) => ok,
      ),
    each: (writes) => committed(() => writes.map(writeOne)),
    settings() {
      return (readSettings.all() as { settings: string }[])[0]?.settings ?? null
    },
    writeSettings: (settings) => committed(() => setSettings.all(settings)).after,
    lastChange() {
      return (readLast.all() as { last: string }[])[0]?.last ?? ''
    },
  }
  return table

  function committed<R>(work: () => R, isKept: (result: R) => boolean = () => true): Committed<R> {
    return inTransaction(
      database,
      () => {
        const before = table.lastChange()
        const result = work()
        return { before, result, after: table.lastChange() }
      },
      ({ result }) => isKept(result),
    )
  }

  function writeAll(writes: readonly Write[]): BatchResult {
    const written: StoredModel[] = []
    for (const [index, write] of writes.entries()) {
      const outcome = writeOne(write)
      if (typeof outcome === 'string') return { ok: false, index, reason: outcome }
      written.push(outcome)
    }
    return { ok: true, models: written }
  }

  function writeOne(write: Write): StoredModel | Refusal {
    if (write.kind === 'create') {
      return insert.all(...values(write.draft)).length === 0 ? 'exists' : stored(write.draft.id)
    }
    const revision = write.ifRevision ?? null
    if (write.kind === 'update') {
      const rows = replace.all(...values(write.draft), revision, revision)
      return rows.length === 0 ? refusal(write.draft.id) : stored(write.draft.id)
    }
    const [row] = remove.all(write.id, revision, revision) as Row[]
    return row ? toModel(row) : refusal(write.id)
  }

  function refusal(id: string): Refusal {
    return getRow.all(id).length === 0 ? 'missing' : 'stale'
  }

  /** Read again, since RETURNING shows a row as it was before the triggers gave it its revision. */
  function stored(id: string): StoredModel {
    const [row] = getRow.all(id) as Row[]
    if (row === undefined) throw new Error('a row written in this transaction is missing')
    return toModel(row)
  }
}

/** In the order of the columns in `insert` and `replace`. */
function values(draft: ModelDraft): SqliteValue[] {
  const { deployment, blocked, createdAt, createdBy, updatedAt, updatedBy, id } = draft
  return [JSON.stringify(deployment), Number(blocked), createdAt, createdBy, updatedAt, updatedBy, id]
}

/** An object of this realm with no more than the contract's members, whatever the driver hands out. */
function toModel(row: Row): StoredModel {
  return {
    id: row.id,
    deployment: parse(row.deployment),
    blocked: Number(row.blocked) !== 0,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    revision: row.revision,
  }
}

function placed(row: Row): PlacedModel {
  return { sequence: Number(row.sequence), createdAt: row.createdAt, model: toModel(row) }
}

function placedRevision({ sequence, createdAt, id, revision }: PlacedRow): ModelRevision & Placed {
  return { sequence: Number(sequence), createdAt, id, revision }
}

/** Text that is no JSON is handed over as it is: the core sets such a row aside and says so. */
function parse(deployment: string): unknown {
  try {
    return JSON.parse(deployment) as unknown
  } catch {
    return deployment
  }
}
