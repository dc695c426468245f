import { tagOf } from '../../registry/revision-tag'
import type { Row } from '../../registry/row'
import type { Call, Context, Reply } from '../call'

/** What every write answers: LiteLLM's table row, redacted, with the revision that `If-Match` takes. */
export function record({ registry }: Context, { scope }: Call, row: Row): Reply {
  const body = registry.presenter.record(row, scope.audience(row))
  return { status: 200, body, revision: tagOf(row.revision) }
}
