import type { ModelRevision, ModelSource } from '../adapters/adapter'
import { inSlices } from '../time-slices'
import type { Reading } from './row'
import type { View } from './view'

/** More models than this are read as one list. */
export const oneByOne = 50

type Known = Pick<View, 'known' | 'reading' | 'snapshot'>

/** What storage says of every model. Of one that the view has in this revision nothing is read or checked again. */
export async function survey(source: ModelSource, view: Known): Promise<readonly Reading[]> {
  return (await whatIsNew(source, view)) ?? inSlices(await source.list(), view.reading)
}

/** Whether the view has this model as storage has it now, as far as storage tells without handing it over. */
export async function isKnown(source: ModelSource, view: Known, id: string): Promise<boolean> {
  if (source.revisions === undefined || view.known(id) === undefined) return false
  const told = await source.revisions([id])
  const revision = told.filter(isTold).find((one) => one.id === id)?.revision
  return revision !== undefined && revision === view.known(id)?.revision
}

/** Undefined where a list is the better way. */
async function whatIsNew(source: ModelSource, view: Known): Promise<readonly Reading[] | undefined> {
  if (source.revisions === undefined || view.snapshot.stored.length === 0) return undefined
  const revisions = await source.revisions()
  const news: (ModelRevision & { readonly at: number })[] = []
  let isOdd = false
  const shown = await inSlices(revisions, (told, at) => {
    if (!isTold(told)) {
      isOdd = true
      return undefined
    }
    const { id, revision } = told
    const read = view.known(id)
    if (read?.revision === revision) return read
    news.push({ id, revision, at })
    return undefined
  })
  // The list has the odd ones too, and they are set aside one by one.
  if (isOdd || news.length > oneByOne) return undefined
  // Many large ones at once may take longer than a driver waits; a list comes in the pieces that storage can do.
  const models = await Promise.all(news.map(({ id }) => source.get(id))).catch(() => undefined)
  if (models === undefined) return undefined
  for (const [index, { id, at, revision }] of news.entries()) {
    const model = models[index]
    // Changed again in the meantime: then it may stand elsewhere, too.
    if (model?.revision !== revision) return undefined
    shown[at] = view.reading(model, id)
  }
  return shown as Reading[]
}

/** Adapters hand back what they like. */
function isTold(told: unknown): told is ModelRevision {
  const { id, revision } = Object(told) as Partial<ModelRevision>
  return typeof id === 'string' && typeof revision === 'string'
}
