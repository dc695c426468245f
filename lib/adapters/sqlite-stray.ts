import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ModelManagementError } from '../errors'
import { codeOf } from '../yaml/read-files'

const ending = '-wal'

/**
 * Throws where an empty database would be used beside a `-wal` file that has lost its own: the latest writes stand in that
 * file, and what was copied or renamed without it may well be empty. SQLite itself says nothing, and deletes a log that
 * bears the name of an empty file. To be called before the file is opened for the first time.
 */
export function assertNoStrayLog(file: string): void {
  // In this order: another process that makes the database writes to the file before it writes to the log.
  const logs = logsIn(dirname(file))
  const state = stateOf(file)
  const own = logs.filter((log) => log === file + ending)
  const others = logs
    .filter((log) => log !== file + ending)
    .map((log) => ({ log, state: stateOf(log.slice(0, -ending.length)) }))
  const orphans = others.filter((other) => other.state === 'missing or empty').map(({ log }) => log)
  // All that was written to such a database may stand in its log: without it, a copy looks like this one.
  const likely = others.filter((other) => other.state !== 'in use').map(({ log }) => log)
  const orElse = 'or move it elsewhere to begin with an empty database'
  if (state === 'missing or empty' && own.length > 0)
    throw stray(file, state, own, `restore the database file that belongs to it, ${orElse}`)
  if (state === 'missing or empty' && orphans.length > 0)
    throw stray(file, state, orphans, `restore its database, and give both the same name again, ${orElse}`)
  if (state === 'without tables' && own.length === 0 && likely.length > 0)
    throw stray(
      file,
      state,
      likely,
      'a copy is complete only with its log, or made by VACUUM INTO: copy it again, or delete it to begin with an empty database',
    )
}

type State = 'missing or empty' | 'without tables' | 'in use'

/** Read from the file's first page: opening it would make a log beside it. */
function stateOf(file: string): State {
  const start = Buffer.alloc(105)
  try {
    const handle = openSync(file, 'r')
    try {
      if (readSync(handle, start) === 0) return 'missing or empty'
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    // Opening says what is wrong with a file that may not be read.
    return codeOf(error) === 'ENOENT' ? 'missing or empty' : 'in use'
  }
  const isDatabase = start.toString('latin1', 0, 15) === 'SQLite format 3'
  const hasLog = start[18] === 2
  // The first page is that of the schema: a leaf of a table, and so many cells in it.
  const hasTables = start[100] !== 13 || start.readUInt16BE(103) > 0
  return isDatabase && hasLog && !hasTables ? 'without tables' : 'in use'
}

function logsIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(ending))
    return names
      .map((name) => join(folder, name))
      .filter((log) => (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0)
  } catch {
    // Opening says what is wrong with the folder.
    return []
  }
}

function stray(file: string, state: State, logs: readonly string[], remedy: string): ModelManagementError {
  const names = logs.map((log) => basename(log)).join(', ')
  const message = `SQLite database ${file} is ${state}, but beside it is ${names} with writes of a database: ${remedy}.`
  return new ModelManagementError('storage_unavailable', message)
}
