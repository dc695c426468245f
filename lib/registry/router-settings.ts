import type { Config } from '../config/load-config'
import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { Fallbacks, FileLists } from './names'
import type { Alias } from './snapshot'

/** `router_settings.model_group_alias`: `{alias: "name"}` or `{alias: {model: "name", hidden: true}}`. */
export function aliasesIn(config: Config | undefined, maxLength = Infinity): readonly Alias[] {
  const given = config?.routerSettings['model_group_alias']
  if (!isJsonObject(given)) return []
  return Object.entries(given).flatMap(([alias, value]) => {
    const target = isJsonObject(value) ? value['model'] : value
    const hidden = isJsonObject(value) && value['hidden'] === true
    // The file's warnings tell of the others.
    return typeof target === 'string' && alias.length <= maxLength ? [{ alias, target, hidden }] : []
  })
}

/** What lists say by the file. */
export function fileListsIn(config: Config | undefined): FileLists {
  const groups = config?.litellmSettings['public_model_groups']
  return {
    fallbacks: fallbacksIn(config),
    publicGroups: new Set(Array.isArray(groups) ? groups.filter(isText) : []),
  }
}

/**
 * Fallbacks stand in `router_settings` or `litellm_settings`, as a list of mappings from a name to names. Those of `*` are for every name
 * that has none of its own, and so are `default_fallbacks`.
 */
export function fallbacksIn(config: Config | undefined): Fallbacks {
  const of = (key: string): ReadonlyMap<string, readonly string[]> =>
    fallbackMap(config?.routerSettings[key] ?? config?.litellmSettings[key])
  const { routerSettings = {}, litellmSettings = {} } = config ?? {}
  const others = routerSettings['default_fallbacks'] ?? litellmSettings['default_fallbacks']
  const general = of('fallbacks')
  return {
    general: Array.isArray(others) ? new Map([['*', others.filter(isText)], ...general]) : general,
    context_window: of('context_window_fallbacks'),
    content_policy: of('content_policy_fallbacks'),
  }
}

function fallbackMap(given: JsonValue | undefined): ReadonlyMap<string, readonly string[]> {
  const mappings: readonly JsonObject[] = Array.isArray(given) ? given.filter(isJsonObject) : []
  return new Map(
    mappings.flatMap((mapping) =>
      Object.entries(mapping).map(
        ([name, names]) => [name, Array.isArray(names) ? names.filter(isText) : []] as const,
      ),
    ),
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
