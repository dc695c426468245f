import { ModelManagementError } from '../errors'
import type { GivenLimits } from '../options/limits'
import type { View } from './view'

/** How many models may be added: those that are stored count, and those on their way there. */
export interface Room {
  /** Throws `limit_reached` when one more would be too many. */
  take<R>(teamId: string | null, add: () => Promise<R>): Promise<R>
}

export function roomOf(view: View, { maxModels, maxModelsPerTeam }: GivenLimits): Room {
  const coming: (string | null)[] = []
  return {
    async take(teamId, add) {
      const { stored } = view.snapshot
      if (stored.length + view.setAside.length + coming.length >= maxModels)
        throw reached(`This gateway keeps at most ${maxModels} models (option 'limits.maxModels').`)
      const ofTeam = (one: string | null): boolean => one === teamId
      const owned = teamId === null ? 0 : stored.filter((row) => ofTeam(row.teamId)).length
      if (teamId !== null && owned + coming.filter(ofTeam).length >= maxModelsPerTeam)
        throw reached(
          `A team has at most ${maxModelsPerTeam} models here (option 'limits.maxModelsPerTeam').`,
          'model_info.team_id',
        )
      coming.push(teamId)
      try {
        return await add()
      } finally {
        coming.splice(coming.indexOf(teamId), 1)
      }
    },
  }
}

function reached(why: string, param?: string): ModelManagementError {
  const facts = param === undefined ? {} : { param }
  return new ModelManagementError('limit_reached', `${why} Delete one that is not needed.`, facts)
}
