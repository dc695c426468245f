import { sqliteDriver } from '../../lib/adapters/sqlite-driver'

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
