import { ModelManagementError } from '../errors'
import { codeOf } from '../yaml/read-files'

export function gone(file: string): ModelManagementError {
  const message = `${file} is gone; put it back, or restart to begin with an empty one`
  return new ModelManagementError('storage_unavailable', message)
}

export function withoutList(file: string): ModelManagementError {
  const message = `${file} has lost its model_list; to remove every model write model_list: []`
  return new ModelManagementError('invalid_config', message)
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
