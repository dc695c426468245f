import { sqliteAdapter } from '../../lib/adapters/sqlite'

const milliseconds = 'must be a whole number of milliseconds from 1 to 2147483647'

describe('options that cannot be', () => {
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['nothing', {}, 'file or database must be given, and only one of them'],
    [
      'both',
      { file: 'a.db', database: { exec() {}, prepare() {} } },
      'file or database must be given, and only one of them',
    ],
    ['an empty path', { file: '' }, 'file must be the path of a database file'],
    ['a path of another type', { file: 7 }, 'file must be the path of a database file'],
    [
      'memory',
      { file: ':memory:' },
      'file must be a path, not a URL or :memory:; for tests there is memoryAdapter',
    ],
    [
      'a URL',
      { file: 'libsql://example.com' },
      'file must be a path, not a URL or :memory:; for tests there is memoryAdapter',
    ],
    ['an unknown option', { path: 'a.db' }, "there is no option 'path'. Known are: file, database, pollMs"],
    ['a poll without time', { file: 'a.db', pollMs: 0 }, `pollMs ${milliseconds}`],
    ['a poll that no timer takes', { file: 'a.db', pollMs: 2 ** 31 }, `pollMs ${milliseconds}`],
    [
      'something that is no handle',
      { database: { exec() {}, prepare() {} } },
      'database must be an open SQLite handle',
    ],
  ]
  test.each(wrong)('%s', (_, options, problem) => {
    expect(() => sqliteAdapter(options as { file: string })).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: `sqliteAdapter: ${problem}.` }),
    )
  })
})
