import { answersTo, matchesPattern } from './patterns'
import type { Row } from './row'
import { isTaken } from './snapshot'
import type { Snapshot } from './snapshot'
import type { Scope } from './visibility'

/** The rows that answer to a name, and the name by which they are called: the alias's target where it is an alias. */
export interface Callable {
  readonly rows: readonly Row[]
  readonly name: string
}

/** What a name means to a caller: models of that name, else of an alias's target, else those whose pattern it fits. */
export function callable(snapshot: Snapshot, name: string, scope: Scope): Callable {
  const { byName, wildcards } = snapshot
  const among = (rows: readonly Row[], meant: string): Callable => ({
    rows: preferred(rows.filter((row) => scope.mayCall(row, name, meant))),
    name: meant,
  })
  const exactly = (meant: string): Callable => among(byName.get(meant) ?? [], meant)
  const byPattern = (meant: string): Callable => {
    const { rows } = among(
      // What an alias stands for was chosen by whoever wrote the file.
      wildcards.filter((row) => (meant === name ? answersTo : matchesPattern)(row.publicName, meant)),
      meant,
    )
    return { rows: mostSpecific(rows), name: meant }
  }

  const own = exactly(name)
  if (own.rows.length > 0 || isTaken(snapshot, name)) return own
  const target = snapshot.aliases.find(({ alias }) => alias === name)?.target
  if (target !== undefined) {
    const named = exactly(target)
    const aliased = named.rows.length > 0 || isTaken(snapshot, target) ? named : byPattern(target)
    if (aliased.rows.length > 0) return aliased
  }
  return byPattern(name)
}

/** What a team calls so is meant, where the team has something by that name. */
function preferred(rows: readonly Row[]): readonly Row[] {
  const own = rows.filter((row) => row.teamId !== null)
  return own.length > 0 ? own : rows
}

/** `openai/*` is meant rather than `*`. */
function mostSpecific(rows: readonly Row[]): readonly Row[] {
  const longest = Math.max(...rows.map((row) => row.publicName.length))
  return rows.filter((row) => row.publicName.length === longest)
}
