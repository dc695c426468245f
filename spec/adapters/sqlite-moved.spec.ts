import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { sqliteDriver } from '../../lib/adapters/sqlite-driver'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let files = 0
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function open(file = join(folder, `${(files += 1)}.db`)) {
  const adapter = sqliteAdapter({ file, pollMs: 10 })
  ends.push(() => adapter.close())
  return { adapter, file }
}

/** All that was written stands in the file itself. */
function checkpoint(file: string): void {
  const Driver = sqliteDriver()
  const connection = new Driver(file)
  ends.push(() => connection.close())
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

describe('a database file', () => {
  test('in whose place another is put: that one is read and written, and listeners hear of it', async () => {
    const { adapter, file } = open()
    const { adapter: other, file: aside } = open()
    await adapter.create(draft('before'))
    await other.create(draft('restored'))
    const version = await adapter.version()
    expect(await other.version()).not.toBe(version)
    await other.close()
    checkpoint(aside)
    let heard = (): void => {}
    const told = new Promise<void>((resolve) => (heard = resolve))
    const hints: unknown[] = []
    await adapter.watch((ids) => {
      hints.push(ids)
      if (hints.length === 2) heard()
    })
    for (const part of ['-wal', '-shm']) rmSync(file + part, { force: true })
    renameSync(aside, file)
    await told
    expect(hints).toEqual(['all', 'all'])
    expect(await adapter.create(draft('after'))).toMatchObject({ ok: true })
    const ids = async (from: ModelAdapter) => (await from.list()).map(({ id }) => id)
    expect([await ids(adapter), await ids(open(file).adapter)]).toEqual([
      ['restored', 'after'],
      ['restored', 'after'],
    ])
    expect(await adapter.version()).not.toBe(version)
  })

  test('that is gone: nothing is written to what is left of it, and no empty one takes its place', async () => {
    const { adapter, file } = open()
    await adapter.create(draft('kept'))
    renameSync(file, `${file}.aside`)
    const message = `SQLite database ${file} is gone; put it back, or restart to begin with an empty one.`
    const calls = [
      () => adapter.create(draft('new')),
      () => adapter.batch([{ kind: 'delete', id: 'kept' }]),
      () => adapter.writeSettings({}),
      () => adapter.list(),
      () => adapter.get('kept'),
      () => adapter.version(),
      () => adapter.ping(),
      () => adapter.init(),
    ]
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ code: 'storage_unavailable', message })
    expect(existsSync(file)).toBe(false)
    renameSync(`${file}.aside`, file)
    expect((await adapter.list()).map(({ id }) => id)).toEqual(['kept'])
  })
})
