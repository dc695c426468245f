import type { Call, Context, Reply } from '../call'

const defaultWarnDays = 30

/** GET /model/deprecations, GET /v1/model/deprecations */
export async function deprecations({ registry }: Context, { scope, query }: Call): Promise<Reply> {
  const { warn_within_days: warn, days } = query as {
    readonly warn_within_days?: number
    readonly days?: number
  }
  const warnWithinDays = warn ?? days ?? defaultWarnDays
  const body = await registry.reads.deprecations(scope, {
    warnWithinDays,
    ...(days === undefined ? {} : { days }),
  })
  return { status: 200, body }
}
