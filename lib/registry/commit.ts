import type { ModelDraft, ModelSource, Refusal, StoredModel, WriteResult } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import { jsonEquals } from '../json'
import type { Logger } from '../logger'
import { faultOf } from './fault'
import type { Follower } from './follow'
import { inDoubt } from './patience'
import { isRow, storedRow } from './row'
import type { Row } from './row'
import type { View } from './view'

export type Committed<R extends Refusal> =
  | { readonly ok: true; readonly row: Row }
  | { readonly ok: false; readonly reason: R }

/** Takes one write to storage; once it is done, the view shows it. What is in doubt is looked up before it is called failed. */
export interface Committer {
  draft<R extends Refusal>(draft: ModelDraft, attempt: () => Promise<WriteResult<R>>): Promise<Committed<R>>
  removal<R extends Refusal>(
    id: string,
    attempt: () => Promise<WriteResult<R>>,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: R }>
}

export interface CommitParts {
  readonly source: ModelSource
  readonly follower: Follower
  readonly view: Pick<View, 'reading'>
  readonly logger: Logger
}

export function committer({ source, follower, view, logger }: CommitParts): Committer {
  /** What storage holds now; null when it cannot tell. */
  const lookUp = (id: string): Promise<StoredModel | undefined | null> => source.get(id).catch(() => null)

  /** What a caller is told of a write that failed. */
  function failure(cause: unknown): ModelManagementError {
    const said = cause instanceof ModelManagementError ? cause : undefined
    if (said?.code === 'closed') return said
    if (said?.code !== 'storage_refused') {
      const message =
        said?.cause === inDoubt
          ? 'The model store has not answered in time: the change may still be made. Read the model before you try again.'
          : 'The model store did not take the change.'
      return new ModelManagementError('storage_unavailable', message, { cause })
    }
    // Where it is kept is not the caller's to know, and what can be done is the operator's to do.
    logger.warn({ source: source.name, ...faultOf(cause) }, 'storage refused a change')
    const known = said.problems?.map(({ msg }) => msg).join('; ')
    const why = known === undefined ? '' : ` ${known.charAt(0).toUpperCase()}${known.slice(1)}.`
    const message = `The model store cannot take this change, and trying again does not help: the log and the status of this instance say why.${why}`
    return new ModelManagementError('storage_refused', message, { cause })
  }

  return {
    async draft(draft, attempt) {
      const result = await follower.write(
        draft.id,
        async () => {
          try {
            return withDraft(await attempt(), draft)
          } catch (error) {
            // The connection may have broken after the commit; only storage knows.
            const model = await lookUp(draft.id)
            if (model == null || !isDraft(model, draft)) throw failure(error)
            return { ok: true as const, model }
          }
        },
        (outcome) => (outcome.ok ? outcome.model : isGone(outcome) ? 'gone' : 'nothing'),
      )
      return result.ok ? { ok: true, row: rowOf(view, result.model, draft) } : result
    },

    async removal(id, attempt) {
      return follower.write(
        id,
        async () => {
          try {
            const result = await attempt()
            return result.ok ? { ok: true as const } : result
          } catch (error) {
            if ((await lookUp(id)) !== undefined) throw failure(error)
            return { ok: true as const }
          }
        },
        (outcome) => (outcome.ok || isGone(outcome) ? 'gone' : 'nothing'),
      )
    },
  }
}

/** What storage does not have is not to be shown any longer, whoever deleted it. */
function isGone({ reason }: { readonly reason: Refusal }): boolean {
  return reason === 'missing'
}

/** The row just written. Should storage hand back something odd, what was to be kept is what was kept. */
function rowOf(view: CommitParts['view'], model: StoredModel, draft: ModelDraft): Row {
  // The view has it already, unless something newer came in between.
  const read = view.reading(model, draft.id)
  if (isRow(read)) return read
  const again = storedRow({ ...draft, revision: model.revision }, '')
  if (isRow(again)) return again
  throw new ModelManagementError('storage_unavailable', 'Storage kept something else than it was given.')
}

/** What came back as it was given is the same object, so that nothing that is known of it has to be found out again. */
function withDraft<R extends Refusal>(result: WriteResult<R>, { deployment }: ModelDraft): WriteResult<R> {
  return result.ok && jsonEquals(result.model.deployment, deployment)
    ? { ok: true, model: { ...result.model, deployment } }
    : result
}

function isDraft(model: StoredModel, draft: ModelDraft): boolean {
  const { revision: _, ...kept } = model
  return jsonEquals(kept, draft)
}
