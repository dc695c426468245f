import type { Context, Reply } from '../call'

/** GET /openapi.json */
export function openapi({ document }: Context): Reply {
  return { status: 200, ...document() }
}
