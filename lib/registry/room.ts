import { ModelManagementError } from '../errors'
import type { GivenLimits } from '../options/limits'
import type { View } from './view'

/** How many models may be added: those that are stored count, and those on their way there. */
export interface Room {
  /** For a new model. Throws `limit_reached` when one more would be too many, in all or in its team. */
  add<R>(teamId: string | null, work: () => Promise<R>): Promise<R>
  /** For a model that is there already and comes to this team. Throws `limit_reached`. */
  move<R>(teamId: string | null, work: () => Promise<R>): Promise<R>
}

interface Coming {
  readonly teamId: string | null
  readonly isNew: boolean
}

export function roomOf(view: View, { maxModels, maxModelsPerTeam }: GivenLimits): Room {
  const coming = new Set<Coming>()

  function assertRoom(): void {
    const { stored } = view.snapshot
    const added = [...coming].filter(({ isNew }) => isNew).length
    if (stored.length + view.setAside.length + added >= maxModels)
      throw reached(`This gateway keeps at most ${maxModels} models (option 'limits.maxModels').`)
  }

  function assertTeamHasRoom(teamId: string): void {
    const isOfTeam = (one: { readonly teamId: string | null }): boolean => one.teamId === teamId
    const owned = view.snapshot.stored.filter(isOfTeam).length + [...coming].filter(isOfTeam).length
    if (owned >= maxModelsPerTeam)
      throw reached(
        `A team has at most ${maxModelsPerTeam} models here (option 'limits.maxModelsPerTeam').`,
        { param: 'model_info.team_id' },
      )
  }

  async function take<R>(one: Coming, work: () => Promise<R>): Promise<R> {
    if (one.isNew) assertRoom()
    if (one.teamId !== null) assertTeamHasRoom(one.teamId)
    coming.add(one)
    try {
      return await work()
    } finally {
      coming.delete(one)
    }
  }

  return {
    add: (teamId, work) => take({ teamId, isNew: true }, work),
    move: (teamId, work) => take({ teamId, isNew: false }, work),
  }
}

function reached(why: string, facts: { readonly param?: string } = {}): ModelManagementError {
  return new ModelManagementError('limit_reached', `${why} Delete one that is not needed.`, facts)
}
