import { randomUUID } from 'node:crypto'
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { ModelManagementError } from '../errors'
import { codeOf } from '../yaml/read-files'

/** A lock is held for milliseconds. One that has not changed hands for so long is held by nobody who is still at work. */
const staleMs = 5000
/** One without content: its owner died between two system calls. */
const emptyStaleMs = 500
const patienceMs = 20_000

/** Throws once somebody else has taken the lock for a stale one. */
export type AssertHeld = () => void

/**
 * Does the work while nobody else holds the lock file, in this process or another.
 *
 * A lock that a killed process left is broken: at once if this machine knows that the process is gone, else after some seconds.
 */
export async function withLock<T>(
  lock: string,
  assertWanted: () => void,
  work: (assertHeld: AssertHeld) => T | Promise<T>,
): Promise<T> {
  const token = `${process.pid} ${machine()} ${randomUUID()}`
  const watched = stalenessOf(lock)
  const deadline = performance.now() + patienceMs
  while (!taken(lock, token)) {
    if (performance.now() > deadline) throw tooLong(lock)
    watched()
    await pause(1 + Math.random() * 10)
    assertWanted()
  }
  try {
    return await work(() => {
      if (contentOf(lock) !== token) throw lost(lock)
    })
  } finally {
    if (contentOf(lock) === token) unlinkSync(lock)
  }
}

function taken(lock: string, token: string): boolean {
  let handle: number
  try {
    handle = openSync(lock, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  try {
    writeSync(handle, token)
  } catch (error) {
    // On a full disk the next one would take it for somebody's until it is stale.
    unlinkSync(lock)
    throw error
  } finally {
    closeSync(handle)
  }
  return true
}

/** Breaks the lock once what is in it belongs to nobody. Its age is measured by our own clock: others may be wrong. */
function stalenessOf(lock: string): () => void {
  let seen: string | undefined
  let since = 0
  return () => {
    const content = contentOf(lock)
    if (content !== seen) since = performance.now()
    seen = content
    if (content === undefined) return
    const age = performance.now() - since
    if (isDead(content) || age > (content === '' ? emptyStaleMs : staleMs)) breakLock(lock, content)
  }
}

/** Taken away under another name first, so that of several who find it stale only one gets it. */
function breakLock(lock: string, content: string): void {
  const aside = `${lock}.${randomUUID()}`
  try {
    // Once more, since another may have broken it and taken it in the meantime.
    if (contentOf(lock) !== content) return
    renameSync(lock, aside)
    if (contentOf(aside) !== content) giveBack(aside, lock)
    unlinkSync(aside)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** It was broken and taken by others just before, and is theirs. */
function giveBack(aside: string, lock: string): void {
  try {
    linkSync(aside, lock)
  } catch {
    // Taken once more already, or a file system without links: its owner looks before writing and will try again.
  }
}

function isDead(content: string): boolean {
  const [pid, place] = content.split(' ')
  if (place !== machine()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** Two processes with the same one see each other's process ids. Containers of one host do not. */
function machine(): string {
  let namespace = ''
  try {
    namespace = readlinkSync('/proc/self/ns/pid')
  } catch {
    // Not Linux: no such namespaces.
  }
  return `${hostname()}/${namespace}`
}

function contentOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function tooLong(lock: string): ModelManagementError {
  const seconds = patienceMs / 1000
  return new ModelManagementError(
    'storage_unavailable',
    `${lock} was held by others for ${seconds} s; try again.`,
  )
}

function lost(lock: string): ModelManagementError {
  return new ModelManagementError(
    'storage_unavailable',
    `${lock} was taken over by another process, since this one was halted for too long; try again.`,
  )
}
