import type { ModelAdapter, ModelDraft, StoredModel } from './adapter'
import { isProblem, type SealedModels } from './sealed-models'
import { isJsonObject } from '../json'

/** What became of the models so far. */
export interface Rotation {
  /** Sealed anew. */
  readonly rotated: number
  /** Sealed with the first key before, or written or deleted by others meanwhile. */
  readonly kept: number
  /** Ids of those that cannot be opened, or that storage holds in no form of a model: they are as they were. */
  readonly failed: readonly string[]
  readonly total: number
}

/** More than this many others' writes on one model between reading and writing it: something is wrong with storage. */
const attempts = 50

/** One by one and by compare-and-set, so that nothing written meanwhile is lost. Breaking off leaves a whole store. */
export async function rotateAll(
  adapter: ModelAdapter,
  models: SealedModels,
  progress: (rotation: Rotation) => void,
): Promise<Rotation> {
  const stored = await adapter.list()
  let rotation: Rotation = { rotated: 0, kept: 0, failed: [], total: stored.length }
  for (const model of stored) {
    const outcome = await rotateOne(adapter, models, model)
    rotation =
      outcome === 'failed'
        ? { ...rotation, failed: [...rotation.failed, String(Object(model).id)] }
        : { ...rotation, [outcome]: rotation[outcome] + 1 }
    progress(rotation)
  }
  return rotation
}

async function rotateOne(
  adapter: ModelAdapter,
  models: SealedModels,
  listed: StoredModel,
): Promise<'rotated' | 'kept' | 'failed'> {
  let model: StoredModel | undefined = listed
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (model === undefined) return 'kept'
    if (!isJsonObject(model)) return 'failed'
    const { revision, ...opened } = models.open(model)
    if (isProblem(opened.deployment) || !isJsonObject(opened.deployment)) return 'failed'
    if (models.isCurrent(model)) return 'kept'
    const result = await adapter.update(models.seal(opened as ModelDraft), { ifRevision: revision })
    if (result.ok) return 'rotated'
    model = await adapter.get(model.id)
  }
  return 'failed'
}
