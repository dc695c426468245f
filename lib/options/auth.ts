import type { IncomingMessage } from 'node:http'
import { roles, settledCaller } from '../caller'
import type { Caller, CallerTeam } from '../caller'
import { ModelManagementError } from '../errors'
import { isStorable } from '../schema/oddities'
import { checkMembers, flag, invalid, names, object, oneOf, text } from './check'
import type { Check, Checks } from './check'

/** One key of a further caller beside the master key. */
export interface KeyEntry extends Caller {
  readonly key: string
}

/** The keys that are accepted. The master key's caller is `proxy_admin` with the user id `default_user_id`. */
export interface KeyAuth {
  /** An empty one counts as none. @default the file's `general_settings.master_key`, else `LITELLM_MASTER_KEY` */
  readonly masterKey?: string | undefined
  readonly keys?: readonly KeyEntry[] | undefined
}

/**
 * Says who is calling; `null` is answered with 401. A parameter of Express's own `Request` type, of either major, fits:
 * that is what a method's looser check of parameters is used for here.
 */
export type Authenticate = {
  authenticate(request: IncomingMessage): Caller | null | Promise<Caller | null>
}['authenticate']

const list: Check = (value) => (Array.isArray(value) ? undefined : 'a list')

const authChecks: Checks<KeyAuth> = {
  masterKey: (value) => (typeof value === 'string' ? undefined : 'a string'),
  keys: list,
}
/** It is written into each model that the caller makes. */
const userId: Check = (value) =>
  text(value) ??
  (isStorable(value as string) ? undefined : 'a text without U+0000 and without half a surrogate pair')
const callerChecks: Checks<Caller> = { userId, role: oneOf(...roles), models: names, teams: list }
const keyChecks: Checks<KeyEntry> = {
  ...callerChecks,
  key: (value) => (typeof value === 'string' && value.trim() !== '' ? undefined : 'a non-empty string'),
}
const teamChecks: Checks<CallerTeam> = { id: text, admin: flag, models: names }

/** Throws `invalid_option` naming the entry by its place in the list, since whatever else is in it may be the key. */
export function checkAuth(auth: KeyAuth): void {
  checkMembers(auth, authChecks, 'auth.')
  const places = new Map<string, string>()
  if (auth.masterKey !== undefined) places.set(auth.masterKey, 'auth.masterKey')
  for (const [at, entry] of (auth.keys ?? []).entries()) {
    const place = `auth.keys[${at}]`
    const flaw = flawIn(entry, keyChecks, ['key', 'userId', 'role']) ?? flawInTeams(entry, true)
    if (flaw !== undefined) throw invalid(place + flaw.member, flaw.wanted)
    const other = places.get(entry.key)
    if (other !== undefined) throw invalid(place, `given a key of its own; it has that of ${other}`)
    places.set(entry.key, place)
  }
}

/** As it is now: what the host changes in its own objects later on changes nobody's rights here. */
export function settledAuth({ masterKey, keys = [] }: KeyAuth): KeyAuth {
  return Object.freeze({ masterKey, keys: Object.freeze(keys.map(settledCaller)) })
}

/** A copy of what the host's own function said, if it is a caller. Throws `invalid_option` otherwise. */
export function asCaller(value: unknown): Caller {
  const caller: unknown = object(value) === undefined ? settledCaller(value as Caller) : value
  const flaw = flawIn(caller, callerChecks, ['userId', 'role'], { open: true }) ?? flawInTeams(caller, false)
  if (flaw === undefined) return caller as Caller
  throw new ModelManagementError(
    'invalid_option',
    `Option 'auth' gave something that is not a caller: caller${flaw.member} must be ${flaw.wanted}.`,
    { param: 'auth' },
  )
}

interface Flaw {
  /** As `.role`; empty for the whole. */
  readonly member: string
  readonly wanted: string
}

/** What is wrong with an object. An unknown member is not named: its name may be what belongs into another's value. */
function flawIn<T>(
  value: unknown,
  checks: Checks<T>,
  required: readonly (keyof T & string)[],
  { open = false } = {},
): Flaw | undefined {
  if (typeof value !== 'object' || value === null) return { member: '', wanted: 'an object' }
  const known = Object.keys(checks)
  if (!open && Object.keys(value).some((name) => !known.includes(name)))
    return { member: '', wanted: `an object with no other members than ${known.join(', ')}` }
  for (const [name, check] of Object.entries<Check>(checks)) {
    const member: unknown = (value as Record<string, unknown>)[name]
    if (member === undefined && !required.includes(name as keyof T & string)) continue
    const wanted = check(member)
    if (wanted !== undefined) return { member: `.${name}`, wanted }
  }
  return undefined
}

function flawInTeams(caller: unknown, isClosed: boolean): Flaw | undefined {
  const { teams = [] } = caller as { readonly teams?: readonly unknown[] }
  for (const [at, team] of teams.entries()) {
    const flaw = flawIn(team, teamChecks, ['id'], { open: !isClosed })
    if (flaw !== undefined) return { member: `.teams[${at}]${flaw.member}`, wanted: flaw.wanted }
  }
  return undefined
}
