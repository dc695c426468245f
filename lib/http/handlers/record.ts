import type { Row } from '../../registry/row'
import type { Call, Context, Reply } from '../call'

/** What every write answers: LiteLLM's table row, redacted, with the revision that `If-Match` takes. */
export function record({ registry }: Context, { scope }: Call, row: Row): Reply {
  return { status: 200, body: registry.presenter.record(row, scope.audience(row)), revision: row.revision }
}
