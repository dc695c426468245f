import type { Call, Context, Reply } from '../call'

/** POST /model/delete */
export async function remove({ registry }: Context, call: Call): Promise<Reply> {
  const { id } = call.body as { readonly id: string }
  await registry.writes.delete(id, call)
  return { status: 200, body: { message: `Model: ${id} deleted successfully` } }
}
