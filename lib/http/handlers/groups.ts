import type { Call, Context, Reply } from '../call'

/** GET /model_group/info: what the deployments of each name can do together. */
export function groups({ registry }: Context, { scope, query }: Call): Reply {
  const { model_group: group } = query as { readonly model_group?: string }
  return { status: 200, ...registry.reads.groups(scope, group) }
}
