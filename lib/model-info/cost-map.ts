import type { Deployment } from '../adapters/adapter'
import { deepFreeze, isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { isAddress } from './addresses'
import { generalizationsOf } from './generalizations'
import { fieldsOf } from './map-fields'
import { candidateNames } from './model-names'
import type { SupportedOpenaiParams } from './openai-params'
import { prefixOfProvider, providerPrefix, providersAgree } from './providers'
import { redactParams } from './redact'

/** What the map says of a deployment. */
export interface ModelDescription {
  /** The entry's key as the map spells it, else the model with its provider; shown as `model_info.key`. */
  readonly key: string
  /** Undefined when the map has no entry: nothing is guessed of prices and limits. */
  readonly entry: JsonObject | undefined
  /** The provider that serves the deployment: its own, by option or prefix, else the entry's; `undefined` when neither says one. */
  readonly provider: string | undefined
  /** What follows `key` in `model_info`. Frozen. */
  readonly fields: JsonObject
}

/** Prices and limits by model, in LiteLLM's shape. What it hands out is frozen at every depth: no reader can change another's answer. */
export interface CostMap {
  /** Every entry by its key, aliases included. */
  readonly entries: Readonly<Record<string, JsonObject>>
  /** The number of entries. */
  readonly size: number
  /**
   * What is known of a deployment. Its entry is found by `base_model` (in `model_info` or `litellm_params`), else by
   * `litellm_params.model`, else, when that is absent, by the name it is called by.
   */
  describe(deployment: Deployment): ModelDescription
}

/** Keys of LiteLLM's file that describe the file and not a model. */
export const notModels: ReadonlySet<string> = new Set(['sample_spec', 'fallback_generalizations'])

/** So many different lookups are remembered, of names no longer than this; then all are forgotten, since names come from callers. */
const rememberedLookups = 10_000
const longestRemembered = 1000

/** An immutable map over entries that nobody else changes; members that are not objects are not models and are left out. */
export function costMap(entries: JsonObject, openaiParams: SupportedOpenaiParams = () => null): CostMap {
  const models = expandAliases(entries)
  let keys: ReadonlyMap<string, string> | undefined
  const known = new Map<string, ModelDescription>()
  const shared = new Map<string, JsonObject>()
  const generalization = generalizationsOf(entries)
  let modes: ReadonlyMap<string, JsonValue> | undefined

  function entryOf(name: string): Found | undefined {
    const key = Object.hasOwn(models, name) ? name : (keys ??= lowerCaseKeys(models)).get(name.toLowerCase())
    const entry = key === undefined ? undefined : models[key]
    return key === undefined || entry === undefined ? undefined : { key, entry: deepFreeze(entry) }
  }

  /** The first candidate name that the map has and whose provider does not conflict. */
  function findEntry(model: string, provider: string | undefined): Found | undefined {
    for (const name of candidateNames(model, provider)) {
      const found = entryOf(name)
      if (found && providersAgree(provider, textOf(found.entry.litellm_provider))) return found
    }
    return undefined
  }

  function find({ model, baseModel, provider }: Question): Found | undefined {
    const slash = model.indexOf('/')
    return (
      // Under the deployment's own provider first: Azure's price of `gpt-4o-mini` is not OpenAI's.
      (baseModel === undefined
        ? undefined
        : (findEntry(baseModel, provider) ?? findEntry(baseModel, providerPrefix(baseModel)))) ??
      findEntry(model, provider) ??
      (slash > 0 ? findEntry(model.slice(model.lastIndexOf('/') + 1), model.slice(0, slash)) : undefined)
    )
  }

  /** The same object for all models of one entry, or of none, so that thousands of rows share it. */
  function fieldsFor(entry: JsonObject, key: string | undefined, provider: string | undefined): JsonObject {
    const id = JSON.stringify([key ?? entry, provider])
    const ready = shared.get(id)
    if (ready !== undefined) return ready
    const made = deepFreeze(fieldsOf(entry, provider, openaiParams(key, provider, entry.mode)))
    if (shared.size >= rememberedLookups) shared.clear()
    shared.set(id, made)
    return made
  }

  function describe(question: Question): ModelDescription {
    const { model, provider } = question
    const found = find(question)
    if (found !== undefined) {
      const { key, entry } = found
      const served = provider ?? prefixOf(textOf(entry.litellm_provider))
      return Object.freeze({ key, entry, provider: served, fields: fieldsFor(entry, key, served) })
    }
    const key = provider === undefined || model.startsWith(`${provider}/`) ? model : `${provider}/${model}`
    const general = generalization(key)
    const served = provider ?? textOf(general.litellm_provider)
    const mode = served === undefined ? undefined : (modes ??= modesByProvider(models)).get(served)
    const fields = fieldsFor({ ...(mode === undefined ? {} : { mode }), ...general }, undefined, served)
    return Object.freeze({ key, entry: undefined, provider: served, fields })
  }

  return Object.freeze({
    entries: models,
    size: Object.keys(models).length,
    describe(deployment: Deployment) {
      const question = questionOf(deployment)
      const id = JSON.stringify([question.model, question.baseModel, question.provider])
      const ready = known.get(id)
      if (ready !== undefined) return ready
      const made = describe(question)
      if (id.length > longestRemembered) return made
      if (known.size >= rememberedLookups) known.clear()
      known.set(id, made)
      return made
    },
  })
}

interface Found {
  readonly key: string
  readonly entry: JsonObject
}

/** How many models a map in LiteLLM's shape holds, aliases not counted. */
export function countModels(entries: JsonObject): number {
  return Object.entries(entries).filter(([key, entry]) => !notModels.has(key) && isJsonObject(entry)).length
}

/** Every name that the map has for a model: its own entry, filled up from the one that it is an alias of, and those of `aliases`. */
function expandAliases(entries: JsonObject): Readonly<Record<string, JsonObject>> {
  const ready = expandedMaps.get(entries)
  if (ready !== undefined) return ready
  const models = new Map<string, JsonObject>()
  for (const [key, entry] of Object.entries(entries)) {
    if (notModels.has(key) || !isJsonObject(entry)) continue
    const { alias_of: target } = entry
    const below = typeof target === 'string' && Object.hasOwn(entries, target) ? entries[target] : undefined
    models.set(key, isJsonObject(below) ? { ...below, ...entry } : entry)
  }
  const taken = new Set([...models.keys()].map((key) => key.toLowerCase()))
  for (const entry of Array.from(models.values())) {
    for (const alias of Array.isArray(entry.aliases) ? entry.aliases : []) {
      // A model's own entry is never hidden by another one's alias.
      if (typeof alias !== 'string' || taken.has(alias.toLowerCase())) continue
      taken.add(alias.toLowerCase())
      models.set(alias, entry)
    }
  }
  const expanded = Object.freeze(Object.fromEntries(models))
  expandedMaps.set(entries, expanded)
  return expanded
}

/** Routers of one process share the bundle, and what is made of it. */
const expandedMaps = new WeakMap<JsonObject, Readonly<Record<string, JsonObject>>>()

/** Each key by its lower case. The last one wins: what the host laid over the bundle may be spelled differently. */
function lowerCaseKeys(models: CostMap['entries']): ReadonlyMap<string, string> {
  return new Map(Object.keys(models).map((key) => [key.toLowerCase(), key]))
}

/** The mode of the providers whose models all have the same one, as an image service's. */
function modesByProvider(models: CostMap['entries']): ReadonlyMap<string, JsonValue> {
  const modes = new Map<string, JsonValue | undefined>()
  for (const { litellm_provider: provider, mode } of Object.values(models)) {
    if (typeof provider !== 'string') continue
    modes.set(provider, !modes.has(provider) || modes.get(provider) === mode ? mode : undefined)
  }
  return new Map([...modes].flatMap(([provider, mode]) => (mode == null ? [] : [[provider, mode] as const])))
}

interface Question {
  readonly model: string
  readonly baseModel: string | undefined
  /** The deployment's own: by option, else by the prefix of its model. */
  readonly provider: string | undefined
}

function questionOf({ model_name, litellm_params, model_info }: Deployment): Question {
  const model = textOf(litellm_params.model) ?? textOf(model_info.team_public_model_name) ?? model_name
  return {
    model,
    baseModel: textOf(model_info.base_model) ?? textOf(litellm_params.base_model),
    provider: providerName(textOf(litellm_params.custom_llm_provider)) ?? providerPrefix(model),
  }
}

/** What the deployment names as its provider, unless it is none: a credential or an address is shown in no field. */
function providerName(text: string | undefined): string | undefined {
  if (text === undefined || isAddress(text)) return undefined
  return redactParams({ custom_llm_provider: text })['custom_llm_provider'] === text ? text : undefined
}

function prefixOf(provider: string | undefined): string | undefined {
  return provider === undefined ? undefined : prefixOfProvider(provider)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
