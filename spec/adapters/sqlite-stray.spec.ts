import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function open(file: string) {
  const adapter = sqliteAdapter({ file })
  ends.push(() => adapter.close())
  return adapter
}

/** A database whose one model stands in its log alone, as a gateway leaves it that was killed. */
async function killed(): Promise<{ readonly place: string; readonly file: string }> {
  const place = mkdtempSync(join(folder, 'place-'))
  const live = join(mkdtempSync(join(folder, 'live-')), 'x.db')
  await open(live).create(draft('kept'))
  const file = join(place, 'x.db')
  for (const part of ['', '-wal']) copyFileSync(live + part, file + part)
  return { place, file }
}

const told = (file: string, state: string, log: string, remedy: RegExp) => ({
  code: 'storage_unavailable',
  message: expect.stringMatching(
    new RegExp(
      `^SQLite database ${file} is ${state}, but beside it is ${log} with writes of a database: ${remedy.source}`,
    ),
  ),
})

test('a database with its log is whole', async () => {
  const { file } = await killed()
  expect(await open(file).list()).toMatchObject([{ id: 'kept' }])
})

test.each([
  ['missing', (file: string) => rmSync(file)],
  ['empty', (file: string) => writeFileSync(file, '')],
])('a log whose database is %s is told and stays', async (_, lose) => {
  const { file } = await killed()
  const log = readFileSync(`${file}-wal`)
  renameSync(file, `${file}.aside`)
  writeFileSync(file, '')
  lose(file)
  const adapter = open(file)
  await expect(adapter.init()).rejects.toMatchObject(
    told(file, 'missing or empty', 'x.db-wal', /restore the database file/),
  )
  expect(readFileSync(`${file}-wal`)).toEqual(log)
  renameSync(`${file}.aside`, file)
  expect(await adapter.list()).toMatchObject([{ id: 'kept' }])
})

test('a database that was renamed without its log is told', async () => {
  const { place, file } = await killed()
  const renamed = join(place, 'models.db')
  renameSync(file, renamed)
  await expect(open(renamed).init()).rejects.toMatchObject(
    told(renamed, 'without tables', 'x.db-wal', /a copy is complete only with its log/),
  )
  renameSync(`${file}-wal`, `${renamed}-wal`)
  expect(await open(renamed).list()).toMatchObject([{ id: 'kept' }])
})

test('a database that was copied without its log is told', async () => {
  const { place, file } = await killed()
  const copy = join(place, 'models.db')
  copyFileSync(file, copy)
  await expect(open(copy).init()).rejects.toMatchObject(
    told(copy, 'without tables', 'x.db-wal', /a copy is complete only with its log/),
  )
  rmSync(copy)
  expect(await open(copy).list()).toEqual([])
})

test('a new database beside the log of one that is not there is told, and is not made', async () => {
  const { place, file } = await killed()
  rmSync(file)
  const other = join(place, 'models.db')
  const adapter = open(other)
  await expect(adapter.init()).rejects.toMatchObject(
    told(other, 'missing or empty', 'x.db-wal', /restore its database/),
  )
  expect(existsSync(other)).toBe(false)
  rmSync(`${file}-wal`)
  await adapter.init()
})

test('a new database beside others that are in use is none of their business', async () => {
  const place = mkdtempSync(join(folder, 'place-'))
  await open(join(place, 'x.db')).create(draft('theirs'))
  expect(await open(join(place, 'models.db')).list()).toEqual([])
})
