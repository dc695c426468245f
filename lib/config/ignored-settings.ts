import { member } from '../yaml/tree'
import type { MapTree } from '../yaml/tree'
import { str } from '../yaml/python-text'
import keys from './litellm-keys.json'

/** What of LiteLLM's config file has an effect here. Whatever else it may hold is read and ignored. */
export const honouredSettings = {
  sections:
    'include model_list credential_list environment_variables general_settings router_settings litellm_settings',
  general_settings: 'master_key litellm_key_header_name store_model_in_db',
  router_settings:
    'model_group_alias fallbacks default_fallbacks context_window_fallbacks content_policy_fallbacks',
  litellm_settings:
    'fallbacks default_fallbacks context_window_fallbacks content_policy_fallbacks public_model_groups',
} as const

const sections = new Set(keys.sections.split(' '))

/** Settings of the file without an effect, as `router_settings.routing_strategy`. Sections that LiteLLM has not either are no settings. */
export function findIgnoredSettings(root: MapTree): readonly string[] {
  const named = namesIn(root).filter((name) => sections.has(name))
  const { sections: honoured, ...within } = honouredSettings
  return [
    ...without(named, honoured),
    ...Object.entries(within).flatMap(([section, known]) =>
      without(namesIn(member(root, section)), known).map((name) => `${section}.${name}`),
    ),
  ]
}

function namesIn(tree: ReturnType<typeof member>): readonly string[] {
  return tree?.kind === 'map' ? Array.from(tree.entries.values(), ({ key }) => str(key)) : []
}

function without(names: readonly string[], known: string): readonly string[] {
  const all = new Set(known.split(' '))
  return names.filter((name) => !all.has(name))
}
