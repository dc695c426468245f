import { quoted, UnusableTables } from './postgres-migrations'

/**
 * What happened and what to do, in words for those who must act. Never the text of the server, which may name the user or
 * hold values; errors of the driver that have no code are recognised by their text.
 */
export function reasonOf(error: unknown, schema: string): string {
  if (error instanceof UnusableTables) return error.message
  const { code, message, routine } = Object(error) as Readonly<Record<string, unknown>>
  if (routine === 'check_enable_rls') return hiddenRows(schema)
  if (code === '42501') return missingRights(schema)
  const text = String(message)
  if (/^(08|28)/.test(String(code)) && wantsTls.test(text)) return unencrypted
  if (typeof code === 'string')
    return reasons[code] ?? tlsReason(code) ?? classes[code.slice(0, 2)]?.(code) ?? failedWith(code)
  return driverReasons.find(([pattern]) => pattern.test(text))?.[1] ?? broken
}

/** True when the server undid a statement for what was in it, or in the way of it: another one might be done. */
export function isRefusal(error: unknown): boolean {
  const { code } = Object(error) as { readonly code?: unknown }
  return typeof code === 'string' && /^(22|23|40|54|P0)...$/.test(code)
}

/** True when the same write will be refused again, whenever it is tried. */
export function isPermanentRefusal(error: unknown): boolean {
  return isRefusal(error) && !(error as { readonly code: string }).code.startsWith('40')
}

export function isMissingTable(error: unknown): boolean {
  return (Object(error) as { readonly code?: unknown }).code === '42P01'
}

/** `isPartial` is true where the list of migrations is still there, undefined where that is not known. */
export function missingTableReason(isPartial: boolean | undefined, schema: string): string {
  if (isPartial === undefined) return 'its tables are gone'
  return isPartial
    ? `a table in schema ${quoted(schema)} is gone, although its list of migrations says that it was made; restore it from a backup, or use another schema to begin empty`
    : `the tables in schema ${quoted(schema)} are gone; restore them from a backup, or, to begin empty, drop what is left of them and restart`
}

const broken = 'the connection broke or could not be made'
const noAnswer = 'it does not answer in time'
/** PostgreSQL itself, older releases of it, and services and poolers that speak for it. */
const wantsTls = /no encryption|SSL off|SSL (connection )?(is )?required|connection is insecure/i
const unencrypted = 'it wants TLS; add sslmode=verify-full to the URL'
const noTls =
  'TLS could not be agreed on; check that it serves TLS there, in a version that this Node.js accepts'
const untrusted =
  'its TLS certificate is not trusted; name the authority that signed it, as with sslrootcert in the URL or NODE_EXTRA_CA_CERTS'

/** Codes of Node and SQLSTATEs of PostgreSQL. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'a file or socket that its URL names must not be read by this process',
  EAI_AGAIN: 'its host name cannot be looked up now',
  ECONNREFUSED: 'nothing listens there, so the server may not be running',
  ECONNRESET: 'the connection broke',
  EHOSTUNREACH: 'its host cannot be reached',
  EMFILE: 'this process has too many files and connections open',
  ENETUNREACH: 'its host cannot be reached',
  ENOENT: 'a file or socket that its URL names (host, sslcert, sslkey, sslrootcert) is not there',
  ENOTFOUND: 'its host name is unknown',
  EPIPE: 'the connection broke',
  ETIMEDOUT: noAnswer,

  CERT_HAS_EXPIRED: 'its TLS certificate has expired; renew it',
  CERT_NOT_YET_VALID: 'its TLS certificate is not valid yet; check the clocks of both machines',
  CERT_REVOKED: 'its TLS certificate was revoked; renew it',
  EPROTO:
    'TLS could not be agreed on; check that it serves TLS there, in a version that this Node.js accepts',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its TLS certificate is for another host name; use a name that the certificate has',

  '08004': 'it refused the connection; a pooler or its connection limit may be the reason',
  '08P01':
    'it broke the protocol, or a pooler in between refused the connection; check that the port is that of PostgreSQL, and that the pooler knows this database and user',
  '0A000': 'it does not support what is needed; PostgreSQL 11 or newer is',
  '25006': 'it is read-only, as a replica is; changes and LISTEN need the primary',
  '25P03': 'it ended a transaction that was idle for longer than idle_in_transaction_session_timeout',
  '26000':
    'a prepared statement is gone; behind a pooler with transaction pooling, the pool must not prepare statements',
  '28000': 'it refused the user; see pg_hba.conf',
  '28P01': 'it refused the password',
  '3D000': 'the database does not exist; create it first',
  '3F000': 'the schema is gone; a restart makes it anew, empty',
  '40001': 'others changed the same rows at the same time; try again',
  '40P01': 'others held locks crosswise; try again',
  '42601': 'it does not understand our SQL; PostgreSQL 11 or newer is needed',
  '42703': 'a column of its tables is missing: they were altered by hand, or are not of this package',
  '42704':
    'something that its tables need is missing, as they were altered by hand, or its URL sets a parameter that it does not know',
  '42710': taken('a trigger'),
  '42723': taken('a function'),
  '42804': 'a column of its tables has another type: they were altered by hand, or are not of this package',
  '42883': 'a function that its tables need is missing: they were altered by hand',
  '42P05':
    'a prepared statement is there twice; behind a pooler with transaction pooling, the pool must not prepare statements',
  '42P07': taken('a table'),
  '53100': 'its disk is full',
  '53200': 'it is out of memory',
  '53300': 'it has no connection left; raise max_connections, or make the pools smaller',
  '55000': 'it does not accept connections now',
  '55P03':
    'somebody else holds a lock for longer than its lock_timeout; look for long transactions in pg_stat_activity',
  '57014':
    'it cancelled the statement, which took longer than its statement_timeout, or which somebody ended',
  '57P01': 'it is being shut down',
  '57P02': 'it crashed and is being restarted',
  '57P03': 'it is starting up or being shut down',
  '57P04': 'the database was dropped',
  '57P05': 'it ended a connection that was idle for longer than idle_session_timeout',
  '58030': 'it cannot read or write its disk; see its log',
  XX001: 'its data is damaged; see its log',
  XX002: 'an index is damaged; see its log, and REINDEX',
}

/** By the first two characters of an SQLSTATE. */
const classes: Readonly<Record<string, (code: string) => string>> = {
  '08': (code) => `the connection broke or could not be made (${code})`,
  '22': (code) => `a value is not one that it can keep (${code})`,
  '23': (code) => `a constraint of its tables refused it (${code}); they were altered by hand`,
  '25': (code) =>
    `its transaction is in a state that it should not be in (${code}); a pooler may mix sessions`,
  '28': (code) => `it refused the user (${code}); see pg_hba.conf`,
  '40': (code) => `it undid the transaction (${code}); try again`,
  '42': (code) => `its tables are not as this package makes them (${code})`,
  '53': (code) => `it has run out of something (${code}); see its log`,
  '54': (code) =>
    `a model is larger than it can keep (${code}): an id of some kilobytes, or a very deep value`,
  '55': (code) => `it is not in a state to do that (${code}); see its log`,
  '57': (code) => `an operator or a time-out intervened (${code}); see its log`,
  '58': (code) => `its system failed (${code}); see its log`,
  P0: () => 'a trigger of the database refused it',
  XX: (code) => `it failed inside (${code}); see its log`,
}

/** Errors of pg that have no code. */
const driverReasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/time-?out|took longer/i, noAnswer],
  [
    /does not support SSL/i,
    'it does not serve TLS, which the URL demands; switch TLS on there, or use sslmode=disable on a network that you trust',
  ],
  [
    /establishing an SSL connection/i,
    'what listens there does not speak TLS as PostgreSQL does; check the port, and what is in between',
  ],
  [/certificate/i, untrusted],
  [/password must be a string/i, 'it wants a password, and none was given'],
  [/SASL/i, 'it refused the password, or it is not the server it says it is'],
  [/after calling end/i, 'the pool that was passed in was ended by its owner'],
]

/** OpenSSL has hundreds of codes. */
function tlsReason(code: string): string | undefined {
  return tlsReasons.find(([pattern]) => pattern.test(code))?.[1]
}

const tlsReasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^ERR_OSSL_/,
    'a certificate or key that its URL names cannot be used; check sslcert, sslkey and sslrootcert',
  ],
  [
    /^ERR_SSL_.*ALERT.*(CERT|_CA$)/,
    'it does not accept the certificate of this client, or got none; see sslcert and sslkey in the URL',
  ],
  [/^ERR_SSL_/, noTls],
  [/CERT|SIGNATURE|ISSUER|^ERR_TLS/, untrusted],
]

/** Anything may be in the place of a code; only what looks like one is shown. */
function failedWith(code: string): string {
  return /^[A-Z0-9_]{1,60}$/.test(code) ? `it failed with ${code}; see its log` : 'it failed; see its log'
}

function taken(what: string): string {
  return `${what} with a name of this package is there already, but not in its list of migrations: rename or drop it, or use another schema`
}

function hiddenRows(schema: string): string {
  return `row level security hides rows of its tables from this user; give the user BYPASSRLS, or run: ${['models', 'settings', 'migrations'].map((table) => `ALTER TABLE ${named(schema, table)} DISABLE ROW LEVEL SECURITY`).join('; ')}`
}

function missingRights(schema: string): string {
  return `the user lacks a right. As the owner of the tables, run: ${grantsFor(schema).join('; ')}`
}

/** The least that the user needs when the tables are there. */
function grantsFor(schema: string): readonly string[] {
  const to = 'TO the_user'
  return [
    `GRANT USAGE ON SCHEMA ${quoted(schema)} ${to}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${named(schema, 'models')}, ${named(schema, 'settings')} ${to}`,
    `GRANT SELECT ON ${named(schema, 'migrations')} ${to}`,
    `GRANT USAGE ON SEQUENCE ${named(schema, 'revisions')} ${to}`,
  ]
}

function named(schema: string, name: string): string {
  return `${quoted(schema)}.express_model_management_${name}`
}
