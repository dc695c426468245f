import type { CostMap } from '../model-info/cost-map'
import type { Row } from './row'
import { isWildcard } from './snapshot'
import type { Snapshot } from './snapshot'
import { matchesPattern } from './grant'

/** What lists make of a row whose name is a pattern: leave it out, show it as it is, or show the models it stands for. */
export type WildcardPolicy = 'hide' | 'show' | 'expand'

/** The names that a pattern stands for. */
export type ExpandWildcard = (pattern: string) => readonly string[]

export interface ListingOptions {
  readonly policy: WildcardPolicy
  readonly expand: ExpandWildcard
}

/** The rows as every list shows them: wildcards by one policy, then a row for each visible alias. */
export interface Listing {
  of(snapshot: Snapshot): readonly Row[]
}

export function listing({ policy, expand }: ListingOptions): Listing {
  const listed = new WeakMap<Snapshot, readonly Row[]>()
  // A row that stands for another is made once, so that its bytes are too.
  const derived = new WeakMap<Row, Map<string, Row>>()

  function as(row: Row, name: string, wildcard: boolean): Row {
    const known = derived.get(row) ?? new Map<string, Row>()
    derived.set(row, known)
    const made = known.get(name) ?? derivedRow(row, name, wildcard)
    known.set(name, made)
    return made
  }

  function byPolicy(row: Row): readonly Row[] {
    if (policy === 'show' || !isWildcard(row)) return [row]
    if (policy === 'hide') return []
    const names = expand(row.publicName)
    return names.length === 0 ? [row] : names.map((name) => as(row, name, true))
  }

  return {
    of(snapshot) {
      const known = listed.get(snapshot)
      if (known !== undefined) return known
      const plain = policy === 'show' || snapshot.wildcards.length === 0
      const rows = plain ? snapshot.rows : snapshot.rows.flatMap(byPolicy)
      const aliased = snapshot.aliases
        .filter(({ hidden }) => !hidden)
        .flatMap(({ alias, target }) =>
          (snapshot.byName.get(target) ?? []).map((row) => as(row, alias, false)),
        )
      const all = aliased.length === 0 ? rows : [...rows, ...aliased]
      listed.set(snapshot, all)
      return all
    },
  }
}

/** The same deployment under another name. What a wildcard stands for is also looked up and called by that name. */
function derivedRow(row: Row, name: string, wildcard: boolean): Row {
  const { litellm_params: params } = row.deployment
  const renamed = {
    ...row.deployment,
    model_name: name,
    ...(wildcard ? { litellm_params: { ...params, model: name } } : {}),
  }
  return { ...row, deployment: renamed, publicName: name, standsFor: row }
}

/** The cost map's models of the provider that the pattern names: `openai/*` stands for every model of openai. */
export function knownModels(map: () => CostMap): ExpandWildcard {
  const expanded = new WeakMap<CostMap, Map<string, readonly string[]>>()
  return (pattern) => {
    const current = map()
    const known = expanded.get(current) ?? new Map<string, readonly string[]>()
    expanded.set(current, known)
    const names = known.get(pattern) ?? namesIn(current, pattern)
    known.set(pattern, names)
    return names
  }
}

function namesIn(map: CostMap, pattern: string): readonly string[] {
  const provider = pattern.slice(0, Math.max(0, pattern.indexOf('/')))
  const names = Object.entries(map.entries).flatMap(([key, entry]) => {
    if (matchesPattern(pattern, key)) return [key]
    const prefixed = `${provider}/${key}`
    return provider !== '' && entry['litellm_provider'] === provider && matchesPattern(pattern, prefixed)
      ? [prefixed]
      : []
  })
  return [...new Set(names)]
}
