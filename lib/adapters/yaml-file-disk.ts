import { readFileSync, readlinkSync, realpathSync, renameSync, statSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
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
 * Mode and owner stay; a new file is for its owner only. `assertMayReplace` is called last of all, and throws if not.
 * The new name outlasts a power cut once `syncFolder` has resolved.
 */
export async function replaceText(
  target: string,
  { text, hasByteOrderMark }: FileText,
  assertMayReplace: () => void,
): Promise<void> {
  // Always the same name, so that what a killed process left is found and removed by the next one.
  const temporary = `${target}.tmp`
  await rm(temporary, { force: true })
  const handle = await open(temporary, 'wx', 0o600)
  try {
    try {
      await likeTarget(handle, target)
      await handle.writeFile(hasByteOrderMark ? `\ufeff${text}` : text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    assertMayReplace()
    renameSync(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function likeTarget(handle: FileHandle, target: string): Promise<void> {
  const stats = statSync(target, { throwIfNoEntry: false })
  if (stats === undefined) return
  try {
    await handle.chown(stats.uid, stats.gid)
  } catch (error) {
    // Only root may give a file away; the text matters more than who owns it.
    if (codeOf(error) !== 'EPERM') throw error
  }
  await handle.chmod(stats.mode & 0o7777)
}

/** Makes new names last. Windows cannot open folders, and some file systems cannot sync them. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  try {
    await handle?.sync()
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(codeOf(error))) throw error
  } finally {
    await handle?.close()
  }
}
