import type { BatchResult, ModelDraft, Refusal, StoredModel, Write } from './adapter'
import type { SqliteLike, SqliteValue } from './sqlite-driver'
import { inTransaction, migrate } from './sqlite-schema'

/** The models of one open database. Every function is synchronous and throws what the driver throws. */
export interface SqliteTable {
  list(): StoredModel[]
  get(id: string): StoredModel | undefined
  /** All or nothing, in order. */
  write(writes: readonly Write[]): Committed
  settings(): string | null
  /** Tells `lastChange()` after it. */
  writeSettings(settings: string): string
  /** Differs after every change of a model or the settings, by whatever hand. */
  lastChange(): string
}

export interface Committed {
  readonly result: BatchResult
  /** `lastChange()` just before and after; nobody else can have written in between. */
  readonly before: string
  readonly after: string
}

interface Row {
  readonly id: string
  readonly revision: string
  readonly deployment: string
  readonly blocked: number | bigint
  readonly createdAt: string
  readonly createdBy: string | null
  readonly updatedAt: string
  readonly updatedBy: string | null
}

const models = 'express_model_management_models'
const columns = `id, revision, deployment, blocked, created_at AS createdAt, created_by AS createdBy,
  updated_at AS updatedAt, updated_by AS updatedBy`
// Asked for and set in one statement. Plain question marks: better-sqlite3 takes numbered ones for names.
const matching = 'WHERE id = ? AND (? IS NULL OR revision = ?)'

export function sqliteTable(database: SqliteLike): SqliteTable {
  migrate(database)
  const listRows = database.prepare(`SELECT ${columns} FROM ${models} ORDER BY created_at, sequence`)
  const getRow = database.prepare(`SELECT ${columns} FROM ${models} WHERE id = ?`)
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
    list() {
      return (listRows.all() as Row[]).map(toModel)
    },
    get(id) {
      const [row] = getRow.all(id) as Row[]
      return row && toModel(row)
    },
    write(writes) {
      let result: BatchResult = { ok: true, models: [] }
      let before = ''
      let after = ''
      inTransaction(database, () => {
        before = table.lastChange()
        result = writeEach(writes)
        after = table.lastChange()
        return result.ok
      })
      return { result, before, after }
    },
    settings() {
      return (readSettings.all() as { settings: string }[])[0]?.settings ?? null
    },
    writeSettings(settings) {
      let after = ''
      inTransaction(database, () => {
        setSettings.all(settings)
        after = table.lastChange()
        return true
      })
      return after
    },
    lastChange() {
      return (readLast.all() as { last: string }[])[0]?.last ?? ''
    },
  }
  return table

  function writeEach(writes: readonly Write[]): BatchResult {
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

/** Text that is no JSON is handed over as it is: the core sets such a row aside and says so. */
function parse(deployment: string): unknown {
  try {
    return JSON.parse(deployment) as unknown
  } catch {
    return deployment
  }
}
