import type { TimeSlices } from '../time-slices'
import { calledModel, ownModel } from './called-model'
import type { ChosenBy } from './called-model'
import { isPattern } from './patterns'
import type { Row } from './row'
import { groupedByName, isTaken, isWildcard } from './snapshot'
import type { Snapshot } from './snapshot'
import type { ExpandWildcard } from './wildcard-names'

/** What lists make of a row whose name is a pattern: leave it out, show it as it is, or show the models it stands for. */
export type WildcardPolicy = 'hide' | 'show' | 'expand'

/** `gpt-4o` → `openai/gpt-4o`; undefined where no provider is known for the name, or the name says it itself. */
export type QualifyName = (name: string) => string | undefined

export interface ListingOptions {
  readonly policy: WildcardPolicy
  /** Another function where patterns may stand for other names than before. */
  readonly expand: () => ExpandWildcard
  /** @default no name has a provider of its own */
  readonly qualify?: QualifyName
  readonly slices: TimeSlices
  /** Names that all patterns together stand for; a pattern beyond that is listed as itself. @default no limit */
  readonly maxExpandedNames?: number
  /** Characters of a name that is asked for; a longer one fits no pattern. @default no limit */
  readonly maxNameLength?: number
}

/** The rows as lists show them: wildcards by one policy, then a row for each visible alias. */
export interface Listing {
  /** Built in slices. */
  of(snapshot: Snapshot): Promise<readonly Row[]>
  /** Each deployment once, as itself: no aliases, and patterns as they are, unless they are hidden. */
  deployments(snapshot: Snapshot): readonly Row[]
  /** The same as `of`, built in one piece if it has to be. */
  ofNow(snapshot: Snapshot): readonly Row[]
  /** The rows of such a list that have this name, whoever sees them by it. */
  named(snapshot: Snapshot, listed: readonly Row[], name: string): readonly Row[]
  /** What patterns stand for under this name, of the rows that the caller may see by it. */
  byPattern(snapshot: Snapshot, name: string, isSeen: (row: Row) => boolean): readonly Row[]
}

/** The names that each wildcard stands for. */
type Expansions = ReadonlyMap<Row, readonly string[]>

/** So many names that callers ask for are remembered of each pattern; then all are forgotten. */
const mostRemembered = 1000

export function listing({
  policy,
  expand,
  qualify = () => undefined,
  slices,
  maxExpandedNames = Infinity,
  maxNameLength = Infinity,
}: ListingOptions): Listing {
  const listed = new WeakMap<Snapshot, { readonly expand: ExpandWildcard; readonly rows: readonly Row[] }>()
  const indexes = new WeakMap<readonly Row[], ReadonlyMap<string, readonly Row[]>>()
  const withoutWildcards = new WeakMap<Snapshot, readonly Row[]>()
  // A row that stands for another is made once, so that its bytes are too, and kept while it is listed.
  let derived = new Map<Row, Map<string, Row>>()
  const answered = new WeakMap<Row, { readonly of: readonly string[]; readonly names: readonly string[] }>()
  const asked = new WeakMap<Row, Map<string, Row>>()

  /** What the row does not answer to could be listed, but not called. */
  function namesFor(row: Row, namesOf: ExpandWildcard): readonly string[] {
    const all = namesOf(row)
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
      const names = now.get(row)
      if (names === undefined) now.set(row, new Map([[name, made]]))
      else names.set(name, made)
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
        const fitting = fittingRows(snapshot, target, 'file', qualify).map(({ row, meant }) =>
          as(row, target, (wildcard, name) => modelOf(wildcard, name, meant)),
        )
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

  /** Finds the names of one wildcard after the other, until there are as many as may be listed. */
  function expander(current: ExpandWildcard): (row: Row) => readonly [Row, readonly string[]] {
    let total = 0
    return (row) => {
      const names = total < maxExpandedNames ? namesFor(row, current) : []
      if (total + names.length > maxExpandedNames) return [row, []]
      total += names.length
      return [row, names]
    }
  }

  function remembered(row: Row, name: string, meant: string): Row {
    const rows = asked.get(row) ?? new Map<string, Row>()
    asked.set(row, rows)
    const made = rows.get(name) ?? modelOf(row, name, meant)
    if (rows.size >= mostRemembered) rows.clear()
    rows.set(name, made)
    return made
  }

  return {
    async of(snapshot) {
      const current = expand()
      const ready = known(snapshot, current)
      if (ready !== undefined) return ready
      const names = await slices.map(wildcardsIn(snapshot), expander(current))
      return keep(snapshot, current, new Map(names))
    },
    ofNow(snapshot) {
      const current = expand()
      const ready = known(snapshot, current)
      return ready ?? keep(snapshot, current, new Map(wildcardsIn(snapshot).map(expander(current))))
    },
    deployments(snapshot) {
      if (policy !== 'hide' || snapshot.wildcards.length === 0) return snapshot.rows
      const rows = withoutWildcards.get(snapshot) ?? snapshot.rows.filter((row) => !isWildcard(row))
      withoutWildcards.set(snapshot, rows)
      return rows
    },
    named(snapshot, rows, name) {
      if (rows === snapshot.rows) return snapshot.byName.get(name) ?? []
      const index = indexes.get(rows) ?? groupedByName(rows)
      indexes.set(rows, index)
      return index.get(name) ?? []
    },
    byPattern(snapshot, name, isSeen) {
      if (policy === 'hide' || name.length > maxNameLength) return []
      const rows = fittingRows(snapshot, name, 'caller', qualify, (row, meant) =>
        isSeen(remembered(row, name, meant)),
      )
      return rows.map(({ row, meant }) => remembered(row, name, meant))
    },
  }
}

/** A wildcard row, and the name that it answers to: the one asked for, or that one with its provider. */
interface Fitting {
  readonly row: Row
  readonly meant: string
}

/** The wildcard rows that answer to the name, else those that answer to it with its provider, unless it is the name of a model. */
function fittingRows(
  snapshot: Snapshot,
  name: string,
  by: ChosenBy,
  qualify: QualifyName,
  isUsable: (row: Row, meant: string) => boolean = () => true,
): readonly Fitting[] {
  if (isPattern(name) || isTaken(snapshot, name)) return []
  const answering = (meant: string): readonly Fitting[] =>
    snapshot.wildcards
      .filter((row) => calledModel(row, meant, by) !== undefined && isUsable(row, meant))
      .map((row) => ({ row, meant }))
  const direct = answering(name)
  const qualified = direct.length > 0 ? undefined : qualify(name)
  return qualified === undefined ? direct : answering(qualified)
}

/** The same deployment under another name; it is still looked up by its own. */
function aliasOf(target: Row, name: string): Row {
  const { pattern: _, ...row } = target
  const { litellm_params: params, ...others } = row.deployment
  const deployment = { ...others, model_name: name, litellm_params: { model: row.publicName, ...params } }
  return { ...row, deployment, publicName: name, standsFor: target, isAlias: true }
}

/** One of the models that a pattern stands for, as it is looked up and called. A team's keeps its internal name. */
function modelOf(wildcard: Row, name: string, meant = name): Row {
  const { pattern: _, ...row } = wildcard
  const { litellm_params: params, model_info: info, ...others } = row.deployment
  const model = calledModel(wildcard, meant, 'file') ?? ownModel(wildcard)
  const deployment = {
    ...others,
    ...(row.teamId === null ? { model_name: name } : {}),
    litellm_params: { ...params, model },
    model_info: 'team_public_model_name' in info ? { ...info, team_public_model_name: name } : info,
  }
  return { ...row, deployment, publicName: name, standsFor: wildcard }
}
