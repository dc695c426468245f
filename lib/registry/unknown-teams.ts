import type { Options } from '../options'
import type { Row } from './row'

/** More ids than this are counted. */
const most = 10

/** A warning that some models belong to teams of which no key is. What a function knows of teams, only it can tell. */
export function unknownTeamsWarning(rows: readonly Row[], auth: Options['auth']): readonly string[] {
  if (typeof auth !== 'object') return []
  const teams = new Set((auth.keys ?? []).flatMap((key) => (key.teams ?? []).map(({ id }) => id)))
  if (teams.size === 0) return []
  const ids = rows.filter(({ teamId }) => teamId !== null && !teams.has(teamId)).map(({ id }) => id)
  if (ids.length === 0) return []
  const more = ids.length > most ? ` and ${ids.length - most} more` : ''
  return [
    `model_info.team_id names a team that no key of option 'auth' has: models ${ids.slice(0, most).join(', ')}${more}.`,
  ]
}
