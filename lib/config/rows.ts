import type { Deployment } from '../adapters/adapter'
import { sealedText } from '../adapters/sealed-form'
import type { Problem } from '../errors'
import { deepFreeze, isJsonObject, omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { nameProblems } from '../schema/names'
import type { Validate } from '../schema/validator'
import { deploymentId } from '../yaml/deployment-id'
import { isVariable, resolveReferences } from '../yaml/environment'
import type { Environment, UnsetReference } from '../yaml/environment'
import { plain, str } from '../yaml/python-text'
import { describePlace, follow, member, positionOf } from '../yaml/tree'
import type { Tree } from '../yaml/tree'

/** One deployment of the file. References in ordinary text parameters are still references. */
export interface ConfigRow {
  /** LiteLLM's id. Two entries with equal name and parameters have the same one. */
  readonly id: string
  readonly deployment: Deployment
  readonly where: { readonly file: string; readonly line: number }
  readonly unsetReferences: readonly UnsetReference[]
}

/** An entry that is not served, and why. */
export interface SetAside {
  /** `config.yaml:12:5` */
  readonly where: string
  readonly id: null
  readonly name: string | null
  readonly problems: readonly Problem[]
}

export interface RowsContext {
  readonly environment: Environment
  readonly validate: Validate
  /** Characters. */
  readonly maxNameLength: number
}

export interface Rows {
  readonly rows: readonly ConfigRow[]
  readonly setAside: readonly SetAside[]
}

/** Parameters that say what the model is: needed for lists and prices, and no secrets. */
const describing = new Set(['model', 'custom_llm_provider', 'base_model'])

/** One entry of `model_list`: a row, several where `organization` is a list, none where it is for another environment. */
export function rowsOf(entry: Tree, { environment, validate, maxNameLength }: RowsContext): Rows {
  const source = plain(entry)
  if (!isJsonObject(source))
    return aside(entry, null, [problem('model_type', [], 'An entry must be a mapping')])
  const { deployment, unset } = describe(source, environment)
  const name = typeof deployment['model_name'] === 'string' ? deployment['model_name'] : null
  const unmet = unset.map(({ path, variable }) => {
    return problem('unset_reference', path.split('.'), `Environment variable ${variable} is not set`)
  })

  if (sealedText(source) !== undefined)
    return aside(entry, name, [
      problem(
        'key_ring',
        ['litellm_params', 'sealed'],
        'It is sealed, and only sealed(yamlFileAdapter({ file }), { keys }) opens it',
      ),
    ])

  const environmentCheck = checkEnvironment(deployment, environment)
  if (environmentCheck === 'inactive') return { rows: [], setAside: [] }
  if (environmentCheck !== 'active') return aside(entry, name, [environmentCheck])

  const rows: ConfigRow[] = []
  for (const one of perOrganization(deployment)) {
    const checked = checkedDeployment(one, environment, validate)
    const problems = [
      ...dateProblems(entry, one, validate),
      ...(checked.ok ? nameProblems(checked.deployment, maxNameLength) : checked.problems),
    ]
    if (!checked.ok || problems.length > 0) return aside(entry, name, [...problems, ...unmet])
    const { file, line } = positionOf(entry)
    const id = idOf(entry, checked.deployment, environment)
    rows.push(
      deepFreeze({
        id,
        deployment: withGivenId(checked.deployment, id),
        where: { file, line },
        unsetReferences: [...unset, ...checked.unset],
      }),
    )
  }
  return { rows, setAside: [] }
}

/** Resolves what says what the model is: the name, `model_info`, top-level extras and a few parameters. */
function describe(source: JsonObject, environment: Environment) {
  const params = source['litellm_params']
  const own = isJsonObject(params) ? params : {}
  const chosen = Object.fromEntries(Object.entries(own).filter(([key]) => describing.has(key)))
  const outer = resolveReferences(omit(source, new Set(['litellm_params'])), environment, { level: 1 })
  const inner = resolveReferences(chosen, environment, { path: 'litellm_params' })
  const deployment: Record<string, JsonValue> = { ...asObject(outer.value) }
  if (deployment['model_info'] == null) deployment['model_info'] = {}
  if (isJsonObject(params))
    deployment['litellm_params'] = replaceMembers(params, chosen, asObject(inner.value))
  else if (params !== undefined) deployment['litellm_params'] = params
  return { deployment, unset: [...outer.unset, ...inner.unset] }
}

/** Keeps the file's order of keys. */
function replaceMembers(object: JsonObject, chosen: JsonObject, resolved: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => !Object.hasOwn(chosen, key) || Object.hasOwn(resolved, key))
      .map(
        ([key, value]) => [key, Object.hasOwn(resolved, key) ? resolved[key] : value] as [string, JsonValue],
      ),
  )
}

type Checked =
  | { readonly ok: true; readonly deployment: Deployment; readonly unset: readonly UnsetReference[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** A reference where the schema wants a number or a switch is resolved now: nobody could use the text. */
function checkedDeployment(deployment: JsonObject, environment: Environment, validate: Validate): Checked {
  const first = validate(deployment)
  const params = asObject(deployment['litellm_params'])
  const typed = first.ok ? {} : referencesAtFault(params, first.problems)
  const resolved = resolveReferences(typed, environment, { path: 'litellm_params' })
  const next = { ...deployment, litellm_params: replaceMembers(params, typed, asObject(resolved.value)) }
  const last = first.ok ? first : validate(isJsonObject(deployment['litellm_params']) ? next : deployment)
  if (!last.ok) return last
  const rest = resolveReferences(asObject(last.value['litellm_params']), environment, {
    path: 'litellm_params',
  })
  // The schema has just said that name and parameters are there.
  return { ok: true, deployment: last.value as Deployment, unset: [...resolved.unset, ...rest.unset] }
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

/** To LiteLLM a date is no text: a text field refuses it. As JSON it would pass unseen, so it is tried as something else. */
function dateProblems(entry: Tree, deployment: JsonObject, validate: Validate): Problem[] {
  const paths = datePaths(entry)
  if (paths.length === 0) return []
  const probe = paths.reduce<JsonValue>((value, path) => replaceAt(value, path, {}), deployment)
  const result = validate(probe)
  return (result.ok ? [] : result.problems)
    .filter(({ type, loc }) => type.startsWith('string') && follow(entry, loc).kind === 'date')
    .map(({ loc }) => problem('string_type', loc, 'This is a date to YAML; put it in quotes to make it text'))
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

function checkEnvironment(deployment: JsonObject, environment: Environment): 'active' | 'inactive' | Problem {
  const supported = asObject(deployment['model_info'])['supported_environments']
  if (supported == null) return 'active'
  const loc = ['model_info', 'supported_environments']
  const known = ['development', 'staging', 'production']
  const names = Array.isArray(supported) ? (supported as readonly JsonValue[]) : undefined
  if (names === undefined || !names.every((name) => typeof name === 'string' && known.includes(name))) {
    return problem('literal_error', loc, `Input should be a list of ${known.join(', ')}`)
  }
  const current = environment('LITELLM_ENVIRONMENT')
  if (current === undefined || !known.includes(current)) {
    return problem('unset_reference', loc, `LITELLM_ENVIRONMENT must be set to one of ${known.join(', ')}`)
  }
  return names.includes(current) ? 'active' : 'inactive'
}

function perOrganization(deployment: JsonObject): readonly JsonObject[] {
  const params = asObject(deployment['litellm_params'])
  const organizations = params['organization']
  if (!Array.isArray(organizations) || organizations.length === 0) return [deployment]
  return (organizations as readonly JsonValue[]).map((organization) => {
    return { ...deployment, litellm_params: { ...params, organization } }
  })
}

/** The given id or LiteLLM's hash, over the file's own values and not over what validation made of them. */
function idOf(entry: Tree, deployment: Deployment, environment: Environment): string {
  const given = member(member(entry, 'model_info'), 'id')
  if (given?.kind === 'int') return given.digits
  const id = deployment.model_info['id']
  if (typeof id === 'string' && id !== '') return id
  return deploymentId(deployment.model_name, member(entry, 'litellm_params') ?? entry, environment)
}

/** The id as it is looked up: `7` in the file is the text `7`, with all of its digits. */
function withGivenId(deployment: Deployment, id: string): Deployment {
  if (!Object.hasOwn(deployment.model_info, 'id')) return deployment
  return { ...deployment, model_info: { ...deployment.model_info, id } }
}

function aside(entry: Tree, name: string | null, problems: readonly Problem[]): Rows {
  const [first] = problems
  const at = problems.length === 1 && first !== undefined ? follow(entry, first.loc) : entry
  return { rows: [], setAside: [deepFreeze({ where: describePlace(at), id: null, name, problems })] }
}

function problem(type: string, loc: readonly (string | number)[], msg: string): Problem {
  return { type, loc, msg }
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}
