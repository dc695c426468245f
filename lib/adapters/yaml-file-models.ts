import { createHash } from 'node:crypto'
import { ModelManagementError } from '../errors'
import { copyJson, isJsonObject, omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { deploymentId } from '../yaml/deployment-id'
import { resolveTree, withDefaults } from '../yaml/environment'
import type { Environment } from '../yaml/environment'
import { plain, str } from '../yaml/python-text'
import { describePlace, member } from '../yaml/tree'
import type { Tree } from '../yaml/tree'
import { variablesOf } from '../yaml/variables'
import { readYaml } from '../yaml/yaml-1-1'
import type { Deployment, ModelDraft, StoredModel } from './adapter'

/** The text of a file, and the models in it. */
export interface ModelFile {
  readonly text: string
  readonly root: Tree | undefined
  /** False where there is not even an empty one. */
  readonly hasList: boolean
  /** In the file's order. */
  readonly entries: readonly FileEntry[]
  /** Everything but the models, for telling whether an edit has touched it. */
  readonly rest: string
}

export interface FileEntry {
  readonly tree: Tree
  readonly id: string
  /** The stored model without its revision, as JSON: text cannot be changed from outside. */
  readonly content: string
  readonly revision: string
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

/** Throws `invalid_config` with the place. */
export function modelFile(text: string, file: string, environment: Environment): ModelFile {
  const root = readYaml(text, file)
  if (root !== undefined && root.kind !== 'map' && root.kind !== 'null')
    throw refusal(root, 'the file must be a mapping of keys to values')
  const known = withDefaults(environment, variablesOf(root, environment))
  const entries = itemsOf(root).map((tree) => entryOf(tree, known))
  const hasList = (member(root, 'model_list')?.kind ?? 'null') !== 'null'
  return { text, root, hasList, entries, rest: restOf(root) }
}

export function modelOf({ content, revision }: Pick<FileEntry, 'content' | 'revision'>): StoredModel {
  return { ...(JSON.parse(content) as ModelDraft), revision }
}

function restOf(root: Tree | undefined): string {
  const entries = root?.kind === 'map' ? Array.from(root.entries.values()) : []
  const others = entries.filter(({ key }) => key.kind !== 'string' || key.value !== 'model_list')
  return JSON.stringify(others.map(({ key, value }) => [str(key), plain(value)]))
}

function itemsOf(root: Tree | undefined): readonly Tree[] {
  const list = member(root, 'model_list')
  if (list === undefined || list.kind === 'null') return []
  if (list.kind !== 'list') throw refusal(list, 'model_list must be a list')
  return list.items
}

/** An odd entry is handed over as it is: the core sets it aside and says so. */
function entryOf(tree: Tree, environment: Environment): FileEntry {
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
  return { tree, id, content, revision }
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
export function valueOf(draft: ModelDraft, entry?: FileEntry): JsonObject {
  const before = entry && plain(entry.tree)
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

function refusal(tree: Tree, reason: string): ModelManagementError {
  return new ModelManagementError('invalid_config', `${describePlace(tree)}: ${reason}`)
}
