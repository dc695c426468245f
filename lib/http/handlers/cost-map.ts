import { assertHours } from '../../registry/cost-map-control'
import type { Call, Context, Reply } from '../call'

/** GET /public/litellm_model_cost_map, GET /get/litellm_model_cost_map: the map itself, without any row's own prices. */
export function costMap({ registry }: Context): Reply {
  return { status: 200, ...registry.costMapBytes() }
}

/** GET /model/cost_map/source */
export function costMapSource({ registry }: Context): Reply {
  return { status: 200, body: { ...registry.status().cost_map } }
}

/** POST /reload/model_cost_map: here, and on every other instance. */
export async function reloadCostMap({ registry }: Context): Promise<Reply> {
  const count = await registry.costMapControl.reload()
  return {
    status: 200,
    body: {
      message: `Price data reloaded successfully! ${count} models updated.`,
      status: 'success',
      models_count: count,
      timestamp: now(),
    },
  }
}

/** POST /schedule/model_cost_map_reload?hours=N */
export async function scheduleReload({ registry }: Context, { query }: Call): Promise<Reply> {
  const { hours } = query as { readonly hours: number }
  assertHours(hours)
  await registry.costMapControl.schedule(hours)
  const message = `Model cost map reload scheduled for every ${hours} hours`
  return { status: 200, body: { message, status: 'success', interval_hours: hours, timestamp: now() } }
}

/** DELETE /schedule/model_cost_map_reload */
export async function cancelReload({ registry }: Context): Promise<Reply> {
  await registry.costMapControl.cancel()
  return {
    status: 200,
    body: { message: 'Model cost map reload schedule cancelled', status: 'success', timestamp: now() },
  }
}

/** GET /schedule/model_cost_map_reload/status */
export function reloadStatus({ registry }: Context): Reply {
  return { status: 200, body: { ...registry.costMapControl.status() } }
}

function now(): string {
  return new Date().toISOString()
}
