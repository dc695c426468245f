import { describePlace, member } from '../yaml/tree'
import type { MapTree, Scalar, Tree } from '../yaml/tree'
import { intendedKey } from './known-keys'
import type { Section } from './known-keys'

/** A key that LiteLLM does not know and that one letter or two make into one that it knows. */
export interface Misspelling {
  readonly key: Scalar & { readonly kind: 'string' }
  readonly path: string
  readonly intended: string
}

/** Misspelled keys of a config file with what was probably meant, each with its place. Further keys are legitimate and not told of. */
export function findMisspellings(root: MapTree): readonly string[] {
  const settings = ['general_settings', 'router_settings', 'litellm_settings'] as const
  const models = member(root, 'model_list')
  const entries = models?.kind === 'list' ? models.items : []
  return [
    ...misspelledIn(root, 'sections'),
    ...settings.flatMap((name) => misspelledIn(member(root, name), name, name)),
    ...entries.flatMap((entry) => [
      ...misspelledIn(entry, 'entry'),
      ...misspelledIn(member(entry, 'litellm_params'), 'litellm_params', 'litellm_params'),
      ...misspelledIn(member(entry, 'model_info'), 'model_info', 'model_info'),
    ]),
  ].map(
    ({ key, path, intended }) =>
      `${describePlace(key)}: ${path} is no name that LiteLLM knows; did you mean ${intended}?`,
  )
}

/** Those of one mapping whose intended key is not there itself. */
export function misspelledIn(tree: Tree | undefined, section: Section, path = ''): readonly Misspelling[] {
  if (tree?.kind !== 'map') return []
  return Array.from(tree.entries.values()).flatMap(({ key }) => {
    const intended = key.kind === 'string' ? intendedKey(section, key.value) : undefined
    if (key.kind !== 'string' || intended === undefined || member(tree, intended) !== undefined) return []
    return [{ key, path: path === '' ? key.value : `${path}.${key.value}`, intended }]
  })
}
