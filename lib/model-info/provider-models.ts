import type { CostMap } from './cost-map'
import { prefixOfProvider, providerFamily, providerPrefix } from './providers'

/** The cost map's models by the provider that serves them. */
export interface ProviderModels {
  /** Without the provider's prefix, in the map's order; empty for a provider that the map does not know. */
  namesOf(provider: string): readonly string[]
  /** `gpt-4o` → `openai/gpt-4o`; undefined for a name that says its provider itself, and for one that the map does not have. */
  qualifiedName(name: string): string | undefined
}

const indexes = new WeakMap<CostMap, ProviderModels>()

/** The index of a map, built once at its first use. */
export function providerModels(map: CostMap): ProviderModels {
  const known = indexes.get(map) ?? createIndex(map)
  indexes.set(map, known)
  return known
}

function createIndex({ entries }: CostMap): ProviderModels {
  const names = new Map<string, Set<string>>()
  function add(provider: string, name: string): void {
    const known = names.get(provider)
    if (known === undefined) names.set(provider, new Set([name]))
    else known.add(name)
  }
  for (const [key, { litellm_provider: provider }] of Object.entries(entries)) {
    if (typeof provider !== 'string') continue
    const prefix = ownPrefix(key, provider)
    if (prefix !== undefined) add(prefix, key.slice(prefix.length + 1))
    else for (const one of new Set([prefixOfProvider(provider), providerFamily(provider)])) add(one, key)
  }
  const lists = new Map([...names].map(([provider, all]) => [provider, [...all]] as const))
  return {
    namesOf: (provider) => lists.get(provider) ?? lists.get(providerFamily(provider)) ?? [],
    qualifiedName(name) {
      const given = Object.hasOwn(entries, name) ? entries[name]?.['litellm_provider'] : undefined
      const provider = typeof given === 'string' ? given : openaiNames.test(name) ? 'openai' : undefined
      if (provider === undefined || ownPrefix(name, provider) !== undefined) return undefined
      return `${prefixOfProvider(provider)}/${name}`
    },
  }
}

/** What LiteLLM takes for OpenAI's by its shape, since no map has every fine-tuned model. */
const openaiNames = /^(?:ft:gpt-(?:3\.5-turbo|4)|gpt-image)/

/** The provider at the head of the key, where it is the one of the entry. */
function ownPrefix(key: string, provider: string): string | undefined {
  if (key.startsWith(`${provider}/`)) return provider
  const prefix = providerPrefix(key)
  if (prefix === undefined || providerFamily(prefix) !== providerFamily(provider)) return undefined
  return key.slice(0, prefix.length) === prefix ? prefix : undefined
}
