import { ModelManagementError } from '../errors'

export function busy(id: string): ModelManagementError {
  return new ModelManagementError('busy', `Model ${id} is being changed by too many at once. Try again.`, {
    id,
  })
}

export function unknown(id: string): ModelManagementError {
  return new ModelManagementError('unknown_model', `Model ${id} not found on proxy.`, { id })
}

export function stale(id: string): ModelManagementError {
  return new ModelManagementError(
    'stale_revision',
    `Model ${id} was changed since it was read. Read it again and send the change with its new ETag.`,
    { id },
  )
}

export function alreadyExists(id: string): ModelManagementError {
  return new ModelManagementError(
    'already_exists',
    `A model with id=${id} already exists. Choose another id, or update it.`,
    {
      param: 'model_info.id',
      id,
    },
  )
}
