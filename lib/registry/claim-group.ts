import { setTimeout as wait } from 'node:timers/promises'

/** Storage as one change of a group sees it. */
export interface GroupClaim {
  /** Ids of the models that are to be members. */
  readonly ids: readonly string[]
  /** Puts the group on one model. False where it has it already, or is gone. */
  add(id: string): Promise<boolean>
  /** Takes the group off again. */
  remove(id: string): Promise<unknown>
  /** Ids of all members, straight from storage. */
  members(): Promise<ReadonlySet<string>>
}

/** How long another instance that backs out may take. */
const delays = [10, 20, 40, 80, 160, 320, 640]

/**
 * Makes the members of a new group. Of several instances that make the same one at once, exactly one succeeds: each puts the group on its
 * models first and then looks for others. Nobody succeeds who sees another; who has the smallest id waits for the others to back out.
 * Resolves with the ids that have the group now, or undefined where another instance has made it.
 */
export async function claimGroup({
  ids,
  add,
  remove,
  members,
}: GroupClaim): Promise<ReadonlySet<string> | undefined> {
  const added = new Set<string>()
  for (const delay of [0, ...delays]) {
    if (delay > 0) await wait(delay, undefined, { ref: false })
    for (const id of ids) if (!added.has(id) && (await add(id))) added.add(id)
    const all = await members()
    const others = [...all].filter((id) => !added.has(id))
    if (others.length === 0) return all
    if (added.size === 0 || smallest(others) < smallest([...added])) break
  }
  for (const id of added) await remove(id)
  return undefined
}

function smallest(ids: readonly string[]): string {
  return ids.reduce((least, id) => (id < least ? id : least))
}
