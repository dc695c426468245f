import type { NewDeployment } from '../../registry/draft'
import type { Call, Context, Reply } from '../call'
import { record } from './record'

/** POST /model/new */
export async function create(context: Context, call: Call): Promise<Reply> {
  // The route's schema has seen to the shape.
  const row = await context.registry.writes.create(call.body as NewDeployment, call)
  return record(context, call, row)
}
