/** What happened, in words for those who must act. Never the text of the server, which may name the user or hold values. */
export function reasonOf(error: unknown): string {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string') return reasons[code] ?? `it failed with ${code}`
  if (/time-?out|took longer/i.test(String(message))) return 'it does not answer in time'
  return 'the connection broke or could not be made'
}

/** Codes of Node and SQLSTATEs of PostgreSQL. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there, so the server may not be running',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name cannot be looked up now',
  ETIMEDOUT: 'it does not answer in time',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its host cannot be reached',
  '25006': 'it is read-only, as a replica is; changes and LISTEN need the primary',
  '28000': 'it refused the user; see pg_hba.conf',
  '28P01': 'it refused the password',
  '3D000': 'the database does not exist; create it first',
  '42501':
    'the user lacks a right: it needs USAGE on the schema and SELECT, INSERT, UPDATE and DELETE on its tables, and CREATE for the first start',
  '42P01': 'its tables are gone; a restart makes them anew, empty',
  '53100': 'its disk is full',
  '53300': 'it has no connection left',
  '55000': 'it does not accept connections now',
  '57014': 'it cancelled the statement, which took too long',
  '57P01': 'it is being shut down',
  '57P02': 'it crashed and is being restarted',
  '57P03': 'it is starting up or being shut down',
}

/** True when the server undid a statement for what was in it, or in the way of it: another one might be done. */
export function isRefusal(error: unknown): boolean {
  const { code } = Object(error) as { readonly code?: unknown }
  return typeof code === 'string' && /^(22|23|40|P0)...$/.test(code)
}
