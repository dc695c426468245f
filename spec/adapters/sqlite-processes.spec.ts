import { join } from 'node:path'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { child } from '../support/child'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

test('a killed writer loses no acknowledged write and leaves no lock', async () => {
  const file = join(folder, 'killed.db')
  const acknowledged: string[] = []
  for (let round = 1; round <= 10; round += 1) {
    const writer = child('sqlite-writer.ts', file, `round ${round}`)
    await writer.atLeast(5 * round)
    writer.process.kill('SIGKILL')
    expect(await writer.ended()).toMatchObject({ signal: 'SIGKILL' })
    acknowledged.push(...writer.lines)

    const adapter = sqliteAdapter({ file })
    const began = Date.now()
    expect(await adapter.create(draft(`after round ${round}`))).toMatchObject({ ok: true })
    // A lock left behind would be waited for until the busy timeout of 5 s.
    expect(Date.now() - began).toBeLessThan(4000)
    const ids = new Set((await adapter.list()).map(({ id }) => id))
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
    await adapter.close()
  }
}, 60_000)

test('several processes make the database and write at the same time', async () => {
  const file = join(folder, 'together.db')
  const writers = ['a', 'b', 'c', 'd'].map((prefix) => child('sqlite-writer.ts', file, prefix, '50'))
  for (const writer of writers)
    expect(await writer.ended()).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Error') })
  const adapter = sqliteAdapter({ file })
  const list = await adapter.list()
  await adapter.close()
  expect(list).toHaveLength(200)
  expect(new Set(list.map(({ revision }) => revision)).size).toBe(200)
  for (const writer of writers)
    expect(list.map(({ id }) => id)).toEqual(expect.arrayContaining([...writer.lines]))
}, 60_000)

test('a listener hears of what another process writes', async () => {
  const file = join(folder, 'heard.db')
  const adapter = sqliteAdapter({ file, pollMs: 10 })
  let heard = (): void => {}
  const told = new Promise<void>((resolve) => (heard = resolve))
  await adapter.watch(() => {
    void adapter.get('other-2').then((model) => model && heard())
  })
  const writer = child('sqlite-writer.ts', file, 'other', '3')
  await told
  expect(await writer.ended()).toMatchObject({ code: 0 })
  await adapter.close()
}, 30_000)
