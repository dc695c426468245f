import type { Deployment } from '../adapters/adapter'
import { copyJson, deepFreeze, isJsonObject } from '../json'
import type { JsonObject } from '../json'
import { fieldsOf } from './map-fields'
import { providerPrefix, providersAgree, strippedModel } from './providers'

/** The entry that describes a deployment. */
export interface CostMapMatch {
  /** The entry's key as the map spells it; shown as `model_info.key`. */
  readonly key: string
  readonly entry: JsonObject
  /** The provider found from the deployment, or else the entry's own; `undefined` when neither says one. */
  readonly provider: string | undefined
  /** What the entry adds to `model_info`. */
  readonly fields: JsonObject
}

/** Prices and limits by model, in LiteLLM's shape; frozen at every depth, so that no reader can change another's answer. */
export interface CostMap {
  /** Every entry by its key, aliases included. */
  readonly entries: Readonly<Record<string, JsonObject>>
  /** The number of entries. */
  readonly size: number
  /**
   * The entry for a deployment: by `base_model` (in `model_info` or `litellm_params`), else by `litellm_params.model`, else, when
   * that is absent, by the name it is called by. `undefined` when the map has none: nothing is guessed.
   */
  find(deployment: Deployment): CostMapMatch | undefined
}

/** Keys of LiteLLM's file that describe the file and not a model. */
const notModels = new Set(['sample_spec', 'fallback_generalizations'])

/** So many different lookups are remembered, of names no longer than this; then all are forgotten, since names come from callers. */
const rememberedLookups = 10_000
const longestRemembered = 1000

/** An immutable map over a copy of the entries; members that are not objects are not models and are left out. */
export function costMap(entries: JsonObject): CostMap {
  const models = expandAliases(entries)
  // The last one wins: what the host laid over the bundle may be spelled differently.
  const keys = new Map(Object.keys(models).map((key) => [key.toLowerCase(), key]))
  const known = new Map<string, CostMapMatch | undefined>()

  function entryOf(name: string): { key: string; entry: JsonObject } | undefined {
    const key = Object.hasOwn(models, name) ? name : keys.get(name.toLowerCase())
    const entry = key === undefined ? undefined : models[key]
    return key === undefined || entry === undefined ? undefined : { key, entry }
  }

  /** Section 7.2 of LiteLLM's lookup: the candidate names in order, the first whose provider does not conflict. */
  function attempt(model: string, explicit: string | undefined): CostMapMatch | undefined {
    const provider = explicit ?? providerPrefix(model) ?? textOf(entryOf(model)?.entry.litellm_provider)
    for (const name of candidates(model, provider)) {
      const found = entryOf(name)
      if (!found) continue
      const entryProvider = textOf(found.entry.litellm_provider)
      if (providersAgree(provider, entryProvider)) return matchOf(found, provider ?? entryProvider)
    }
    return undefined
  }

  function lookUp({ model, baseModel, provider }: Question): CostMapMatch | undefined {
    const slash = model.indexOf('/')
    return (
      // The base model says its own provider, which need not be the deployment's.
      (baseModel === undefined ? undefined : attempt(baseModel, undefined)) ??
      attempt(model, provider) ??
      (slash > 0 ? attempt(model.slice(model.lastIndexOf('/') + 1), model.slice(0, slash)) : undefined)
    )
  }

  return Object.freeze({
    entries: models,
    size: Object.keys(models).length,
    find(deployment: Deployment) {
      const question = questionOf(deployment)
      const id = JSON.stringify([question.model, question.baseModel, question.provider])
      if (known.has(id)) return known.get(id)
      const match = lookUp(question)
      if (id.length > longestRemembered) return match
      if (known.size >= rememberedLookups) known.clear()
      known.set(id, match)
      return match
    },
  })
}

/** How many models a map in LiteLLM's shape holds, aliases not counted. */
export function countModels(entries: JsonObject): number {
  return Object.entries(entries).filter(([key, entry]) => !notModels.has(key) && isJsonObject(entry)).length
}

function expandAliases(entries: JsonObject): Readonly<Record<string, JsonObject>> {
  const models = new Map<string, JsonObject>()
  for (const [key, entry] of Object.entries(entries)) {
    if (!notModels.has(key) && isJsonObject(entry)) models.set(key, deepFreeze(copyJson(entry)))
  }
  const taken = new Set([...models.keys()].map((key) => key.toLowerCase()))
  const originals = [...models.values()]
  for (const entry of originals) {
    for (const alias of Array.isArray(entry.aliases) ? entry.aliases : []) {
      // A model's own entry is never hidden by another one's alias.
      if (typeof alias !== 'string' || taken.has(alias.toLowerCase())) continue
      taken.add(alias.toLowerCase())
      models.set(alias, entry)
    }
  }
  return Object.freeze(Object.fromEntries(models))
}

function matchOf(
  { key, entry }: { readonly key: string; readonly entry: JsonObject },
  provider: string | undefined,
): CostMapMatch {
  return deepFreeze({ key, entry, provider, fields: fieldsOf(key, entry, provider) })
}

interface Question {
  readonly model: string
  readonly baseModel: string | undefined
  readonly provider: string | undefined
}

function questionOf({ model_name, litellm_params, model_info }: Deployment): Question {
  return {
    model: textOf(litellm_params.model) ?? textOf(model_info.team_public_model_name) ?? model_name,
    baseModel: textOf(model_info.base_model) ?? textOf(litellm_params.base_model),
    provider: textOf(litellm_params.custom_llm_provider),
  }
}

/** The most exact name first, so that a region's own price is found before its base model's. */
function candidates(model: string, provider: string | undefined): ReadonlySet<string> {
  if (provider === undefined) return new Set([model, strippedModel(model, provider)])
  const prefix = `${provider}/`
  const bare = model.toLowerCase().startsWith(prefix) ? model.slice(prefix.length) : model
  const stripped = strippedModel(bare, provider)
  return new Set([prefix + bare, model, bare, prefix + stripped, stripped])
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
