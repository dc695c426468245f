import { readFileSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BigIntStats } from 'node:fs'
import { ModelManagementError } from '../errors'

/** Reads files and remembers which state of each one it saw, missing ones too, so that a watcher knows when to look again. */
export interface FileReader {
  read(path: string, mentionedAt?: string): string
  /** Whether there is such a file; one that comes or goes later is a change as well. */
  exists(path: string): boolean
  /** Path → what `stampOf` said before the file was read. */
  readonly stamps: ReadonlyMap<string, string>
  /** Everything that was read, for telling whether anything is new. */
  readonly contents: ReadonlyMap<string, string>
}

export function fileReader(): FileReader {
  const stamps = new Map<string, string>()
  const contents = new Map<string, string>()
  function stamp(path: string): string {
    const known = stamps.get(path) ?? stampOf(path)
    stamps.set(path, known)
    return known
  }
  return {
    stamps,
    contents,
    exists: (path) => stamp(path) !== 'ENOENT',
    read(path, mentionedAt) {
      // Before the reading: a change during it must look like a change afterwards.
      stamp(path)
      const text = decode(path, bytesOf(path, mentionedAt))
      contents.set(path, text)
      return text
    },
  }
}

/** Whether no file changed between its reading and now. */
export function isSettled({ stamps }: FileReader): boolean {
  return Array.from(stamps).every(([path, stamp]) => stampOf(path) === stamp)
}

/**
 * A text that differs whenever the file does. The resolved path is part of it: Kubernetes swaps a folder's symbolic link, and
 * the file behind the same name is then another one.
 */
export function stampOf(path: string): string {
  try {
    const real = realpathSync(path)
    return describeStat(real, statSync(real, { bigint: true }))
  } catch (error) {
    return codeOf(error)
  }
}

/** The file that symbolic links lead to. */
export function realPathOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    // Not there yet: then it is no other file either.
    return resolve(file)
  }
}

export function describeStat(realPath: string, { dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [realPath, dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
}

function bytesOf(path: string, mentionedAt: string | undefined): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const mention = mentionedAt === undefined ? '' : ` (included at ${mentionedAt})`
    const code = codeOf(error)
    const message =
      code === 'ENOENT'
        ? `Config file not found: ${path}${mention}`
        : `Config file cannot be read (${code}): ${path}${mention}`
    throw new ModelManagementError('invalid_config', message, { cause: error })
  }
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ModelManagementError('invalid_config', `${path}: the file is not UTF-8 text`)
  }
}
