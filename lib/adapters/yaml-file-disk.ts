import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ModelManagementError } from '../errors'
import { codeOf } from '../yaml/read-files'

export interface FileText {
  readonly text: string
  readonly hasByteOrderMark: boolean
}

/** `undefined` when there is no file, in a folder that is there. */
export function readText(file: string): FileText | undefined {
  const bytes = bytesOf(file)
  if (bytes === undefined) return undefined
  const hasByteOrderMark = bytes.subarray(0, 3).equals(mark)
  try {
    // Left in by the option and taken away here: only one of them is a mark.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { text: hasByteOrderMark ? text.slice(1) : text, hasByteOrderMark }
  } catch {
    throw new ModelManagementError('invalid_config', `${file}: the file is not UTF-8 text`)
  }
}

const mark = Buffer.from('\ufeff')

function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    // Throws when the folder is missing too: a volume that is not mounted is no empty store.
    statSync(dirname(targetOf(file)))
    return undefined
  }
}

/** The file that symbolic links lead to, whether or not it is there. */
export function targetOf(file: string): string {
  try {
    return realpathSync(file)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    const path = join(realpathSync(dirname(file)), basename(file))
    const link = linkOf(path)
    return link === undefined ? path : targetOf(resolve(dirname(path), link))
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // Neither a link nor anything else: the file is to be made.
    return undefined
  }
}

/**
 * Puts the text in the place of the file in one step: who reads sees the old one or the new one, also after a power cut.
 * Mode and owner stay; a new file is for its owner only.
 */
export function replaceText(
  target: string,
  { text, hasByteOrderMark }: FileText,
  assertMayReplace: () => void,
): void {
  // Always the same name, so that what a killed process left is found and removed by the next one.
  const temporary = `${target}.tmp`
  rmSync(temporary, { force: true })
  const handle = openSync(temporary, 'wx', 0o600)
  try {
    try {
      likeTarget(handle, target)
      writeFileSync(handle, hasByteOrderMark ? `\ufeff${text}` : text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    assertMayReplace()
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(target))
}

function likeTarget(handle: number, target: string): void {
  const stats = statSync(target, { throwIfNoEntry: false })
  if (stats === undefined) return
  try {
    fchownSync(handle, stats.uid, stats.gid)
  } catch (error) {
    // Only root may give a file away; the text matters more than who owns it.
    if (codeOf(error) !== 'EPERM') throw error
  }
  fchmodSync(handle, stats.mode & 0o7777)
}

/** Makes the new name last. Windows cannot open folders, and some file systems cannot sync them. */
function syncFolder(folder: string): void {
  let handle: number
  try {
    handle = openSync(folder, 'r')
  } catch {
    return
  }
  try {
    fsyncSync(handle)
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(codeOf(error))) throw error
  } finally {
    closeSync(handle)
  }
}
