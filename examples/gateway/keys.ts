import { readFileSync } from 'node:fs'
import type { KeyEntry, Role } from 'express-model-management'
import { load } from 'js-yaml'
import { SetupError } from './settings'

type Fields = Readonly<Record<string, unknown>>
type Check = readonly [required: boolean, wanted: string, holds: (value: unknown) => boolean]

/** The compiler holds this list complete. */
const roles: Readonly<Record<Role, true>> = {
  proxy_admin: true,
  proxy_admin_viewer: true,
  org_admin: true,
  internal_user: true,
  internal_user_viewer: true,
  team: true,
  customer: true,
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isFlag = (value: unknown): boolean => typeof value === 'boolean'

const entryFields: Readonly<Record<string, Check>> = {
  key: [true, 'a text; put it in quotes if it is all digits', isText],
  userId: [true, 'a text', isText],
  role: [true, `one of ${Object.keys(roles).join(', ')}`, (value) => Object.hasOwn(roles, String(value))],
  models: [false, 'a list of model names', isTexts],
  teams: [false, 'a list of { id, admin?, models? }', Array.isArray],
}

const teamFields: Readonly<Record<string, Check>> = {
  id: [true, 'a text', isText],
  admin: [false, 'true or false', isFlag],
  models: [false, 'a list of model names', isTexts],
}

/**
 * The callers beside the master key's: a YAML or JSON list of `{ key, userId, role, models?, teams? }`.
 *
 * Every member is checked, since a misspelt `models` would silently let its key use everything.
 */
export function keysFrom(file: string): readonly KeyEntry[] {
  const entries = parse(file)
  if (!Array.isArray(entries))
    throw wrong(
      file,
      'it has to be a list: - { key: sk-…, userId: ann, role: internal_user, models: [gpt-4] }',
    )
  for (const [index, entry] of entries.entries()) {
    const place = `entry ${index + 1}`
    check(file, place, entry, entryFields)
    for (const [at, team] of teamsOf(entry).entries())
      check(file, `${place}, team ${at + 1}`, team, teamFields)
  }
  const keys = entries as KeyEntry[]
  const twice = keys.findIndex(({ key }, index) => keys.findIndex((other) => other.key === key) < index)
  if (twice >= 0) throw wrong(file, `entry ${twice + 1} has the key of an earlier entry: give each its own`)
  return keys
}

function parse(file: string): unknown {
  const text = contents(file)
  try {
    return load(text)
  } catch (error) {
    // Not the parser's whole message: it quotes the lines around, and those hold keys.
    const { reason, mark } = Object(error) as { reason?: string; mark?: { line: number; column: number } }
    const place = mark === undefined ? '' : ` at line ${mark.line + 1}, column ${mark.column + 1}`
    throw wrong(file, `it is neither YAML nor JSON${place}: ${reason ?? 'it cannot be parsed'}`)
  }
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw wrong(file, `${reason}; correct KEYS_FILE, or unset it to have the master key only`)
  }
}

function check(file: string, place: string, entry: unknown, fields: Readonly<Record<string, Check>>): void {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw wrong(file, `${place} has to be an object with ${Object.keys(fields).join(', ')}`)
  const unknown = Object.keys(entry).find((name) => !Object.hasOwn(fields, name))
  if (unknown !== undefined)
    throw wrong(
      file,
      `${place} has '${unknown}', which means nothing; known are ${Object.keys(fields).join(', ')}`,
    )
  for (const [name, [required, wanted, holds]] of Object.entries(fields)) {
    const value = (entry as Fields)[name]
    if (value === undefined ? required : !holds(value))
      throw wrong(file, `${place}: '${name}' has to be ${wanted}`)
  }
}

function teamsOf(entry: unknown): readonly unknown[] {
  return ((entry as Fields)['teams'] ?? []) as readonly unknown[]
}

function wrong(file: string, problem: string): SetupError {
  return new SetupError(`KEYS_FILE ${file}: ${problem}.`)
}
