import { join } from 'node:path'
import { openFile, sqliteDriver } from '../../lib/adapters/sqlite-driver'
import { temporaryFolder } from '../support/temporary'

const temporary = temporaryFolder()

describe('the driver', () => {
  const Builtin = jest.fn()
  const Peer = jest.fn()
  const missing = (name: string): never => {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' })
  }

  test('is the one of Node where there is one', () => {
    expect(sqliteDriver((name) => (name === 'node:sqlite' ? { DatabaseSync: Builtin } : Peer))).toBe(Builtin)
  })

  test('is libsql otherwise', () => {
    expect(sqliteDriver((name) => (name === 'libsql' ? Peer : missing(name)))).toBe(Peer)
  })

  test('missing: the message says what to do', () => {
    expect(() => sqliteDriver(missing)).toThrow(
      expect.objectContaining({
        code: 'missing_driver',
        message: expect.stringMatching(
          /run "npm install libsql", use Node 22\.13 or later, or pass an open handle/,
        ),
        cause: expect.objectContaining({ message: "Cannot find module 'libsql'" }),
      }),
    )
  })
})

test('a file is opened so that a commit outlives a power cut and no lock blocks the process for long', () => {
  const connection = openFile(join(temporary, 'settings.db'), sqliteDriver())
  const settings = ['journal_mode', 'synchronous', 'busy_timeout'].flatMap((name) =>
    Object.values(connection.prepare(`PRAGMA ${name}`).all()[0] as object),
  )
  connection.close()
  // 2 is FULL.
  expect(settings).toEqual(['wal', 2, 5])
})
