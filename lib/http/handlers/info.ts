import type { Call, Context, Reply } from '../call'
import { oneModel } from './one-model'

/** GET /model/info, GET /v1/model/info: every row the caller sees, or the one with `?litellm_model_id=`. */
export async function info({ registry }: Context, { query, scope }: Call): Promise<Reply> {
  const { litellm_model_id: id, teamId } = query as {
    readonly litellm_model_id?: string
    readonly teamId?: string
  }
  if (id === undefined) return { status: 200, ...(await registry.reads.models(scope, teamId)) }
  const row = await registry.find(id, scope)
  return oneModel(registry.presenter.bytes(row, scope.audience(row)), row.revision)
}
