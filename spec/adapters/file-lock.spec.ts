import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../../lib/adapters/file-lock'
import { child } from '../support/child'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let locks = 0
const freshLock = () => join(folder, `${(locks += 1)}.lock`)
const wanted = () => {}

/** What a process writes into the lock while it holds it. */
async function tokenOf(pid: number | undefined): Promise<string> {
  const lock = freshLock()
  const own = await withLock(lock, wanted, () => readFileSync(lock, 'utf8'))
  return own.replace(/^\d+/, String(pid))
}

async function deadProcess(): Promise<number | undefined> {
  const ended = child('nothing.ts')
  await ended.ended()
  return ended.process.pid
}

test('the lock is there during the work and gone after it, also when the work fails', async () => {
  const lock = freshLock()
  expect(await withLock(lock, wanted, () => existsSync(lock))).toBe(true)
  expect(existsSync(lock)).toBe(false)
  const failing = withLock(lock, wanted, () => {
    throw new Error('mine')
  })
  await expect(failing).rejects.toThrow('mine')
  expect(existsSync(lock)).toBe(false)
})

test('the lock of a process that is dead is broken at once', async () => {
  const lock = freshLock()
  writeFileSync(lock, await tokenOf(await deadProcess()))
  const began = Date.now()
  expect(await withLock(lock, wanted, () => 'done')).toBe('done')
  expect(Date.now() - began).toBeLessThan(1000)
})

test('ten who find it broken do their work one by one', async () => {
  const lock = freshLock()
  writeFileSync(lock, await tokenOf(await deadProcess()))
  const work = () => withLock(lock, wanted, (assertHeld) => assertHeld())
  await Promise.all(Array.from({ length: 10 }, work))
  expect(existsSync(lock)).toBe(false)
})

test('a lock of which nothing was written is broken after a moment', async () => {
  const lock = freshLock()
  writeFileSync(lock, '')
  expect(await withLock(lock, wanted, () => 'done')).toBe('done')
})

test('the lock of a process that is alive is waited for', async () => {
  const lock = freshLock()
  const token = await tokenOf(process.ppid)
  writeFileSync(lock, token)
  let looks = 0
  const work = withLock(
    lock,
    () => {
      looks += 1
      expect(readFileSync(lock, 'utf8')).toBe(token)
      if (looks === 20) throw new Error('no longer wanted')
    },
    () => 'done',
  )
  await expect(work).rejects.toThrow('no longer wanted')
})

test('the lock of another machine, which nobody here can ask, is broken once it has not changed for seconds', async () => {
  const lock = freshLock()
  writeFileSync(lock, '1 elsewhere/ a')
  const began = Date.now()
  expect(await withLock(lock, wanted, () => 'done')).toBe('done')
  expect(Date.now() - began).toBeGreaterThan(4000)
}, 15_000)

test('who was halted for so long that the lock was taken over learns of it', async () => {
  const lock = freshLock()
  const work = withLock(lock, wanted, (assertHeld) => {
    writeFileSync(lock, 'of another')
    assertHeld()
  })
  await expect(work).rejects.toMatchObject({ code: 'storage_unavailable' })
  expect(readFileSync(lock, 'utf8')).toBe('of another')
})
