import type { ModelSource } from '../adapters/adapter'
import { inSlices } from '../slices'
import type { Reading } from './row'
import type { View } from './view'

/** More models than this are read as one list. */
export const oneByOne = 50

type Known = Pick<View, 'known' | 'reading' | 'snapshot'>

/** What storage says of every model. Of one that the view has in this revision nothing is read or checked again. */
export async function survey(source: ModelSource, view: Known): Promise<readonly Reading[]> {
  return (await whatIsNew(source, view)) ?? inSlices(await source.list(), view.reading)
}

/** Undefined where a list is the better way. */
async function whatIsNew(source: ModelSource, view: Known): Promise<readonly Reading[] | undefined> {
  if (source.revisions === undefined || view.snapshot.stored.length === 0) return undefined
  const revisions = await source.revisions()
  const shown = await inSlices(revisions, ({ id, revision }) => {
    const read = view.known(id)
    return read?.revision === revision ? read : undefined
  })
  const news = revisions.filter((_, at) => shown[at] === undefined)
  if (news.length > oneByOne) return undefined
  const models = new Map(await Promise.all(news.map(async ({ id }) => [id, await source.get(id)] as const)))
  // Changed again in the meantime: then it may stand elsewhere, too.
  if (news.some(({ id, revision }) => models.get(id)?.revision !== revision)) return undefined
  return revisions.flatMap(({ id }, at) => {
    const model = models.get(id)
    return shown[at] ?? (model === undefined ? [] : [view.reading(model)])
  })
}
