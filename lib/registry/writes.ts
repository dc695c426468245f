import { isWritable } from '../adapters/adapter'
import type { Deployment, ModelAdapter, ModelDraft, ModelSource } from '../adapters/adapter'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { jsonEquals } from '../json'
import type { JsonObject } from '../json'
import type { CostMap } from '../model-info/cost-map'
import { committer } from './commit'
import { draftOf, idOf } from './draft'
import type { NewDeployment } from './draft'
import type { Follower } from './follow'
import { idIn, merge } from './merge'
import type { Patch } from './merge'
import { assertMay, assertMayFor, mayForAll } from './permissions'
import { checkDeployment } from './row'
import type { Row } from './row'
import { guardTeamWrite } from './team-guards'
import type { View } from './view'
import type { Scope } from './visibility'

export interface WriteParts {
  readonly source: ModelSource
  readonly view: View
  readonly follower: Follower
  readonly costMap: () => CostMap
  readonly scope: (caller: Caller) => Scope
  /** Throws while this instance may not or cannot write. */
  readonly assertWritable: () => void
  /** Throws when the deployment holds what this gateway does not keep. `stored` is what an update begins from. */
  readonly checkSecrets: (deployment: Deployment, stored?: Deployment) => void
  /** The next moment, as audit fields show it. */
  readonly stamp: () => string
}

export interface WriteOptions {
  readonly caller: Caller
  /** Write only if the row's revision is still this one; otherwise `stale_revision`. */
  readonly ifRevision?: string | undefined
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
  const { source, view, follower, costMap, scope, assertWritable, checkSecrets, stamp } = parts
  const commit = committer({ source, follower })

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
    const row = known?.stored === false ? known : await follower.read(id).catch(unreachable)
    if (row === undefined || !scope(caller).sees(row)) throw unknown(id)
    if (!row.stored)
      throw new ModelManagementError(
        'file_model',
        'Cannot edit config-based model. Store model in DB via /model/new first.',
        { id },
      )
    return row
  }

  /** Reads, changes and writes back, again when another hand was faster, unless the caller wanted to be told. */
  async function change(
    id: string,
    { caller, ifRevision }: WriteOptions,
    next: (row: Row) => Pick<ModelDraft, 'deployment' | 'blocked'> | undefined,
  ): Promise<Row> {
    const target = adapter()
    for (let attempt = 0; attempt < attempts; attempt++) {
      const row = await stored(id, caller)
      if (ifRevision !== undefined && ifRevision !== row.revision) throw stale(id)
      const changed = next(row)
      if (changed === undefined) return row
      const draft = {
        id,
        ...changed,
        ...row.audit,
        ...created(row),
        updatedAt: stamp(),
        updatedBy: caller.userId,
      }
      const result = await commit.draft(draft, () => target.update(draft, { ifRevision: row.revision }))
      if (result.ok) return result.row
      if (result.reason === 'missing') throw unknown(id)
      if (ifRevision !== undefined) throw stale(id)
    }
    throw new ModelManagementError('busy', `Model ${id} is being changed by too many at once. Try again.`, {
      id,
    })
  }

  return {
    async create(body, { caller }) {
      assertMay(caller, 'create')
      const target = adapter()
      const draft = draftOf(body)
      const { id, deployment, blocked } = draft
      const teamId = deployment.model_info['team_id']
      assertMayFor(caller, 'create', typeof teamId === 'string' ? teamId : null)
      guardTeamWrite(caller, deployment, undefined, idOf(idIn(body as JsonObject)))
      if (view.snapshot.byId.get(id)?.stored === false) throw alreadyExists(id)
      checkSecrets(deployment)
      const now = stamp()
      const by = caller.userId
      const made = { id, deployment, blocked, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by }
      const result = await commit.draft(made, () => target.create(made))
      if (!result.ok) throw alreadyExists(id)
      return result.row
    },

    async update(pathId, patch, options) {
      const { caller } = options
      assertMay(caller, 'update')
      adapter()
      const id = pathId ?? idOf(idIn(patch as JsonObject))
      if (id === undefined) throw unknown('')
      return change(id, options, (row) => {
        assertMayFor(caller, 'update', row.teamId)
        const deployment = checked(merge(row.deployment, patch, costMap()))
        guardTeamWrite(caller, deployment, row.deployment, undefined)
        checkSecrets(deployment, row.deployment)
        const blocked = blockedBy(patch) ?? row.blocked
        if (blocked !== row.blocked) assertMayFor(caller, 'block', row.teamId)
        const same = blocked === row.blocked && jsonEquals(deployment, row.deployment)
        return same ? undefined : { deployment, blocked }
      })
    },

    async delete(id, options) {
      const { caller, ifRevision } = options
      assertMay(caller, 'delete')
      const target = adapter()
      for (let attempt = 0; attempt < attempts; attempt++) {
        // Administrators also get rid of rows that cannot be served.
        const isOdd = mayForAll(caller, 'delete') && view.setAside.some((row) => row.id === id)
        const row = isOdd ? undefined : await stored(id, caller)
        if (row !== undefined) assertMayFor(caller, 'delete', row.teamId)
        if (ifRevision !== undefined && ifRevision !== row?.revision) throw stale(id)
        const result = await commit.removal(id, () => target.delete(id, { ifRevision: row?.revision }))
        if (result.ok) return
        if (result.reason === 'missing') throw unknown(id)
        if (ifRevision !== undefined) throw stale(id)
      }
      throw new ModelManagementError('busy', `Model ${id} is being changed by too many at once. Try again.`, {
        id,
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
        if (error instanceof ModelManagementError && error.code === 'unknown_model') return undefined
        throw error
      }
    },
  }
}

function blockedBy({ blocked, model_info: info }: Patch): boolean | undefined {
  const said = blocked ?? info?.['blocked']
  return typeof said === 'boolean' ? said : undefined
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

function unknown(id: string): ModelManagementError {
  return new ModelManagementError('unknown_model', `Model ${id} not found on proxy.`, { id })
}

function stale(id: string): ModelManagementError {
  return new ModelManagementError(
    'stale_revision',
    `Model ${id} was changed since it was read. Read it again and send the change with its new ETag.`,
    { id },
  )
}

function alreadyExists(id: string): ModelManagementError {
  return new ModelManagementError(
    'already_exists',
    `A model with id=${id} already exists. Choose another id, or update it.`,
    {
      param: 'model_info.id',
      id,
    },
  )
}

function unreachable(cause: unknown): never {
  throw new ModelManagementError('storage_unavailable', 'The model store cannot be reached.', { cause })
}
