import type { Patch } from '../../registry/merge'
import type { Call, Context, Reply } from '../call'
import { record } from './record'

/** POST /model/update and PATCH /model/{model_id}/update: one path, one set of rules. */
export async function update(context: Context, call: Call): Promise<Reply> {
  const row = await context.registry.writes.update(call.params['model_id'], call.body as Patch, call)
  return record(context, call, row)
}
