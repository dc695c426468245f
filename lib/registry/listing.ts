import type { Logger } from '../logger'
import type { CostMap } from '../model-info/cost-map'
import type { TimeSlices } from '../time-slices'
import { hostFunction } from './host-function'
import { calledModel, ownModel } from './called-model'
import type { ChosenBy } from './called-model'
import { compilePattern, findStars, isPattern } from './patterns'
import type { Row } from './row'
import { shortened } from './shortened'
import { groupedByName, isTaken, isWildcard } from './snapshot'
import type { Snapshot } from './snapshot'

/** What lists make of a row whose name is a pattern: leave it out, show it as it is, or show the models it stands for. */
export type WildcardPolicy = 'hide' | 'show' | 'expand'

/** The names that a pattern stands for. */
export type ExpandWildcard = (pattern: string) => readonly string[]

export interface ListingOptions {
  readonly policy: WildcardPolicy
  /** Another function where patterns may stand for other names than before. */
  readonly expand: () => ExpandWildcard
  readonly slices: TimeSlices
  /** Characters of a name that is asked for; a longer one fits no pattern. @default no limit */
  readonly maxNameLength?: number
}

/** The rows as every list shows them: wildcards by one policy, then a row for each visible alias. */
export interface Listing {
  /** Built in slices. */
  of(snapshot: Snapshot): Promise<readonly Row[]>
  /** Each deployment once, as itself: no aliases, and patterns as they are, unless they are hidden. */
  deployments(snapshot: Snapshot): readonly Row[]
  /** The same as `of`, built in one piece if it has to be. */
  ofNow(snapshot: Snapshot): readonly Row[]
  /** The rows of such a list that have this name, whoever sees them by it. */
  named(snapshot: Snapshot, listed: readonly Row[], name: string): readonly Row[]
  /** What patterns stand for under this name, whether or not a list shows it. */
  byPattern(snapshot: Snapshot, name: string): readonly Row[]
}

/** The names that each wildcard stands for. */
type Expansions = ReadonlyMap<Row, readonly string[]>

export function listing({ policy, expand, slices, maxNameLength = Infinity }: ListingOptions): Listing {
  const listed = new WeakMap<Snapshot, { readonly expand: ExpandWildcard; readonly rows: readonly Row[] }>()
  const withoutPatterns = new WeakMap<Snapshot, readonly Row[]>()
  const indexes = new WeakMap<readonly Row[], ReadonlyMap<string, readonly Row[]>>()
  // A row that stands for another is made once, so that its bytes are too, and kept while it is listed.
  let derived = new Map<Row, Map<string, Row>>()
  const answered = new WeakMap<Row, { readonly of: readonly string[]; readonly names: readonly string[] }>()

  /** What the row does not answer to could be listed, but not called. */
  function namesFor(row: Row, namesOf: ExpandWildcard): readonly string[] {
    const all = namesOf(row.publicName)
    const answer = answered.get(row)
    if (answer?.of === all) return answer.names
    const fitting = all.filter((name) => !isPattern(name) && calledModel(row, name) !== undefined)
    const names = [...new Set(fitting)]
    answered.set(row, { of: all, names })
    return names
  }

  function build(snapshot: Snapshot, expansions: Expansions): readonly Row[] {
    const before = derived
    const now = new Map<Row, Map<string, Row>>()

    function as(row: Row, name: string, make: typeof modelOf): Row {
      const made = now.get(row)?.get(name) ?? before.get(row)?.get(name) ?? make(row, name)
      now.set(row, (now.get(row) ?? new Map<string, Row>()).set(name, made))
      return made
    }

    function byPolicy(row: Row): readonly Row[] {
      if (policy === 'show' || !isWildcard(row)) return [row]
      if (policy === 'hide') return []
      const names = expansions.get(row)
      if (names === undefined || names.length === 0) return [row]
      return names.filter((name) => !isTaken(snapshot, name)).map((name) => as(row, name, modelOf))
    }

    const aliased = snapshot.aliases
      .filter(({ alias, target, hidden }) => !hidden && !(alias === target && isTaken(snapshot, alias)))
      .flatMap(({ alias, target }) => {
        // A team's internal name is no target.
        const named = (snapshot.byName.get(target) ?? []).filter(
          (row) => row.teamId === null || row.publicName === target,
        )
        const fitting = fittingRows(snapshot, target, 'file').map((row) => as(row, target, modelOf))
        return [...named, ...fitting].map((row) => as(row, alias, aliasOf))
      })
    const plain = policy === 'show' || snapshot.wildcards.length === 0
    const rows = plain ? snapshot.rows : snapshot.rows.flatMap(byPolicy)
    derived = now
    return aliased.length === 0 ? rows : [...rows, ...aliased]
  }

  function known(snapshot: Snapshot, current: ExpandWildcard): readonly Row[] | undefined {
    const kept = listed.get(snapshot)
    return kept?.expand === current ? kept.rows : undefined
  }

  function keep(snapshot: Snapshot, current: ExpandWildcard, expansions: Expansions): readonly Row[] {
    const rows = known(snapshot, current) ?? build(snapshot, expansions)
    listed.set(snapshot, { expand: current, rows })
    return rows
  }

  const wildcardsIn = ({ wildcards }: Snapshot): readonly Row[] => (policy === 'expand' ? wildcards : [])

  return {
    async of(snapshot) {
      const current = expand()
      const ready = known(snapshot, current)
      if (ready !== undefined) return ready
      const names = await slices.map(wildcardsIn(snapshot), (row) => [row, namesFor(row, current)] as const)
      return keep(snapshot, current, new Map(names))
    },
    deployments(snapshot) {
      if (policy !== 'hide' || snapshot.wildcards.length === 0) return snapshot.rows
      const rows = withoutPatterns.get(snapshot) ?? snapshot.rows.filter((row) => !isWildcard(row))
      withoutPatterns.set(snapshot, rows)
      return rows
    },
    ofNow(snapshot) {
      const current = expand()
      const names = wildcardsIn(snapshot).map((row) => [row, namesFor(row, current)] as const)
      return known(snapshot, current) ?? keep(snapshot, current, new Map(names))
    },
    named(snapshot, rows, name) {
      if (rows === snapshot.rows) return snapshot.byName.get(name) ?? []
      const index = indexes.get(rows) ?? groupedByName(rows)
      indexes.set(rows, index)
      return index.get(name) ?? []
    },
    byPattern: (snapshot, name) =>
      policy === 'hide' || name.length > maxNameLength
        ? []
        : fittingRows(snapshot, name, 'caller').map((row) => modelOf(row, name)),
  }
}

/** The wildcard rows that answer to the name, unless it is the name of a model. */
function fittingRows(snapshot: Snapshot, name: string, by: ChosenBy): readonly Row[] {
  if (isPattern(name) || isTaken(snapshot, name)) return []
  return snapshot.wildcards.filter((row) => calledModel(row, name, by) !== undefined)
}

/** The same deployment under another name; it is still looked up by its own. */
function aliasOf(target: Row, name: string): Row {
  const { pattern: _, ...row } = target
  const { litellm_params: params, ...others } = row.deployment
  const deployment = { ...others, model_name: name, litellm_params: { model: row.publicName, ...params } }
  return { ...row, deployment, publicName: name, standsFor: target, isAlias: true }
}

/** One of the models that a pattern stands for, as it is looked up and called. A team's keeps its internal name. */
function modelOf(wildcard: Row, name: string): Row {
  const { pattern: _, ...row } = wildcard
  const { litellm_params: params, model_info: info, ...others } = row.deployment
  const model = calledModel(wildcard, name, 'file') ?? ownModel(wildcard)
  const deployment = {
    ...others,
    ...(row.teamId === null ? { model_name: name } : {}),
    litellm_params: { ...params, model },
    model_info: 'team_public_model_name' in info ? { ...info, team_public_model_name: name } : info,
  }
  return { ...row, deployment, publicName: name, standsFor: wildcard }
}

/** The cost map's models of the provider that the pattern names: `openai/*` stands for every model of openai. */
export function knownModels(map: () => CostMap): () => ExpandWildcard {
  const made = new WeakMap<CostMap, ExpandWildcard>()
  return () => {
    const current = map()
    const expand = made.get(current) ?? remembered((pattern) => namesIn(current, pattern))
    made.set(current, expand)
    return expand
  }
}

/** What the host says. Where it says nothing that is a list of names, the pattern stands for itself. */
export function givenNames(expandWildcard: ExpandWildcard, logger: Logger): () => ExpandWildcard {
  const ask = hostFunction('expandWildcard', expandWildcard, logger)
  const expand: ExpandWildcard = (pattern) => {
    const names = ask(pattern)
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  }
  return () => expand
}

/** Patterns come from whoever may add a model: when there are so many, all are forgotten. */
const mostRemembered = 1000

function remembered(expand: ExpandWildcard): ExpandWildcard {
  const known = new Map<string, readonly string[]>()
  return (pattern) => {
    const short = shortened(pattern)
    const names = known.get(short) ?? expand(pattern)
    if (known.size >= mostRemembered) known.clear()
    known.set(short, names)
    return names
  }
}

function namesIn(map: CostMap, pattern: string): readonly string[] {
  const provider = pattern.slice(0, Math.max(0, pattern.indexOf('/')))
  const compiled = compilePattern(pattern)
  const fits = (name: string): boolean => findStars(compiled, name) !== undefined
  const names = Object.entries(map.entries).flatMap(([key, entry]) => {
    if (fits(key)) return [key]
    const prefixed = `${provider}/${key}`
    return provider !== '' && entry['litellm_provider'] === provider && fits(prefixed) ? [prefixed] : []
  })
  return [...new Set(names)]
}
