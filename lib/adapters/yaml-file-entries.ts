import { createHash } from 'node:crypto'
import { copyJson, isJsonObject, omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { deploymentId } from '../yaml/deployment-id'
import { resolveTree } from '../yaml/environment'
import type { Environment } from '../yaml/environment'
import { plain, str } from '../yaml/python-text'
import { member } from '../yaml/tree'
import type { Tree } from '../yaml/tree'
import type { Deployment, ModelDraft, StoredModel } from './adapter'

/** Holds no piece of the file's text, which would keep all of it in memory. */
export interface FileEntry {
  readonly id: string
  readonly createdAt: string
  /** The stored model without its revision, as JSON: text cannot be changed from outside. */
  readonly content: string
  readonly revision: string
  /** How many values its aliases stand for, where it was read without the others. */
  readonly aliased: number
}

/** What the core knows of a model; kept in the entry's `model_info`, as LiteLLM's own fields. */
export const managedKeys: ReadonlySet<string> = new Set([
  'id',
  'blocked',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
])

export function modelOf({ content, revision }: Pick<FileEntry, 'content' | 'revision'>): StoredModel {
  return { ...(JSON.parse(content) as ModelDraft), revision }
}

/** An odd entry is handed over as it is: the core sets it aside and says so. */
export function entryOf(tree: Tree, environment: Environment, aliased = 0): FileEntry {
  const value = plain(tree)
  const id = idOf(tree, environment)
  const info = infoOf(value)
  const draft: Omit<ModelDraft, 'deployment'> & { deployment: JsonValue } = {
    id,
    deployment: isJsonObject(value) ? ordered(value) : value,
    blocked: info['blocked'] === true,
    createdAt: textOf(info['created_at']) ?? '',
    createdBy: textOf(info['created_by']) ?? null,
    updatedAt: textOf(info['updated_at']) ?? '',
    updatedBy: textOf(info['updated_by']) ?? null,
  }
  const content = JSON.stringify(draft)
  // All of the value: other hands may have changed what is not shown.
  const revision = createHash('sha256')
    .update(JSON.stringify([id, value]))
    .digest('base64url')
  const own = JSON.parse(content) as ModelDraft
  return { id: own.id, createdAt: own.createdAt, content, revision, aliased }
}

/** The entry's own id, or LiteLLM's hash where a hand wrote none. */
function idOf(tree: Tree, environment: Environment): string {
  const given = member(member(tree, 'model_info'), 'id')
  if (given?.kind === 'int') return given.digits
  if (given?.kind === 'string' && given.value !== '') return given.value
  const name = member(tree, 'model_name')
  const resolved = name && resolveTree(name, environment)
  return deploymentId(
    resolved === undefined ? '' : str(resolved),
    member(tree, 'litellm_params') ?? tree,
    environment,
  )
}

/** In the order that the core writes them in, so that a hand's order does not count as a change. */
function ordered(value: JsonObject): JsonObject {
  const { model_name: name, litellm_params: params, model_info: info, ...extras } = value
  return {
    ...(name === undefined ? {} : { model_name: name }),
    ...(params === undefined ? {} : { litellm_params: params }),
    model_info: isJsonObject(info) ? omit(info, managedKeys) : (info ?? {}),
    ...extras,
  }
}

/** What `entryOf` gives for an entry that keeps this draft. */
export function contentOf(draft: ModelDraft): string {
  const { id, deployment, blocked, createdAt, createdBy, updatedAt, updatedBy } = draft
  const kept = ordered(deployment)
  return JSON.stringify({ id, deployment: kept, blocked, createdAt, createdBy, updatedAt, updatedBy })
}

/** The entry to be written. Of what the core knows, only what says more than its absence, or what differs from the file. */
export function valueOf(draft: ModelDraft, entry?: FileEntry, tree?: Tree): JsonObject {
  const before = tree && plain(tree)
  const written = before === undefined ? {} : infoOf(before)
  const shown = entry && (JSON.parse(entry.content) as ModelDraft)
  const { model_name: name, litellm_params: params, model_info: info, ...extras } = copyJson(draft.deployment)
  const facts: readonly (readonly [string, JsonValue, JsonValue | undefined, JsonValue])[] = [
    ['id', draft.id, shown?.id, ''],
    ['blocked', draft.blocked, shown?.blocked, false],
    ['created_at', draft.createdAt, shown?.createdAt, ''],
    ['created_by', draft.createdBy, shown?.createdBy, null],
    ['updated_at', draft.updatedAt, shown?.updatedAt, ''],
    ['updated_by', draft.updatedBy, shown?.updatedBy, null],
  ]
  const told = facts.flatMap(([key, now, then, nothing]) => {
    const has = Object.hasOwn(written, key)
    if (has && now === then) return [[key, written[key] ?? null] as const]
    return has || now !== nothing ? [[key, now] as const] : []
  })
  const [first, ...others] = told
  const start = first?.[0] === 'id' ? Object.fromEntries([first]) : {}
  return {
    model_name: name,
    litellm_params: params,
    model_info: { ...start, ...omit(info, managedKeys), ...Object.fromEntries(others) },
    ...extras,
  } satisfies Deployment
}

function infoOf(value: JsonValue): JsonObject {
  const info = isJsonObject(value) ? value['model_info'] : undefined
  return isJsonObject(info) ? info : {}
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
