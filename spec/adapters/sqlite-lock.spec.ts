import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { sqliteDriver } from '../../lib/adapters/sqlite-driver'
import { createLockQueue } from '../../lib/adapters/sqlite-lock'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let files = 0
const freshFile = () => join(folder, `${(files += 1)}.db`)

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

function handle(file: string, ...pragmas: readonly string[]) {
  const connection = new (sqliteDriver())(file)
  ends.push(() => connection.close())
  for (const pragma of pragmas) connection.exec(`PRAGMA ${pragma}`)
  return connection
}

function adapterOf(options: Parameters<typeof sqliteAdapter>[0]) {
  const adapter = sqliteAdapter({ pollMs: 10, ...options })
  ends.push(() => adapter.close())
  return adapter
}

/** So often a timer fires: the event loop goes on. */
async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) await pause(1)
}

/** Resolves with what the calls come to once the lock is released; rejects if one of them ends before. */
async function waited(calls: readonly (() => Promise<unknown>)[], release: () => void): Promise<unknown> {
  const all = Promise.all(calls.map((call) => call()))
  const held = ticks(50).then(() => 'held')
  expect(await Promise.race([all, held])).toBe('held')
  release()
  return all
}

describe('while another connection holds the lock', () => {
  test('of writing: writes wait, timers fire, and all are done after', async () => {
    const file = freshFile()
    const adapter = adapterOf({ file })
    await adapter.create(draft('one'))
    const other = handle(file)
    other.exec('BEGIN IMMEDIATE')
    const names = Array.from({ length: 20 }, (_, at) => `m${at}`)
    const writes = [
      ...names.map((id) => () => adapter.create(draft(id))),
      () => adapter.batch([{ kind: 'create', draft: draft('batch') }]),
      () => adapter.writeSettings({ a: 1 }),
    ]
    await waited(writes, () => other.exec('COMMIT'))
    expect((await adapter.list()).map(({ id }) => id).toSorted()).toEqual(
      ['one', ...names, 'batch'].toSorted(),
    )
    expect(await adapter.readSettings()).toEqual({ a: 1 })
  })

  test('of writing: reads do not wait behind writes', async () => {
    const file = freshFile()
    const adapter = adapterOf({ file })
    await adapter.create(draft('one'))
    const other = handle(file)
    other.exec('BEGIN IMMEDIATE')
    const write = adapter.create(draft('two'))
    for (let step = 0; step < 20; step += 1) {
      expect(await adapter.get('one')).toMatchObject({ id: 'one' })
      expect(await adapter.list()).toHaveLength(1)
      await adapter.version()
      await adapter.ping()
    }
    other.exec('ROLLBACK')
    expect(await write).toMatchObject({ ok: true })
  })

  test.each(['BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE'])(
    'by %s: a database is opened once it ends',
    async (begin) => {
      const file = freshFile()
      const other = handle(file)
      other.exec(begin)
      const adapter = adapterOf({ file })
      const calls = [() => adapter.init(), () => adapter.list(), () => adapter.create(draft('one'))]
      await waited(calls, () => other.exec('COMMIT'))
      expect(await adapter.list()).toHaveLength(1)
    },
  )

  test("on a handle that the host waits with: reads wait too, and the host's timeout stays", async () => {
    const file = freshFile()
    const database = handle(file, 'busy_timeout = 60000')
    const adapter = adapterOf({ database })
    await adapter.create(draft('one'))
    const other = handle(file)
    other.exec('BEGIN EXCLUSIVE')
    const calls = [
      () => adapter.get('one'),
      () => adapter.list(),
      () => adapter.version(),
      () => adapter.revisions(['one']),
      () => adapter.update(draft('one', { blocked: true })),
    ]
    await waited(calls, () => other.exec('COMMIT'))
    expect(await adapter.get('one')).toMatchObject({ blocked: true })
    expect(Object.values(database.prepare('PRAGMA busy_timeout').all()[0] as object)).toEqual([60_000])
  })

  test('to read: a commit waits for it where there is no WAL', async () => {
    const file = freshFile()
    const adapter = adapterOf({ database: handle(file) })
    await adapter.create(draft('one'))
    const other = handle(file)
    other.exec('BEGIN')
    other.prepare('SELECT id FROM express_model_management_models').all()
    await waited([() => adapter.create(draft('two'))], () => other.exec('COMMIT'))
    expect(await adapter.list()).toHaveLength(2)
  })

  test('closing ends the waiting', async () => {
    const file = freshFile()
    const adapter = adapterOf({ file })
    await adapter.init()
    handle(file).exec('BEGIN IMMEDIATE')
    const writes = [adapter.create(draft('one')), adapter.create(draft('two'))]
    const outcomes = Promise.allSettled(writes)
    await ticks(5)
    await adapter.close()
    const closed = { status: 'rejected', reason: expect.objectContaining({ code: 'closed' }) }
    expect(await outcomes).toEqual([closed, closed])
  })
})

describe('the queue', () => {
  const busy = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })

  test('tries for one caller at a time, and gives up for each when its time is over', async () => {
    const queue = createLockQueue(30)
    let running = 0
    let most = 0
    let attempts = 0
    const calls = Array.from({ length: 200 }, () =>
      queue(async () => {
        attempts += 1
        running += 1
        most = Math.max(most, running)
        await pause(0)
        running -= 1
        throw busy
      }),
    )
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason: busy })))
    // All of them tried once at the same moment, since none of them knew; then one for all.
    expect(most).toBe(200)
    expect(attempts).toBeLessThan(250)
  })

  test('keeps the order of those who wait, and an error of another kind is at once that of its caller', async () => {
    const queue = createLockQueue(60_000)
    let isLocked = true
    const done: string[] = []
    const call = (name: string) =>
      queue(async () => {
        if (isLocked) throw busy
        if (name === 'bad') throw new Error('no such table')
        done.push(name)
        return name
      })
    const first = call('first')
    await ticks(2)
    const others = ['second', 'bad', 'third'].map(call)
    isLocked = false
    expect(await Promise.allSettled([first, ...others])).toEqual([
      { status: 'fulfilled', value: 'first' },
      { status: 'fulfilled', value: 'second' },
      { status: 'rejected', reason: new Error('no such table') },
      { status: 'fulfilled', value: 'third' },
    ])
    expect(done).toEqual(['first', 'second', 'third'])
  })
})
