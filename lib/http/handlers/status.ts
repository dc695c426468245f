import type { JsonValue } from '../../json'
import type { Context, Reply } from '../call'

/** GET /model_management/status: what this instance has loaded, from where, and what is wrong. */
export async function status({ registry }: Context): Promise<Reply> {
  return { status: 200, body: (await registry.freshStatus()) as unknown as JsonValue }
}

/** GET /health/liveliness, GET /health/liveness */
export function alive(): Reply {
  return { status: 200, body: "I'm alive!" }
}

/**
 * GET /health/readiness: 200 once everything was loaded, also while storage is out of reach and the last good models serve.
 * From the moment the router is closed it is 503 again, so that no more requests are sent here.
 */
export function readiness({ registry }: Context): Reply {
  const { ready, degraded, closed } = registry.health()
  if (closed || !ready)
    return {
      status: 503,
      body: { status: closed ? 'closed' : 'not ready', db: 'not connected' },
      headers: { 'Retry-After': '1' },
    }
  return {
    status: 200,
    body: { status: degraded ? 'degraded' : 'healthy', db: degraded ? 'not connected' : 'connected' },
  }
}
