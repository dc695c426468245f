import type { TestApp } from './app'

interface Listed {
  readonly id: string
  readonly model_name: string
  readonly model_group: string
}

/** The path of each list with the key of the name in it. */
export const lists = [
  ['/model/info', 'model_name'],
  ['/v2/model/info?size=1000', 'model_name'],
  ['/model_group/info', 'model_group'],
  ['/v1/models', 'id'],
] as const

/** The names in a list, each once, in its order. */
export async function namesIn({ get }: TestApp, path: string, key?: string): Promise<readonly string[]> {
  const { body } = await get(path, key)
  const field = lists.find(([known]) => known.split('?')[0] === path.split('?')[0])?.[1] ?? 'id'
  return [...new Set((body.data as readonly Listed[]).map((entry) => entry[field]))]
}

/** What each of the four lists holds. */
export async function allNames(app: TestApp, key?: string): Promise<readonly (readonly string[])[]> {
  return Promise.all(lists.map(([path]) => namesIn(app, path, key)))
}

/** What each list holds: names, and of `/v2/model/info`, which has each deployment once, the names of deployments. */
export function eachList(
  names: readonly string[],
  deployments: readonly string[],
): readonly (readonly string[])[] {
  return lists.map(([path]) => (path.startsWith('/v2/') ? deployments : names))
}
