import { ModelManagementError } from '../errors'
import type { GivenLimits } from '../options/limits'
import type { Row } from './row'
import type { View } from './view'

/** How many models may be added, and how large they may be: those that are stored count, and those on their way there. */
export interface Room {
  /** For a new model of this size. Throws `limit_reached` when it would be too much, in all or in its team. */
  add<R>(teamId: string | null, work: () => Promise<R>, size?: number): Promise<R>
  /** For a model that is there already and comes to this team, where it has another size than before. Throws `limit_reached`. */
  move<R>(teamId: string | null, work: () => Promise<R>, size?: number, sizeBefore?: number): Promise<R>
  /** For a model that stays in its team and becomes larger by so much. Throws `limit_reached`. */
  grow<R>(teamId: string | null, work: () => Promise<R>, bytes: number): Promise<R>
}

/** What is on its way. */
interface Coming {
  readonly teamId: string | null
  readonly models: number
  readonly bytes: number
  readonly modelsOfTeam: number
  readonly bytesOfTeam: number
}

export function roomOf(view: View, limits: GivenLimits): Room {
  const { maxModels, maxModelsPerTeam, maxBytes, maxBytesPerTeam } = limits
  const underWay = new Set<Coming>()
  const sizeOf = (rows: readonly Row[]): number => rows.reduce((total, row) => total + view.sizeOf(row), 0)

  function assertRoom({ models, bytes }: Coming): void {
    const { stored } = view.snapshot
    const coming = [...underWay]
    if (models > 0 && stored.length + view.setAside.length + sum(coming, 'models') >= maxModels)
      throw reached(`This gateway keeps at most ${maxModels} models (option 'limits.maxModels').`)
    if (bytes > 0 && sizeOf(stored) + sum(coming, 'bytes') + bytes > maxBytes)
      throw reached(`This gateway keeps at most ${maxBytes} bytes of models (option 'limits.maxBytes').`)
  }

  function assertTeamHasRoom({ teamId, modelsOfTeam, bytesOfTeam }: Coming): void {
    if (teamId === null) return
    const stored = view.snapshot.stored.filter((row) => row.teamId === teamId)
    const coming = [...underWay].filter((one) => one.teamId === teamId)
    if (modelsOfTeam > 0 && stored.length + sum(coming, 'modelsOfTeam') >= maxModelsPerTeam)
      throw teamIsFull(
        `A team has at most ${maxModelsPerTeam} models here (option 'limits.maxModelsPerTeam').`,
      )
    if (bytesOfTeam > 0 && sizeOf(stored) + sum(coming, 'bytesOfTeam') + bytesOfTeam > maxBytesPerTeam)
      throw teamIsFull(
        `The models of a team have at most ${maxBytesPerTeam} bytes here (option 'limits.maxBytesPerTeam').`,
      )
  }

  async function take<R>(coming: Coming, work: () => Promise<R>): Promise<R> {
    assertRoom(coming)
    assertTeamHasRoom(coming)
    underWay.add(coming)
    try {
      return await work()
    } finally {
      underWay.delete(coming)
    }
  }

  return {
    add: (teamId, work, size = 0) =>
      take({ teamId, models: 1, bytes: size, modelsOfTeam: 1, bytesOfTeam: size }, work),
    move: (teamId, work, size = 0, sizeBefore = 0) =>
      take({ teamId, models: 0, bytes: size - sizeBefore, modelsOfTeam: 1, bytesOfTeam: size }, work),
    grow: (teamId, work, bytes) =>
      take({ teamId, models: 0, bytes, modelsOfTeam: 0, bytesOfTeam: bytes }, work),
  }
}

/** What becomes smaller makes room when that is stored, and not before. */
function sum(coming: readonly Coming[], key: Exclude<keyof Coming, 'teamId'>): number {
  return coming.reduce((total, one) => total + Math.max(0, one[key]), 0)
}

function teamIsFull(why: string): ModelManagementError {
  return reached(why, { param: 'model_info.team_id' })
}

function reached(why: string, facts: { readonly param?: string } = {}): ModelManagementError {
  return new ModelManagementError('limit_reached', `${why} Delete one that is not needed.`, facts)
}
