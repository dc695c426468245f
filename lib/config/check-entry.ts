import type { Deployment } from '../adapters/adapter'
import type { Problem } from '../errors'
import { isJsonObject, omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { coerce } from '../schema/coerce'
import { schemas } from '../schema/schemas'
import type { Validate } from '../schema/validator'
import { isVariable, resolveReferences } from '../yaml/environment'
import type { Environment, UnsetReference } from '../yaml/environment'
import { str } from '../yaml/python-text'
import { follow } from '../yaml/tree'
import type { Tree } from '../yaml/tree'

export type Checked =
  | {
      readonly ok: true
      readonly deployment: Deployment
      readonly unset: readonly UnsetReference[]
      /** Optional fields of a wrong type. Their values stay as they are written. */
      readonly tolerated: readonly Problem[]
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Checks one deployment. A field of a wrong type costs no model: only what decides whether it can be called at all does.
 * References where the schema wants a number or a switch are resolved here, since a consumer cannot use the text.
 */
export function checkEntry(
  entry: Tree,
  deployment: JsonObject,
  environment: Environment,
  validate: Validate,
): Checked {
  const first = validate(deployment)
  const params = asObject(deployment['litellm_params'])
  const typed = first.ok ? {} : referencesAtFault(params, first.problems)
  const resolved = resolveReferences(typed, environment, { path: 'litellm_params' })
  const next = withParams(deployment, replaceMembers(params, typed, asObject(resolved.value)))
  const last = first.ok ? first : validate(next)
  const found = [...(last.ok ? [] : last.problems), ...dateProblems(entry, deployment, validate)]
  const problems = found.map((each) => ({ ...each, msg: unquoted(entry, each) ?? each.msg }))
  const fatal = problems.filter((each) => isFatal(each, deployment))
  if (fatal.length > 0) return { ok: false, problems: fatal }

  const value = last.ok ? last.value : readable(next, params, problems)
  const rest = resolveReferences(asObject(value['litellm_params']), environment, { path: 'litellm_params' })
  return {
    ok: true,
    // The check has just said that name and parameters are there.
    deployment: withMoments(value as Deployment, entry),
    unset: [...resolved.unset, ...rest.unset],
    tolerated: problems,
  }
}

/** Without a name, parameters or a model there is nothing to call; without a readable team, nobody who may. */
function isFatal({ loc: [part, field], type }: Problem, deployment: JsonObject): boolean {
  if (part === 'litellm_params') return field === undefined || field === 'model'
  if (part !== 'model_info') return part !== 'rpm' && part !== 'tpm'
  if (field === 'team_id') return typeof asObject(deployment['model_info'])['team_id'] === 'object'
  return field === 'id' && type === 'string_too_long'
}

/** Fields that can be read are read; a reference to a value of a wrong type stays a reference, since the value may be a secret. */
function readable(deployment: JsonObject, written: JsonObject, problems: readonly Problem[]): JsonObject {
  const atFault = referencesAtFault(written, problems)
  const params = asObject(deployment['litellm_params'])
  const value = withParams(deployment, replaceMembers(params, atFault, atFault))
  const { model_info: info, ...others } = coerce(value, schemas['deployment']) as JsonObject
  if (!isJsonObject(info)) return { ...others, model_info: {} }
  const { team_id: team, blocked } = info
  return {
    ...others,
    model_info: {
      ...info,
      // Left as a number, it would be no team, and the model everybody's.
      ...(typeof team === 'number' || typeof team === 'boolean' ? { team_id: String(team) } : {}),
      // What is neither true nor false is no leave to call the model.
      ...(blocked == null || typeof blocked === 'boolean' ? {} : { blocked: true }),
    },
  }
}

function withParams(deployment: JsonObject, params: JsonObject): JsonObject {
  return isJsonObject(deployment['litellm_params']) ? { ...deployment, litellm_params: params } : deployment
}

/** Keeps the file's order of keys. */
export function replaceMembers(object: JsonObject, chosen: JsonObject, resolved: JsonObject): JsonObject {
  const missing = Object.keys(chosen).filter((key) => !Object.hasOwn(resolved, key))
  return Object.fromEntries(
    Object.entries(omit(object, new Set(missing))).map(([key, value]): [string, JsonValue] => [
      key,
      Object.hasOwn(resolved, key) ? (resolved[key] ?? null) : value,
    ]),
  )
}

function referencesAtFault(params: JsonObject, problems: readonly Problem[]): JsonObject {
  const fields = new Set(problems.filter(({ loc }) => loc[0] === 'litellm_params').map(({ loc }) => loc[1]))
  return Object.fromEntries(
    Object.entries(params).filter(([key, value]) => fields.has(key) && holdsReference(value)),
  )
}

function holdsReference(value: JsonValue): boolean {
  return isVariable(value) || (isJsonObject(value) && Object.values(value).some(holdsReference))
}

/** What YAML reads as something else than text when it stands without quotes. */
const kinds: Readonly<Record<string, string>> = {
  int: 'number',
  float: 'number',
  bool: 'boolean',
  date: 'date',
}

function unquoted(entry: Tree, { type, loc }: Problem): string | undefined {
  const kind = type === 'string_type' ? kinds[follow(entry, loc).kind] : undefined
  return kind && `This is a ${kind} to YAML; put it in quotes to make it text`
}

/** Fields of LiteLLM's ModelInfo that are moments: a date needs no quotes there. */
const moments: ReadonlySet<unknown> = new Set([
  'created_at',
  'updated_at',
  'ptu_effective_from',
  'ptu_effective_to',
])

/** As LiteLLM shows them, which is ISO 8601. */
function withMoments(deployment: Deployment, entry: Tree): Deployment {
  const info = Object.entries(deployment.model_info).map(([key, value]): [string, JsonValue] => {
    const isDate = moments.has(key) && follow(entry, ['model_info', key]).kind === 'date'
    return [key, isDate && typeof value === 'string' ? value.replace(' ', 'T') : value]
  })
  return { ...deployment, model_info: Object.fromEntries(info) }
}

/** As JSON a date in a text field would pass unseen, so it is checked as something else. */
function dateProblems(entry: Tree, deployment: JsonObject, validate: Validate): Problem[] {
  const paths = datePaths(entry).filter(([part, field]) => part !== 'model_info' || !moments.has(field))
  if (paths.length === 0) return []
  const probe = paths.reduce<JsonValue>((value, path) => replaceAt(value, path, {}), deployment)
  const result = validate(probe)
  return (result.ok ? [] : result.problems)
    .filter(({ type, loc }) => type.startsWith('string') && follow(entry, loc).kind === 'date')
    .map(({ loc, msg }) => ({ type: 'string_type', loc, msg }))
}

function datePaths(tree: Tree, path: readonly string[] = []): (readonly string[])[] {
  if (tree.kind === 'date') return [path]
  if (tree.kind === 'list')
    return tree.items.flatMap((item, index) => datePaths(item, [...path, String(index)]))
  if (tree.kind !== 'map') return []
  return Array.from(tree.entries.values()).flatMap(({ key, value }) => datePaths(value, [...path, str(key)]))
}

function replaceAt(value: JsonValue, [step, ...rest]: readonly string[], by: JsonValue): JsonValue {
  if (step === undefined) return by
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[]
    return items.map((item, index) => (String(index) === step ? replaceAt(item, rest, by) : item))
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === step ? replaceAt(item, rest, by) : item]),
  )
}

export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}
