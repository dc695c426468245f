import type { PgPoolLike, PgQueryableLike } from './postgres-driver'
import { inTransaction } from './postgres-transaction'

/**
 * In the order of their release; a released one is never changed. There is no way down. Names without a schema are found
 * in the adapter's own one.
 *
 * Triggers count and tell, not the adapter: a row that somebody edits by hand gets a new revision too, and is noticed.
 * Revisions come from one sequence for the whole table, so that a model deleted and created again never gets an old one.
 * `json` and not `jsonb`, which would sort the keys.
 */
const migrations: readonly (readonly [name: string, sql: string])[] = [
  [
    '1-models',
    `
    create sequence express_model_management_revisions;
    create table express_model_management_models (
      sequence bigint generated always as identity primary key,
      id text collate "C" not null unique,
      revision bigint not null,
      deployment json not null,
      blocked boolean not null,
      created_at text collate "C" not null,
      created_by text,
      updated_at text collate "C" not null,
      updated_by text
    );
    alter sequence express_model_management_revisions owned by express_model_management_models.revision;

    create function express_model_management_revise() returns trigger language plpgsql as $$
    begin
      new.revision := nextval(format('%I.express_model_management_revisions', tg_table_schema));
      return new;
    end $$;
    create trigger revise before insert or update on express_model_management_models
      for each row execute function express_model_management_revise();

    create function express_model_management_tell_all() returns trigger language plpgsql as $$
    begin
      perform pg_notify('express_model_management', json_build_object('schema', tg_table_schema)::text);
      return null;
    end $$;
    create function express_model_management_tell() returns trigger language plpgsql as $$
    declare
      note text;
    begin
      select json_build_object('schema', tg_table_schema, 'ids', json_agg(id))::text into note
        from changed having count(*) > 0;
      -- The server takes less than 8000 bytes; without ids it means everything.
      if octet_length(note) > 7999 then
        note := json_build_object('schema', tg_table_schema)::text;
      end if;
      if note is not null then
        perform pg_notify('express_model_management', note);
      end if;
      return null;
    end $$;
    create trigger tell_inserted after insert on express_model_management_models
      referencing new table as changed for each statement execute function express_model_management_tell();
    create trigger tell_updated after update on express_model_management_models
      referencing new table as changed for each statement execute function express_model_management_tell();
    -- The server sends equal notes of one transaction once; they differ when somebody changes an id by hand.
    create trigger tell_replaced after update on express_model_management_models
      referencing old table as changed for each statement execute function express_model_management_tell();
    create trigger tell_deleted after delete on express_model_management_models
      referencing old table as changed for each statement execute function express_model_management_tell();
    create trigger tell_truncated after truncate on express_model_management_models
      for each statement execute function express_model_management_tell_all();
    `,
  ],
  [
    '2-settings',
    `
    create table express_model_management_settings (
      only_row boolean primary key default true check (only_row),
      settings json not null
    );
    create trigger tell_changed after insert or update or delete or truncate on express_model_management_settings
      for each statement execute function express_model_management_tell_all();
    `,
  ],
  [
    '3-revisions-in-notes',
    `
    create or replace function express_model_management_tell() returns trigger language plpgsql as $$
    declare
      note text;
    begin
      select json_build_object('schema', tg_table_schema, 'ids', json_agg(id), 'revisions',
          json_agg(case when tg_op = 'DELETE' then null else revision::text end))::text into note
        from changed having count(*) > 0;
      if octet_length(note) > 7999 then
        note := json_build_object('schema', tg_table_schema)::text;
      end if;
      if note is not null then
        perform pg_notify('express_model_management', note);
      end if;
      return null;
    end $$;
    -- Somebody may change an id by hand: then the old one is gone.
    drop trigger tell_replaced on express_model_management_models;
    create function express_model_management_tell_replaced() returns trigger language plpgsql as $$
    declare
      note text;
    begin
      select json_build_object('schema', tg_table_schema, 'ids', json_agg(id), 'revisions', json_agg(null::text))::text into note
        from replaced where id not in (select id from changed) having count(*) > 0;
      if octet_length(note) > 7999 then
        note := json_build_object('schema', tg_table_schema)::text;
      end if;
      if note is not null then
        perform pg_notify('express_model_management', note);
      end if;
      return null;
    end $$;
    create trigger tell_replaced after update on express_model_management_models
      referencing old table as replaced new table as changed
      for each statement execute function express_model_management_tell_replaced();
    `,
  ],
]

/** A reason that the tables cannot be used, in words that may be shown. */
export class UnusableTables extends Error {}

/** Safe for several processes at once. Takes no lock and needs no right but to read when there is nothing to do. */
export async function migrate(pool: PgPoolLike, schema: string): Promise<void> {
  if ((await pending(pool, schema)).length === 0) return
  await inTransaction(pool, async (client) => {
    // Without it, even "create table if not exists" fails for all but one of those who start together.
    await client.query("select pg_advisory_xact_lock(hashtext('express_model_management'))")
    // Asked again under the lock: another process may have been faster.
    const missing = await pending(client, schema)
    if (missing.length === 0) return
    await run(client, schema, missing).catch((error: unknown) => {
      throw isForbidden(error) ? forbidden(schema, missing, error) : error
    })
  })
}

async function run(client: PgQueryableLike, schema: string, missing: typeof migrations): Promise<void> {
  if (!(await schemaExists(client, schema))) await client.query(`create schema ${quoted(schema)}`)
  await client.query(`set local search_path to ${quoted(schema)}`)
  await client.query(
    `create table if not exists express_model_management_migrations (
       name text primary key, applied_at timestamptz not null default now())`,
  )
  for (const [name, sql] of missing) {
    await client.query(sql)
    await client.query('insert into express_model_management_migrations (name) values ($1)', [name])
  }
}

/** An identifier as SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Whether the tables were made here once, and the list of migrations is still there. */
export async function isListed(db: PgQueryableLike, schema: string): Promise<boolean> {
  // Not by to_regclass(), whose cache does not yet know of a table that was made while this session waited for the lock.
  const { rows } = await db.query(
    `select from pg_class where relname = 'express_model_management_migrations'
       and relnamespace = (select oid from pg_namespace where nspname = $1)`,
    [schema],
  )
  return rows.length > 0
}

async function pending(db: PgQueryableLike, schema: string): Promise<typeof migrations> {
  if (!(await isListed(db, schema))) return migrations
  const { rows } = await db.query(`select name from ${tableOf(schema)}`)
  const applied = new Set((rows as { name: string }[]).map(({ name }) => name))
  const newer = [...applied].filter((name) => !migrations.some(([known]) => known === name))
  if (newer.length > 0) throw tooNew(schema)
  return migrations.filter(([name]) => !applied.has(name))
}

function tableOf(schema: string): string {
  return `${quoted(schema)}.express_model_management_migrations`
}

function isForbidden(error: unknown): boolean {
  return (Object(error) as { readonly code?: unknown }).code === '42501'
}

function forbidden(schema: string, missing: typeof migrations, cause: unknown): Error {
  const name = quoted(schema)
  const message =
    missing.length < migrations.length
      ? `this release changes the tables in schema ${name}, which only their owner may do; start it once as their owner`
      : `the user may not make the tables. As an administrator run: CREATE SCHEMA IF NOT EXISTS ${name}; GRANT USAGE, CREATE ON SCHEMA ${name} TO the_user; or start once as a user who may`
  return new UnusableTables(message, { cause })
}

/** An older release would write rows that the newer one does not expect. */
function tooNew(schema: string): Error {
  return new UnusableTables(
    `the tables in schema ${quoted(schema)} are those of a newer release of express-model-management; update it here as well, or restore a backup from before`,
  )
}

/** Asked before, since "create schema if not exists" wants the right to create one even where there is nothing to do. */
async function schemaExists(db: PgQueryableLike, schema: string): Promise<boolean> {
  const { rows } = await db.query('select from pg_namespace where nspname = $1', [schema])
  return rows.length > 0
}
