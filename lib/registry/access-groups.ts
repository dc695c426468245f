import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { assertGroupName } from './assert-names'
import { claimGroup } from './claim-group'
import { assertMay } from './permissions'
import type { Row } from './row'
import { isTaken } from './snapshot'
import type { Snapshot } from './snapshot'
import { turns } from './turns'
import { unreachable } from './writes'
import type { Writes } from './writes'

/** Members of a group: ids win over names. */
export interface Members {
  readonly model_names?: readonly string[] | null
  readonly model_ids?: readonly string[] | null
}

export interface AccessGroup {
  readonly access_group: string
  readonly model_names: readonly string[]
  readonly deployment_count: number
}

export interface GroupChange {
  readonly access_group: string
  readonly model_names: readonly string[]
  readonly model_ids: readonly string[]
  readonly models_updated: number
}

/**
 * Groups of models, by which keys and teams may be granted them. A group is its members: without any there is none. Members of the
 * config file are shown, and changed in the file only.
 */
export interface AccessGroups {
  list(): Promise<readonly AccessGroup[]>
  /** Throws `unknown_group`. */
  get(group: string): Promise<AccessGroup>
  create(group: string, members: Members, caller: Caller): Promise<GroupChange>
  /** Replaces the members. */
  update(group: string, members: Members, caller: Caller): Promise<GroupChange>
  /** Takes the group off all models; tells how many. */
  delete(group: string, caller: Caller): Promise<number>
}

export interface AccessGroupParts {
  readonly snapshot: () => Snapshot
  /** Makes the snapshot equal to storage. */
  readonly refresh: () => Promise<void>
  readonly writes: Writes
  readonly maxNameLength: number
}

export function accessGroupsOf({ snapshot, refresh, writes, maxNameLength }: AccessGroupParts): AccessGroups {
  // Two changes of one group at once would leave the members of both.
  const changing = turns()

  const membersOf = (group: string): readonly Row[] =>
    snapshot().rows.filter((row) => row.accessGroups.includes(group))
  const storedMembersOf = (group: string): readonly Row[] => membersOf(group).filter(({ stored }) => stored)

  /** What other instances wrote counts for every change: storage is asked first. */
  async function fresh(): Promise<void> {
    snapshot()
    await refresh().catch(unreachable)
  }

  function described(group: string, rows: readonly Row[]): AccessGroup {
    const names = [...new Set(rows.map((row) => row.publicName))].sort()
    return { access_group: group, model_names: names, deployment_count: rows.length }
  }

  /** A team's model is no member by a name of everybody's. */
  function nameOf({ deployment, publicName, teamId }: Row): string {
    return teamId !== null && isTaken(snapshot(), publicName) ? deployment.model_name : publicName
  }

  /** The stored rows that are named. Throws `invalid_members` for none, and for what is not there or is the config file's. */
  function named({ model_names: names, model_ids: ids }: Members): readonly Row[] {
    const stored = snapshot().rows.filter((row) => row.stored)
    const wanted = ids != null && ids.length > 0 ? ids : (names ?? [])
    if (wanted.length === 0) throw invalid('Either model_names or model_ids must be provided and non-empty')
    const key = wanted === ids ? (row: Row): string => row.id : nameOf
    const known = new Set(stored.map(key))
    const missing = new Set(wanted.filter((one) => !known.has(one)))
    if (missing.size > 0) throw refused(missing, new Set(snapshot().configured.map(key)))
    const members = new Set(wanted)
    return stored.filter((row) => members.has(key(row)))
  }

  /** Puts the group on these rows and takes it off all others. Rows that went meanwhile are not counted. */
  async function assign(group: string, rows: readonly Row[], caller: Caller): Promise<GroupChange> {
    const ids = new Set(rows.map((row) => row.id))
    const leaving = storedMembersOf(group).filter((row) => !ids.has(row.id))
    let updated = 0
    for (const row of [...rows, ...leaving]) {
      const written = await writes.rewrite(row.id, (now) => regrouped(now, group, ids.has(row.id)), caller)
      if (written !== undefined && ids.has(row.id)) updated++
    }
    const { model_names: names } = described(group, rows)
    return { access_group: group, model_names: names, model_ids: [...ids], models_updated: updated }
  }

  /** Puts a new group on these rows. Throws `group_exists` where another instance makes it at the same time. */
  async function claim(group: string, rows: readonly Row[], caller: Caller): Promise<GroupChange> {
    const change = async (id: string, belongs: boolean): Promise<boolean> => {
      let isChanged = false
      const written = await writes.rewrite(
        id,
        (now) => {
          const next = regrouped(now, group, belongs)
          isChanged = next !== undefined
          return next
        },
        caller,
      )
      return written !== undefined && isChanged
    }
    const members = await claimGroup({
      ids: rows.map(({ id }) => id),
      add: (id) => change(id, true),
      remove: (id) => change(id, false),
      async members() {
        await fresh()
        return new Set(membersOf(group).map(({ id }) => id))
      },
    })
    if (members === undefined) throw exists(group)
    const { model_names: names } = described(group, rows)
    const ids = rows.map(({ id }) => id)
    const updated = ids.filter((id) => members.has(id)).length
    return { access_group: group, model_names: names, model_ids: ids, models_updated: updated }
  }

  return {
    async list() {
      await fresh()
      // In one pass: whoever writes a model may put it into any number of groups.
      const groups = new Map<string, Set<Row>>()
      for (const row of snapshot().rows)
        for (const group of row.accessGroups) {
          const members = groups.get(group)
          if (members === undefined) groups.set(group, new Set([row]))
          else members.add(row)
        }
      const byName = [...groups].sort(([one], [other]) => (one < other ? -1 : 1))
      return byName.map(([group, members]) => described(group, [...members]))
    },
    async get(group) {
      await fresh()
      const rows = membersOf(group)
      if (rows.length === 0) throw unknown(group)
      return described(group, rows)
    },
    async create(group, members, caller) {
      assertMay(caller, 'group')
      if (group.trim() === '') throw invalid('access_group is required and cannot be empty')
      assertGroupName(group, maxNameLength)
      return changing.take(group, async () => {
        await fresh()
        if (membersOf(group).length > 0) throw exists(group)
        return claim(group, named(members), caller)
      })
    },
    async update(group, members, caller) {
      assertMay(caller, 'group')
      return changing.take(group, async () => {
        await fresh()
        if (membersOf(group).length === 0) throw unknown(group)
        return assign(group, named(members), caller)
      })
    },
    async delete(group, caller) {
      assertMay(caller, 'group')
      return changing.take(group, async () => {
        await fresh()
        const rows = storedMembersOf(group)
        if (rows.length === 0) throw membersOf(group).length === 0 ? unknown(group) : ofFile(group)
        for (const row of rows) await writes.rewrite(row.id, (now) => regrouped(now, group, false), caller)
        return rows.length
      })
    },
  }
}

/** The row's deployment with the group put on or taken off; undefined when it is so already. */
function regrouped(
  { deployment, accessGroups }: Row,
  group: string,
  belongs: boolean,
): Row['deployment'] | undefined {
  if (accessGroups.includes(group) === belongs) return undefined
  const { access_groups: _, ...info } = deployment.model_info
  const groups = belongs ? [...accessGroups, group] : accessGroups.filter((one) => one !== group)
  return { ...deployment, model_info: groups.length === 0 ? info : { ...info, access_groups: groups } }
}

function invalid(message: string): ModelManagementError {
  return new ModelManagementError('invalid_members', message)
}

/** Of the names or ids that no stored model has, some may be the config file's. */
function refused(missing: ReadonlySet<string>, inFile: ReadonlySet<string>): ModelManagementError {
  const gone = [...missing].filter((one) => !inFile.has(one))
  const ofConfig = [...missing].filter((one) => inFile.has(one))
  return invalid(
    [
      ...(gone.length > 0 ? [`Model(s) not found: ${gone.join(', ')}`] : []),
      ...(ofConfig.length > 0
        ? [
            `Model(s) of the config file: ${ofConfig.join(', ')}. Set model_info.access_groups in the file instead`,
          ]
        : []),
    ].join('. '),
  )
}

function ofFile(group: string): ModelManagementError {
  return invalid(
    `Access group '${group}' has members in the config file only. Remove it from model_info there.`,
  )
}

function exists(group: string): ModelManagementError {
  return new ModelManagementError(
    'group_exists',
    `Access group '${group}' already exists. Use PUT /access_group/${group}/update to modify it.`,
  )
}

function unknown(group: string): ModelManagementError {
  return new ModelManagementError('unknown_group', `Access group '${group}' not found`)
}
