import { isWritable } from '../adapters/adapter'
import type {
  ModelAdapter,
  ModelDraft,
  ModelSource,
  Refusal,
  StoredModel,
  WriteResult,
} from '../adapters/adapter'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { jsonEquals } from '../json'
import { draftOf } from './draft'
import type { NewDeployment } from './draft'
import type { Follower } from './follow'
import { mayManage } from './permissions'
import { isRow, storedRow } from './row'
import type { Row } from './row'
import type { View } from './view'

export interface WriteParts {
  readonly source: ModelSource
  readonly view: View
  readonly follower: Follower
  /** Throws while this instance may not or cannot write. */
  readonly assertWritable: () => void
  /** The next moment, as audit fields show it. */
  readonly stamp: () => string
}

export interface Writes {
  create(body: NewDeployment, caller: Caller): Promise<Row>
}

export function writesOf({ source, view, follower, assertWritable, stamp }: WriteParts): Writes {
  function adapter(): ModelAdapter {
    assertWritable()
    if (isWritable(source)) return source
    throw new ModelManagementError(
      'writes_disabled',
      `Models are kept in '${source.name}', which is read-only.`,
    )
  }

  /** Runs one write; what storage then holds is in the view before this resolves. */
  async function commit<R extends Refusal>(
    draft: ModelDraft,
    attempt: () => Promise<WriteResult<R>>,
  ): Promise<WriteResult<R>> {
    const settled = async (): Promise<WriteResult<R>> => {
      try {
        return await attempt()
      } catch (error) {
        // The connection may have broken after the commit; only storage knows.
        const model = await source.get(draft.id).catch(() => undefined)
        if (model !== undefined && isDraft(model, draft)) return { ok: true, model }
        throw unavailable(error)
      }
    }
    return follower.write(draft.id, settled, (result) => (result.ok ? result.model : 'nothing'))
  }

  return {
    async create(body, caller) {
      const { id, deployment, blocked } = draftOf(body)
      const teamId = deployment.model_info['team_id']
      mayManage(caller, 'create', typeof teamId === 'string' ? teamId : null)
      const target = adapter()
      const now = stamp()
      const by = caller.userId
      const draft = { id, deployment, blocked, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by }
      if (view.snapshot.byId.get(id)?.stored === false) throw alreadyExists(id)
      const result = await commit(draft, () => target.create(draft))
      if (!result.ok) throw alreadyExists(id)
      return rowOf(result.model, draft)
    },
  }
}

/** The row just written. Should storage hand back something odd, what was to be kept is what was kept. */
function rowOf(model: StoredModel, draft: ModelDraft): Row {
  const row = storedRow(model, '')
  if (isRow(row)) return row
  const again = storedRow({ ...draft, revision: model.revision }, '')
  if (isRow(again)) return again
  throw new ModelManagementError('storage_refused', 'Storage kept something else than it was given.')
}

function isDraft(model: StoredModel, draft: ModelDraft): boolean {
  const { revision: _, ...kept } = model
  return jsonEquals(kept, draft)
}

function alreadyExists(id: string): ModelManagementError {
  return new ModelManagementError(
    'already_exists',
    `A model with id=${id} already exists. Choose another id, or update it.`,
    {
      param: 'model_info.id',
      id,
    },
  )
}

function unavailable(cause: unknown): ModelManagementError {
  if (cause instanceof ModelManagementError && cause.code === 'closed') return cause
  return new ModelManagementError('storage_unavailable', 'The model store did not take the change.', {
    cause,
  })
}
