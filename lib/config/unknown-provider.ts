import type { JsonObject } from '../json'
import { providerNames } from '../model-info/litellm-names'
import { nearestName } from '../options/check'
import { isReference } from '../yaml/environment'
import { str } from '../yaml/python-text'
import { describePlace, follow, member } from '../yaml/tree'
import type { Tree } from '../yaml/tree'

/** Providers that the file brings itself, as `litellm_settings.custom_provider_map`. */
export function customProviders(root: Tree): ReadonlySet<string> {
  const map = member(member(root, 'litellm_settings'), 'custom_provider_map')
  const entries = map?.kind === 'list' ? map.items : []
  return new Set(entries.map((entry) => str(member(entry, 'provider') ?? entry)))
}

/** A warning where an entry's provider is none that LiteLLM has; LiteLLM refuses every call of such a model. */
export function unknownProviderWarning(
  entry: Tree,
  { model, custom_llm_provider: named }: JsonObject,
  custom: ReadonlySet<string>,
): string | undefined {
  const isNamed = typeof named === 'string' && named !== ''
  const field = isNamed ? 'custom_llm_provider' : 'model'
  const provider = isNamed ? named : prefixOf(model)
  if (provider === undefined || isReference(isNamed ? named : model)) return undefined
  if (providerNames.has(provider.toLowerCase()) || custom.has(provider)) return undefined
  const name = /^[\w.-]{1,64}$/.test(provider) ? `'${provider}'` : 'this'
  const near = nearestName(provider, providerNames)
  const remedy = near === undefined ? 'name the provider in custom_llm_provider' : `did you mean '${near}'?`
  const place = describePlace(follow(entry, ['litellm_params', field]))
  return `${place}: litellm_params.${field}: ${name} is no provider that LiteLLM knows; ${remedy}`
}

function prefixOf(model: unknown): string | undefined {
  const prefix = typeof model === 'string' && model.includes('/') ? model.split('/', 1)[0] : undefined
  return prefix === undefined || prefix.includes('*') ? undefined : prefix
}
