import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'

/** What is known of a model by the shape of its name alone; nothing where no rule fits. */
export type Generalization = (name: string) => JsonObject

/** Names come from callers: a longer one fits no rule, so that no rule takes long. */
const longestName = 256

/** The rules of a map's `fallback_generalizations`, as LiteLLM applies them to models without an entry: a later rule wins. */
export function generalizationsOf(entries: JsonObject): Generalization {
  const given = isJsonObject(entries.fallback_generalizations) ? entries.fallback_generalizations.rules : []
  const rules = (Array.isArray(given) ? (given as readonly JsonValue[]) : []).flatMap((rule) => {
    if (!isJsonObject(rule) || typeof rule.pattern !== 'string' || !isJsonObject(rule.model_info)) return []
    const pattern = compiled(rule.pattern)
    return pattern === undefined ? [] : [{ pattern, info: rule.model_info }]
  })
  return (name) => {
    const found: Record<string, JsonValue> = {}
    if (name.length > longestName) return found
    for (const { pattern, info } of rules) if (pattern.test(name)) Object.assign(found, info)
    return found
  }
}

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'i')
  } catch {
    // A rule in a form that only Python reads; the model is listed without it.
    return undefined
  }
}
