import { ModelManagementError } from '../errors'
import { str } from '../yaml/python-text'
import { codeOf } from '../yaml/read-files'
import { positionOf, sourceOf } from '../yaml/tree'
import type { Scalar, Tree } from '../yaml/tree'
import { readYaml } from '../yaml/yaml-1-1'

export function gone(file: string): ModelManagementError {
  const message = `${file} is gone; put it back, or restart to begin with an empty one`
  return new ModelManagementError('storage_unavailable', message)
}

export function withoutList(file: string): ModelManagementError {
  const message = `${file} has lost its model_list; to remove every model write model_list: []`
  return new ModelManagementError('invalid_config', message)
}

/**
 * Why the text of the file keeps a model from being changed, with the line; `undefined` where nothing is known. A caller may
 * read it: where the file is kept is left out.
 */
export function findObstacle(text: string): string | undefined {
  const bare = /\r(?!\n)/.exec(text)
  if (bare !== null) {
    const { line } = positionOf({ source: sourceOf('', text), offset: bare.index })
    return `line ${line} ends in a carriage return alone; write line feeds`
  }
  const duplicate = findDuplicate(readYaml(text, ''))
  if (duplicate === undefined) return undefined
  const key = str(duplicate).slice(0, 100)
  return `the key ${key} on line ${positionOf(duplicate).line} stands in its mapping twice; remove one of the two`
}

function findDuplicate(tree: Tree | undefined): Scalar | undefined {
  if (tree?.kind === 'list') return firstOf(tree.items)
  if (tree?.kind !== 'map') return undefined
  return tree.duplicate ?? firstOf(Array.from(tree.entries.values(), ({ value }) => value))
}

function firstOf(trees: readonly Tree[]): Scalar | undefined {
  for (const tree of trees) {
    const duplicate = findDuplicate(tree)
    if (duplicate !== undefined) return duplicate
  }
  return undefined
}

/** What a person can do about it, where the reason alone does not say. */
const advice: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist; create it, or mount the volume that holds it',
  EACCES: 'this process may not read or write it, or its folder',
  EROFS: 'its file system is read-only',
  EBUSY: 'it is a mount point of its own and cannot be replaced; mount its folder instead',
  EISDIR: 'it is a folder',
  ENOSPC: 'there is no space left',
}

export function unavailable(file: string, cause: unknown): unknown {
  const message = (cause as Partial<Error> | undefined)?.message ?? String(cause)
  if (cause instanceof ModelManagementError) {
    if (cause.code !== 'invalid_config') return cause
    return new ModelManagementError(
      'storage_unavailable',
      `${message}. Until it is mended, models can be neither read nor changed.`,
      { cause },
    )
  }
  const reason = advice[codeOf(cause)] ?? message
  return new ModelManagementError('storage_unavailable', `Models file ${file} cannot be used: ${reason}.`, {
    cause,
  })
}
