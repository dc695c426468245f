import type { Logger } from '../logger'
import type { CostMap } from '../model-info/cost-map'
import { providerModels } from '../model-info/provider-models'
import type { ProviderModels } from '../model-info/provider-models'
import { calledModel, ownModel } from './called-model'
import { hostFunction } from './host-function'
import { compilePattern, fillStars, findStars, isPattern } from './patterns'
import type { Row } from './row'
import { shortened } from './shortened'

/** The names that a wildcard row stands for. */
export type ExpandWildcard = (row: Row) => readonly string[]

/**
 * The cost map's models of the provider behind the pattern: `foo/*` in front of `openai/*` stands for `foo/gpt-4o`, and `*` there for
 * `gpt-4o`. Rows that differ in nothing else share one list.
 */
export function knownModels(map: () => CostMap): () => ExpandWildcard {
  const made = new WeakMap<CostMap, ExpandWildcard>()
  return () => {
    const current = map()
    const expand = made.get(current) ?? remembered((row) => findNames(row, providerModels(current)))
    made.set(current, expand)
    return expand
  }
}

/** What the host says. Where it says nothing that is a list of names, the pattern stands for itself. */
export function givenNames(
  expandWildcard: (pattern: string) => readonly string[],
  logger: Logger,
): () => ExpandWildcard {
  const ask = hostFunction('expandWildcard', expandWildcard, logger)
  const expand: ExpandWildcard = ({ publicName }) => {
    const names = ask(publicName)
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  }
  return () => expand
}

/** Patterns come from whoever may add a model: when there are so many, all are forgotten. */
const mostRemembered = 1000

function remembered(expand: ExpandWildcard): ExpandWildcard {
  const known = new Map<string, readonly string[]>()
  return (row) => {
    const { custom_llm_provider: option = null } = row.deployment.litellm_params
    const parts = [row.publicName, ownModel(row), option, row.teamId === null]
    const key = shortened(JSON.stringify(parts))
    const names = known.get(key) ?? expand(row)
    if (known.size >= mostRemembered) known.clear()
    known.set(key, names)
    return names
  }
}

function findNames(row: Row, models: ProviderModels): readonly string[] {
  const own = ownModel(row)
  const { custom_llm_provider: option } = row.deployment.litellm_params
  const head = own.slice(0, Math.max(0, own.indexOf('/')))
  const provider = typeof option === 'string' && option !== '' ? option : head
  if (!isPattern(own) || provider === '' || isPattern(provider)) return []
  const prefix = head === provider ? `${provider}/` : ''
  const bareNames = models.namesOf(provider)
  const pattern = withoutRoute(own.slice(prefix.length), row.publicName, bareNames)
  if (listsFragments(pattern, row.publicName)) return []
  const compiled = compilePattern(pattern)
  const names = bareNames.flatMap((bare) => {
    const stars = findStars(compiled, bare)
    if (stars === undefined) return []
    const isWider = row.publicName.split('*').length > stars.length + 1
    const name = isWider ? prefix + bare : fillStars(row.publicName, stars)
    const model = isWider ? name : fillStars(own, stars)
    // A list never holds a name that calls another model.
    return name !== undefined && calledModel(row, name) === model ? [name] : []
  })
  return [...new Set(names)]
}

/** `converse/*` → `*`: what stands before the star may be a route of the provider that no model's name holds. */
function withoutRoute(pattern: string, publicName: string, bareNames: readonly string[]): string {
  const named = new Set(publicName.split('/').slice(1))
  const [segment = '', ...rest] = pattern.split('/')
  if (rest.length === 0 || isPattern(segment) || named.has(segment)) return pattern
  if (bareNames.some((bare) => bare.startsWith(`${segment}/`))) return pattern
  return withoutRoute(rest.join('/'), publicName, bareNames)
}

/** `foo/*` in front of `openai/gpt*` would list `foo/-4o`. */
function listsFragments(pattern: string, publicName: string): boolean {
  const wordBefore = (text: string): string => text.split('*', 1)[0]?.split('/').at(-1) ?? ''
  return /[a-z0-9]$/i.test(wordBefore(pattern)) && wordBefore(publicName) === ''
}
