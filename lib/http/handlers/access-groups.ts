import type { Members } from '../../registry/access-groups'
import type { Call, Context, Reply } from '../call'

/** POST /access_group/new */
export async function createGroup({ registry }: Context, { body, caller }: Call): Promise<Reply> {
  const { access_group: group, ...members } = body as Members & { readonly access_group: string }
  return { status: 200, body: { ...(await registry.accessGroups.create(group, members, caller)) } }
}

/** GET /access_group/list */
export async function listGroups({ registry }: Context): Promise<Reply> {
  const groups = await registry.accessGroups.list()
  return { status: 200, body: { access_groups: groups.map((group) => ({ ...group })) } }
}

/** GET /access_group/{access_group}/info */
export async function groupInfo({ registry }: Context, { params }: Call): Promise<Reply> {
  return { status: 200, body: { ...(await registry.accessGroups.get(params['access_group'] ?? '')) } }
}

/** PUT /access_group/{access_group}/update */
export async function updateGroup({ registry }: Context, { params, body, caller }: Call): Promise<Reply> {
  const change = await registry.accessGroups.update(params['access_group'] ?? '', body as Members, caller)
  return { status: 200, body: { ...change } }
}

/** DELETE /access_group/{access_group}/delete */
export async function deleteGroup({ registry }: Context, { params, caller }: Call): Promise<Reply> {
  const group = params['access_group'] ?? ''
  const updated = await registry.accessGroups.delete(group, caller)
  const message = `Access group '${group}' deleted successfully`
  return { status: 200, body: { access_group: group, models_updated: updated, message } }
}
