import { isWritable } from '../adapters/adapter'
import type { ModelAdapter, ModelDraft, ModelSource } from '../adapters/adapter'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { jsonEquals } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { Logger } from '../logger'
import type { CostMap } from '../model-info/cost-map'
import type { Admission } from './admission'
import { assertNames } from './assert-names'
import { committer } from './commit'
import { assertCredentialName } from './credentials'
import { sizeOf } from './deployment-size'
import { draftOf } from './draft'
import type { NewDeployment } from './draft'
import { createEdit, shownOf } from './edit'
import type { Follower } from './follow'
import { idIn, isAsked } from './ids'
import { revealedIn } from './kept-hidden'
import { assertRemovable, maskRefused, merge } from './merge'
import type { Patch } from './merge'
import { assertMay, assertMayFor, mayForAll } from './permissions'
import { tagOf } from './revision-tag'
import type { Room } from './room'
import { checkDeployment } from './row'
import type { Row } from './row'
import { guardTeamWrite } from './team-guards'
import { teamOf } from './team-name'
import { turns } from './turns'
import type { View } from './view'
import type { Scope } from './visibility'
import { alreadyExists, busy, stale, unknown } from './write-errors'

export interface WriteParts {
  readonly source: ModelSource
  readonly view: View
  readonly follower: Follower
  readonly logger: Logger
  readonly costMap: () => CostMap
  readonly scope: (caller: Caller) => Scope
  /** Throws while this instance may not or cannot write. */
  readonly assertWritable: () => void
  readonly admit: Admission
  readonly room: Room
  /** Characters. */
  readonly maxNameLength: number
  /** The next moment, as audit fields show it. */
  readonly stamp: () => string
}

export interface WriteOptions {
  readonly caller: Caller
  /** Write only if the row's revision is still one of these; otherwise `stale_revision`. */
  readonly ifRevisions?: readonly string[] | undefined
}

/** Every change of a model goes through here. Each resolves when storage has it and the view shows it. */
export interface Writes {
  /** Throws `already_exists` when the id is taken. */
  create(body: NewDeployment, options: WriteOptions): Promise<Row>
  /** Merges a patch into the row named by `id`, else by the patch itself. Throws `unknown_model`, `file_model`, `stale_revision`. */
  update(id: string | undefined, patch: Patch, options: WriteOptions): Promise<Row>
  delete(id: string, options: WriteOptions): Promise<void>
  /** Pauses a model, or lets it take traffic again. */
  block(id: string, blocked: boolean, options: WriteOptions): Promise<Row>
  /** Replaces the deployment of a stored row by what `change` makes of it; `undefined` leaves it. */
  rewrite(
    id: string,
    change: (row: Row) => Row['deployment'] | undefined,
    caller: Caller,
  ): Promise<Row | undefined>
}

/** So often a patch is merged again when another hand was faster. */
const attempts = 20

export function writesOf(parts: WriteParts): Writes {
  const {
    source,
    view,
    follower,
    logger,
    costMap,
    scope,
    assertWritable,
    admit,
    room,
    maxNameLength,
    stamp,
  } = parts
  const commit = committer({ source, follower, view, logger })
  // Within one instance nobody is made to try again: only writes of other instances are met as conflicts.
  const changing = turns()

  function adapter(): ModelAdapter {
    assertWritable()
    if (isWritable(source)) return source
    throw new ModelManagementError(
      'writes_disabled',
      `Models are kept in '${source.name}', which is read-only.`,
    )
  }

  /** The stored row as it is now. Throws when there is none, or none that this caller may know of. */
  async function stored(id: string, caller: Caller): Promise<Row> {
    const known = view.snapshot.byId.get(id)
    const row = isAsked(id, known) ? await follower.read(id).catch(unreachable) : known
    if (row === undefined || !scope(caller).sees(row)) throw unknown(id)
    if (!row.stored)
      throw new ModelManagementError(
        'file_model',
        'Cannot edit config-based model. Store model in DB via /model/new first.',
        { id },
      )
    return row
  }

  /** Throws when the caller wanted to be told of a change in between. */
  function assertFresh(id: string, revision: string | undefined, { ifRevisions }: WriteOptions): void {
    const tag = revision === undefined ? undefined : tagOf(revision)
    if (ifRevisions?.some((one) => one === tag) === false) throw stale(id)
  }

  /** Tries until no other hand was faster; who wanted to be told of such a hand is told by the next attempt. */
  function attempting<R>(id: string, attempt: Attempt<R>): Promise<R> {
    return changing.take(id, async () => {
      for (let left = attempts; left > 0; left--) {
        const result = await attempt()
        if (result.ok) return result.value
        if (result.reason === 'missing') throw unknown(id)
      }
      throw busy(id)
    })
  }

  /** Reads, changes and writes back. What `next` leaves alone is not written. */
  function change(
    id: string,
    options: WriteOptions,
    next: (row: Row) => Changed | undefined | Promise<Changed | undefined>,
  ): Promise<Row> {
    const target = adapter()
    return attempting(id, async () => {
      const row = await stored(id, options.caller)
      assertFresh(id, row.revision, options)
      const changed = await next(row)
      if (changed === undefined) return { ok: true, value: row }
      const by = { updatedAt: stamp(), updatedBy: options.caller.userId }
      const draft = { id, ...changed, ...created(row), ...by }
      const write = (): ReturnType<typeof commit.draft<'missing' | 'stale'>> =>
        commit.draft(draft, () => target.update(draft, { ifRevision: row.revision }))
      const teamId = teamOf(draft.deployment)
      const size = sizeOf(draft.deployment)
      const result = await (teamId === row.teamId
        ? room.grow(teamId, write, size - view.sizeOf(row))
        : room.move(teamId, write, size, view.sizeOf(row)))
      return result.ok ? { ok: true, value: result.row } : result
    })
  }

  /** The row to delete; undefined for one that is set aside, which administrators also get rid of. */
  async function removable(id: string, caller: Caller): Promise<Row | undefined> {
    try {
      return await stored(id, caller)
    } catch (error) {
      const isOdd = mayForAll(caller, 'delete') && view.setAside.some((row) => row.id === id)
      if (isOdd && isUnknown(error)) return undefined
      throw error
    }
  }

  return {
    async create(body, { caller }) {
      assertMay(caller, 'create')
      const target = adapter()
      assertNames(body as JsonObject, maxNameLength)
      assertCredentialName(body as JsonObject)
      const { id, deployment, blocked } = draftOf(body)
      const teamId = teamOf(deployment)
      assertMayFor(caller, 'create', teamId)
      if (blocked) assertMayFor(caller, 'block', teamId)
      const edit = createEdit({ next: deployment, sent: deployment })
      guardTeamWrite(caller, edit)
      if (view.snapshot.byId.get(id)?.stored === false) throw alreadyExists(id)
      await admit(caller, edit)
      const now = stamp()
      const by = caller.userId
      const made = { id, deployment, blocked, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by }
      const result = await room.add(
        teamId,
        () => commit.draft(made, () => target.create(made)),
        sizeOf(deployment),
      )
      if (!result.ok) throw alreadyExists(id)
      return result.row
    },

    async update(pathId, patch, options) {
      const { caller } = options
      assertMay(caller, 'update')
      assertRemovable(patch)
      adapter()
      assertCredentialName(patch as JsonObject)
      const id = pathId ?? idIn(patch as JsonObject)
      if (id === undefined) throw unknown('')
      return change(id, options, async (row) => {
        assertMayFor(caller, 'update', row.teamId)
        const { deployment: before } = row
        assertNames(patch as JsonObject, maxNameLength, before)
        const shownBefore = shownOf(before)
        const deployment = checked(merge(row, shownBefore, patch, costMap()))
        const edit = createEdit({ next: deployment, sent: patch as JsonObject, before, shownBefore })
        const secret = revealedIn(edit)
        if (secret !== undefined) throw maskRefused(secret)
        guardTeamWrite(caller, edit)
        await admit(caller, edit)
        const blocked = blockedBy(patch, row)
        if (blocked !== row.blocked) assertMayFor(caller, 'block', row.teamId)
        // A secret that is sent is written even if it is the stored one: left alone, `updated_at` would confirm a guess.
        const isSame = edit.sentSecret === undefined && jsonEquals(deployment, before)
        return isSame && blocked === row.blocked ? undefined : { deployment, blocked }
      })
    },

    async delete(id, options) {
      const { caller } = options
      assertMay(caller, 'delete')
      const target = adapter()
      await attempting(id, async () => {
        const row = await removable(id, caller)
        if (row !== undefined) assertMayFor(caller, 'delete', row.teamId)
        assertFresh(id, row?.revision, options)
        const result = await commit.removal(id, () => target.delete(id, { ifRevision: row?.revision }))
        return result.ok ? { ok: true, value: undefined } : result
      })
    },

    async block(id, blocked, options) {
      assertMay(options.caller, 'block')
      return change(id, options, ({ blocked: before, deployment }) =>
        before === blocked ? undefined : { blocked, deployment },
      )
    },

    async rewrite(id, make, caller) {
      try {
        return await change(id, { caller }, (row) => {
          const deployment = make(row)
          return deployment === undefined ? undefined : { deployment, blocked: row.blocked }
        })
      } catch (error) {
        if (isUnknown(error)) return undefined
        throw error
      }
    },
  }
}

type Changed = Pick<ModelDraft, 'deployment' | 'blocked'>

type Attempt<R> = () => Promise<
  { readonly ok: true; readonly value: R } | { readonly ok: false; readonly reason: 'missing' | 'stale' }
>

/** A row shows the flag in two places; the one that differs is the one that was changed. */
function blockedBy({ blocked, model_info: info }: Patch, row: Row): boolean {
  const isChange = (said: JsonValue | undefined): boolean => typeof said === 'boolean' && said !== row.blocked
  return [blocked, info?.['blocked']].some(isChange) ? !row.blocked : row.blocked
}

/** Rows that others wrote may lack the record of their creation. */
function created({ audit }: Row): Pick<ModelDraft, 'createdAt' | 'createdBy'> {
  return { createdAt: audit.createdAt ?? '', createdBy: audit.createdBy }
}

/** A patch may leave something that is not a deployment any more. */
function checked(deployment: Row['deployment']): Row['deployment'] {
  const result = checkDeployment(deployment)
  if (result.ok) return result.deployment
  const problems = result.problems.map((problem) => ({ ...problem, loc: ['body', ...problem.loc] }))
  throw new ModelManagementError('invalid_body', 'The model would not fit its schema any more.', { problems })
}

function isUnknown(error: unknown): boolean {
  return error instanceof ModelManagementError && error.code === 'unknown_model'
}

export function unreachable(cause: unknown): never {
  throw new ModelManagementError('storage_unavailable', 'The model store cannot be reached.', { cause })
}
