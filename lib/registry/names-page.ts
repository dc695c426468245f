import { ModelManagementError } from '../errors'

/** In whose shape the list of names is answered. @default OpenAI's */
export type NamesShape = { readonly of: 'anthropic'; readonly page: NamesPage } | { readonly of: 'codex' }

/** A page of the list as Anthropic's SDK asks for one: up to `limit` names after or before one name. */
export interface NamesPage {
  readonly limit?: number
  readonly afterId?: string
  readonly beforeId?: string
}

interface Named {
  readonly id: string
}

/** `before_id` pages backwards: the page ends where that name stands. */
export function pageOf<T extends Named>(
  entries: readonly T[],
  { limit = Infinity, afterId, beforeId }: NamesPage,
): { readonly shown: readonly T[]; readonly hasMore: boolean } {
  if (beforeId !== undefined) {
    const end = placeOf(entries, beforeId, 'before_id')
    const begin = Math.max(0, end - limit)
    return { shown: entries.slice(begin, end), hasMore: begin > 0 }
  }
  const begin = afterId === undefined ? 0 : placeOf(entries, afterId, 'after_id') + 1
  return { shown: entries.slice(begin, begin + limit), hasMore: begin + limit < entries.length }
}

function placeOf(entries: readonly Named[], name: string, param: string): number {
  const place = entries.findIndex(({ id }) => id === name)
  if (place >= 0) return place
  const message = `${param} names no model of this list. List from the beginning.`
  throw new ModelManagementError('invalid_query', message, { param })
}
