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

/**
 * Kept in the entry's `model_info`, as LiteLLM's own fields. Where a client says one of them there itself, the core's stands beside
 * `model_info`.
 */
export const auditKeys: ReadonlySet<string> = new Set([
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
])

/** What the core knows of a model. */
export const managedKeys: ReadonlySet<string> = new Set(['id', 'blocked', ...auditKeys])
const neverClients: ReadonlySet<string> = new Set(['id', 'blocked'])

export function modelOf({ content, revision }: Pick<FileEntry, 'content' | 'revision'>): StoredModel {
  return { ...(JSON.parse(content) as ModelDraft), revision }
}

/** An odd entry is handed over as it is: the core sets it aside and says so. */
export function entryOf(tree: Tree, environment: Environment, aliased = 0): FileEntry {
  const value = plain(tree)
  const id = idOf(tree, environment)
  const info = { ...infoOf(value), ...auditBeside(value) }
  const draft: Omit<ModelDraft, 'deployment'> & { deployment: JsonValue } = {
    id,
    deployment: isJsonObject(value) ? deploymentIn(value) : value,
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

/** Without what the core knows, and in the order that the core writes, so that a hand's order does not count as a change. */
function deploymentIn(value: JsonObject): JsonObject {
  const beside = auditBeside(value)
  const cores = new Set([...managedKeys].filter((key) => !Object.hasOwn(beside, key)))
  return ordered(omit(value, auditKeys), cores)
}

function ordered(value: JsonObject, cores: ReadonlySet<string>): JsonObject {
  const { model_name: name, litellm_params: params, model_info: info, ...extras } = value
  return {
    ...(name === undefined ? {} : { model_name: name }),
    ...(params === undefined ? {} : { litellm_params: params }),
    model_info: isJsonObject(info) ? omit(info, cores) : (info ?? {}),
    ...extras,
  }
}

/** The core's audit fields that stand beside `model_info`. */
function auditBeside(value: JsonValue): JsonObject {
  if (!isJsonObject(value)) return {}
  return Object.fromEntries(Object.entries(value).filter(([key]) => auditKeys.has(key)))
}

/** What `entryOf` gives for an entry that keeps this draft. */
export function contentOf(draft: ModelDraft): string {
  const { id, deployment, blocked, createdAt, createdBy, updatedAt, updatedBy } = draft
  const kept = ordered(deployment, neverClients)
  return JSON.stringify({ id, deployment: kept, blocked, createdAt, createdBy, updatedAt, updatedBy })
}

/** The entry to be written. Of what the core knows, only what says more than its absence, or what differs from the file. */
export function valueOf(draft: ModelDraft, entry?: FileEntry, tree?: Tree): JsonObject {
  const before = tree && plain(tree)
  const written = before === undefined ? {} : { ...infoOf(before), ...auditBeside(before) }
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
  const isClients = (key: string): boolean => auditKeys.has(key) && Object.hasOwn(info, key)
  const told = facts.flatMap(([key, now, then, nothing]) => {
    const has = Object.hasOwn(written, key)
    if (has && now === then) return [[key, written[key] ?? null] as const]
    return has || now !== nothing || isClients(key) ? [[key, now] as const] : []
  })
  const beside = told.filter(([key]) => isClients(key))
  const [first, ...others] = told.filter(([key]) => !isClients(key))
  const start = first?.[0] === 'id' ? Object.fromEntries([first]) : {}
  return {
    model_name: name,
    litellm_params: params,
    model_info: { ...start, ...omit(info, neverClients), ...Object.fromEntries(others) },
    ...extras,
    ...Object.fromEntries(beside),
  } satisfies Deployment
}

function infoOf(value: JsonValue): JsonObject {
  const info = isJsonObject(value) ? value['model_info'] : undefined
  return isJsonObject(info) ? info : {}
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
