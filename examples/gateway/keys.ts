import { readFileSync } from 'node:fs'
import type { KeyEntry, Role } from 'express-model-management'
import { load } from 'js-yaml'
import type { YAMLException } from 'js-yaml'
import { developmentKey } from './development-key'
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

/** What the parser says without a word of the file. */
const tellable: ReadonlySet<string> = new Set([
  'bad indentation of a mapping entry',
  'bad indentation of a sequence entry',
  'can not read a block mapping entry; a multiline key may not be an implicit key',
  'duplicated mapping key',
  'end of the stream or a document separator is expected',
  "expected ':' after a mapping key",
  'missed comma between flow collection entries',
  'unexpected end of the stream within a flow collection',
  'unexpected end of the stream within a double quoted scalar',
  'unexpected end of the stream within a single quoted scalar',
  'tab characters must not be used in indentation',
])

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
  const known = keys.findIndex(({ key }) => key.trim() === developmentKey)
  if (known >= 0)
    throw wrong(file, `entry ${known + 1} has the development key, which everybody knows: give it another`)
  return keys
}

function parse(file: string): unknown {
  const text = contents(file)
  try {
    return load(text)
  } catch (error) {
    // Nothing of the parser's message that could be from the file: it quotes lines, names and tags, and those may be keys.
    const { reason = '', mark } = Object(error) as Partial<YAMLException>
    const place = mark === undefined ? '' : ` at line ${mark.line + 1}, column ${mark.column + 1}`
    throw wrong(
      file,
      `it is neither YAML nor JSON${place}: ${tellable.has(reason) ? reason : 'it cannot be parsed'}`,
    )
  }
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    const reason = unreadable[code] ?? `it cannot be read (${code})`
    throw wrong(file, `${reason}; correct KEYS_FILE, or unset it to have the master key only`)
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ENAMETOOLONG: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
}

function check(file: string, place: string, entry: unknown, fields: Readonly<Record<string, Check>>): void {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw wrong(file, `${place} has to be an object with ${Object.keys(fields).join(', ')}`)
  // Not by its name: without the space after its colon, `key:sk-…` is one.
  const unknown = Object.keys(entry).findIndex((name) => !Object.hasOwn(fields, name))
  if (unknown >= 0) {
    const known = Object.keys(fields).join(', ')
    throw wrong(
      file,
      `${place}: its member ${unknown + 1} means nothing; known are ${known}, each with ': ' after it`,
    )
  }
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
  // Who takes the variable for the keys themselves finds them in no message.
  const isPath = !/[\n{}[\]]|\bkey:|\bsk-/.test(file)
  return new SetupError(`KEYS_FILE${isPath ? ` ${file}` : ', which has to be a path'}: ${problem}.`)
}
