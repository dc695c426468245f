import type { Call, Context, Handler, Reply } from '../call'
import { record } from './record'

/** POST /model/block */
export const block: Handler = (context, call) => setBlocked(context, call, true)

/** POST /model/unblock */
export const unblock: Handler = (context, call) => setBlocked(context, call, false)

async function setBlocked(context: Context, call: Call, blocked: boolean): Promise<Reply> {
  const { model_id: id } = call.body as { readonly model_id: string }
  const row = await context.registry.writes.block(id, blocked, call)
  return record(context, call, row)
}
