import type { Call, Context, Reply } from '../call'
import { oneModel } from './one-model'

/** GET /model/info, GET /v1/model/info: every row the caller sees, or the one with `?litellm_model_id=`. */
export async function info({ registry }: Context, { query, scope }: Call): Promise<Reply> {
  const id = query['litellm_model_id']
  if (id === undefined) return { status: 200, ...registry.models(scope) }
  const row = await registry.find(id, scope)
  return oneModel(registry.presenter.bytes(row, scope.admin ? 'admin' : 'caller'), row.revision)
}
