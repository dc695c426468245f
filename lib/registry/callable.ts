import { mostSpecific, preferred } from './by-name'
import type { ChosenBy } from './called-model'
import { isPattern } from './patterns'
import type { Row } from './row'
import { isTaken } from './snapshot'
import type { QualifyName } from './listing'
import type { Snapshot } from './snapshot'
import type { Scope } from './visibility'

/** The rows that answer to a name, and the models that those of them call that are called by a name of their pattern. */
export interface Callable {
  readonly rows: readonly Row[]
  readonly models: ReadonlyMap<Row, string>
}

/** The model that a wildcard row calls for a name; undefined where it does not answer to it. */
export type CalledModel = (row: Row, name: string, by: ChosenBy) => string | undefined

export interface CallableParts {
  readonly calledModel: CalledModel
  readonly qualify: QualifyName
}

/**
 * What a name means to a caller: the team's own models, the target of an alias, models of that name, or those whose pattern it fits, in
 * this order. A team's row takes no name from others: it answers to members, and by its internal name to administrators too. What fits
 * no pattern is looked for once more with its provider, as LiteLLM's router does: `gpt-4o` finds `openai/*`.
 */
export function callable(
  snapshot: Snapshot,
  name: string,
  scope: Scope,
  { calledModel, qualify }: CallableParts,
): Callable {
  const rowsNamed = (meant: string): readonly Row[] => snapshot.byName.get(meant) ?? []

  function exactly(meant: string): Callable {
    const rows = rowsNamed(meant).filter((row) => row.teamId === null || row.publicName === meant)
    return { rows: preferred(rows.filter((row) => scope.mayCall(row, name, meant))), models: new Map() }
  }

  function byPattern(meant: string, by: ChosenBy): Callable {
    const direct = fitting(meant, by, [meant])
    const qualified = isFound(direct) ? undefined : qualify(meant)
    return qualified === undefined ? direct : fitting(qualified, by, [meant, qualified])
  }

  function fitting(called: string, by: ChosenBy, meant: readonly string[]): Callable {
    const models = new Map<Row, string>()
    const wildcards = [null, ...scope.teams].flatMap((team) => snapshot.wildcardsByTeam.get(team) ?? [])
    for (const row of isPattern(called) ? [] : wildcards) {
      const isGranted = meant.some((one) => scope.mayCall(row, name, one))
      const model = isGranted ? calledModel(row, called, by) : undefined
      if (model !== undefined) models.set(row, model)
    }
    return { rows: mostSpecific(preferred([...models.keys()])), models }
  }

  function aliased(): Callable | undefined {
    const target = snapshot.aliases.find(({ alias }) => alias === name)?.target
    if (target === undefined) return undefined
    const named = exactly(target)
    return isFound(named) || isTaken(snapshot, target) ? named : byPattern(target, 'file')
  }

  const own = exactly(name)
  if (own.rows.some(({ teamId }) => teamId !== null)) return own
  // LiteLLM follows an alias also where a model has the same name.
  const alias = aliased()
  if (alias !== undefined && isFound(alias)) return alias
  if (isFound(own) || isTaken(snapshot, name)) return own
  const internal = rowsNamed(name).filter(
    (row) => row.deployment.model_name === name && (scope.admin || scope.mayCall(row, name)),
  )
  return internal.length > 0 ? { rows: internal, models: new Map() } : byPattern(name, 'caller')
}

function isFound({ rows }: Callable): boolean {
  return rows.length > 0
}
