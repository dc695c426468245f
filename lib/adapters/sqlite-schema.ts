import type { SqliteLike } from './sqlite-driver'

/**
 * In the order of their release; a released one is never changed. There is no way down.
 *
 * Revisions come from one counter for the whole table, so that a model deleted and created again never gets an old one.
 * Triggers count, not the adapter: a row that somebody edits by hand gets a new revision too, and is noticed.
 */
const migrations: readonly (readonly [name: string, sql: string])[] = [
  [
    '1-models',
    `
    CREATE TABLE express_model_management_models (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      revision TEXT NOT NULL DEFAULT '',
      deployment TEXT NOT NULL,
      blocked INTEGER NOT NULL CHECK (blocked IN (0, 1)),
      created_at TEXT NOT NULL,
      created_by TEXT,
      updated_at TEXT NOT NULL,
      updated_by TEXT
    ) STRICT;
    CREATE TABLE express_model_management_changes (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      last INTEGER NOT NULL
    ) STRICT;
    INSERT INTO express_model_management_changes VALUES (1, 0);
    CREATE TRIGGER express_model_management_inserted AFTER INSERT ON express_model_management_models
    BEGIN
      UPDATE express_model_management_changes SET last = last + 1;
      UPDATE express_model_management_models
        SET revision = (SELECT CAST(last AS TEXT) FROM express_model_management_changes)
        WHERE sequence = NEW.sequence;
    END;
    CREATE TRIGGER express_model_management_updated AFTER UPDATE ON express_model_management_models
    WHEN NEW.revision = OLD.revision
    BEGIN
      UPDATE express_model_management_changes SET last = last + 1;
      UPDATE express_model_management_models
        SET revision = (SELECT CAST(last AS TEXT) FROM express_model_management_changes)
        WHERE sequence = NEW.sequence;
    END;
    CREATE TRIGGER express_model_management_deleted AFTER DELETE ON express_model_management_models
    BEGIN
      UPDATE express_model_management_changes SET last = last + 1;
    END;
    `,
  ],
  [
    '2-settings',
    `
    CREATE TABLE express_model_management_settings (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      settings TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER express_model_management_set AFTER INSERT ON express_model_management_settings
    BEGIN
      UPDATE express_model_management_changes SET last = last + 1;
    END;
    CREATE TRIGGER express_model_management_reset AFTER UPDATE ON express_model_management_settings
    BEGIN
      UPDATE express_model_management_changes SET last = last + 1;
    END;
    `,
  ],
]

/** Safe for several processes at once, and free of locks when there is nothing to do. */
export function migrate(database: SqliteLike): void {
  if (pending(database).length === 0) return
  inTransaction(database, () => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS express_model_management_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT',
    )
    // Asked again under the lock: another process may have been faster.
    for (const [name, sql] of pending(database)) {
      database.exec(sql)
      database.exec(
        `INSERT INTO express_model_management_migrations VALUES ('${name}', strftime('%Y-%m-%dT%H:%M:%fZ'))`,
      )
    }
  })
}

/** Commits when `work` returns something to keep, otherwise leaves everything as it was. */
export function inTransaction<T>(
  database: SqliteLike,
  work: () => T,
  isKept: (result: T) => boolean = () => true,
): T {
  // IMMEDIATE takes the write lock at once; a lock taken later cannot wait and would fail as busy.
  database.exec('BEGIN IMMEDIATE')
  let committed = false
  try {
    const result = work()
    if (isKept(result)) {
      database.exec('COMMIT')
      committed = true
    }
    return result
  } finally {
    if (!committed) rollBack(database)
  }
}

function rollBack(database: SqliteLike): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite has rolled back by itself, as it does when the disk is full, and the first error says more.
  }
}

function pending(database: SqliteLike): readonly (readonly [name: string, sql: string])[] {
  const table = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'express_model_management_migrations'",
    )
    .all()
  if (table.length === 0) return migrations
  const rows = database.prepare('SELECT name FROM express_model_management_migrations').all()
  const applied = new Set((rows as { name: string }[]).map(({ name }) => name))
  return migrations.filter(([name]) => !applied.has(name))
}
