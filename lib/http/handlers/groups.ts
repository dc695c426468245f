import type { Call, Context, Reply } from '../call'

/** GET /model_group/info: what the deployments of each name can do together. */
export async function groups({ registry }: Context, { scope, query }: Call): Promise<Reply> {
  const { model_group: group } = query as { readonly model_group?: string }
  return { status: 200, ...(await registry.reads.groups(scope, group)) }
}
