import type { JsonObject, JsonValue } from '../json'

/** LiteLLM's own shape, snake_case, exactly as on the wire and in config.yaml. Further top-level keys are kept. */
export interface Deployment {
  readonly model_name: string
  readonly litellm_params: JsonObject
  readonly model_info: JsonObject
  readonly [extra: string]: JsonValue
}

/** What the core asks an adapter to keep. Audit fields are stamped by the core, never by the adapter. */
export interface ModelDraft {
  readonly id: string
  readonly deployment: Deployment
  /** True while the deployment takes no traffic. */
  readonly blocked: boolean
  /**
   * ISO 8601 in UTC with microseconds: `2026-08-17T04:02:54.123001Z`. Sorts as text; `list()` is in this order. `''` where
   * storage does not know, as of what hands have written into a file: such a model is where `list()` puts it.
   */
  readonly createdAt: string
  readonly createdBy: string | null
  readonly updatedAt: string
  readonly updatedBy: string | null
}

/** What an adapter hands back: unchecked. The core validates each one and sets bad ones aside. */
export interface StoredModel extends Omit<ModelDraft, 'deployment'> {
  /** A `ModelManagementError` in its place says why it cannot be read; its message is shown in status. */
  readonly deployment: unknown
  /** Opaque; differs after every change of this model, by whatever hand. Compare for equality only. */
  readonly revision: string
}

/** What tells whether a model is the one that is known. */
export type ModelRevision = Pick<StoredModel, 'id' | 'revision'>

/** Why a write was not done. An expected outcome, therefore a value and not an exception. */
export type Refusal = 'exists' | 'missing' | 'stale'

export type WriteResult<R extends Refusal> =
  | { readonly ok: true; readonly model: StoredModel }
  | { readonly ok: false; readonly reason: R }

export interface WriteCondition {
  /** Write only if the stored revision is still this one; otherwise refuse as `stale`. */
  readonly ifRevision?: string | undefined
}

/** One step of a `batch`. */
export type Write =
  | { readonly kind: 'create'; readonly draft: ModelDraft }
  | ({ readonly kind: 'update'; readonly draft: ModelDraft } & WriteCondition)
  | ({ readonly kind: 'delete'; readonly id: string } & WriteCondition)

/** `index` is the position of the write that was refused; nothing of the batch was done then. */
export type BatchResult =
  | { readonly ok: true; readonly models: readonly StoredModel[] }
  | { readonly ok: false; readonly index: number; readonly reason: Refusal }

/**
 * `'all'` says "I may have missed something": sent on (re)connect and whenever ids are not known. `revisions`, where they are
 * known, are those of the ids after the change, `null` for a deleted one: whoever shows them already reads nothing.
 */
export type ChangeListener = (ids: readonly string[] | 'all', revisions?: readonly (string | null)[]) => void
export type Unwatch = () => Promise<void>
/** Called with an error when changes can no longer be heard, and with `null` once they can again. */
export type WatchFault = (error: unknown) => void

/** The read side: enough for a read-only source. An absent method means "not supported". */
export interface ModelSource {
  readonly name: string
  /** False when a restart loses everything; reported in status. */
  readonly durable: boolean
  /** The `config.yaml` that models are kept in. If it is the router's own, its `model_list` is this source's alone. */
  readonly file?: string
  /** Everything, in creation order, at one point in time. Empty is `[]`; unreachable storage rejects. */
  list(): Promise<readonly StoredModel[]>
  /** Straight from storage, not from a cache. Unknown is `undefined`. */
  get(id: string): Promise<StoredModel | undefined>
  /** Called before anything else; idempotent; if it rejects, it is called again. */
  init?(): Promise<void>
  /** Idempotent; ends only what the adapter opened. */
  close?(): Promise<void>
  /** Rejects while storage cannot be reached. */
  ping?(): Promise<void>
  /** Differs after every change of a model, by whatever hand; cheap to ask for. While it is the same nothing is listed anew. */
  version?(): Promise<string>
  /**
   * The same models as `list()`, in the same order, without what they are: cheap enough to be asked every few seconds. With ids,
   * those of them that there are, in any order.
   */
  revisions?(ids?: readonly string[]): Promise<readonly ModelRevision[]>
  /** A small JSON object that all instances share beside the models: what was set at run time. `null` until it was written. */
  readSettings?(): Promise<JsonObject | null>
  /**
   * Calls the listener after commit, for own and foreign writes; `'all'` once subscribed and after each reconnect. Tells `onFault`
   * of an interruption that lasts; status shows it.
   */
  watch?(listener: ChangeListener, onFault?: WatchFault): Promise<Unwatch>
}

/**
 * Where run-time changes are kept. `registerConformance` of `express-model-management/testing` proves an implementation.
 *
 * Refusals resolve with `{ ok: false }`. A write rejects only for what the caller could not expect: I/O, corruption, permission.
 */
export interface ModelAdapter extends ModelSource {
  /** Atomic on `id`: of two racing creates one wins. `model_name` is not unique. */
  create(draft: ModelDraft): Promise<WriteResult<'exists'>>
  /** Replaces the whole draft; merging is the core's work. Compare and set are one step. */
  update(draft: ModelDraft, condition?: WriteCondition): Promise<WriteResult<'missing' | 'stale'>>
  /** Returns what it removed. */
  delete(id: string, condition?: WriteCondition): Promise<WriteResult<'missing' | 'stale'>>
  /** Replaces the shared settings; listeners on every instance hear `'all'`. Comes with `readSettings`, or not at all. */
  writeSettings?(settings: JsonObject): Promise<void>
  /** All or nothing, in order. Absent: the core refuses bulk calls. */
  batch?(writes: readonly Write[]): Promise<BatchResult>
}

/** Whether writes are possible at all. */
export function isWritable(source: ModelSource): source is ModelAdapter {
  return 'create' in source && 'update' in source && 'delete' in source
}
