import type { Deployment } from '../adapters/adapter'
import { sealedText } from '../adapters/sealed-form'
import type { Problem } from '../errors'
import { deepFreeze, isJsonObject, omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { nameProblems } from '../schema/names'
import type { Validate } from '../schema/validator'
import { deploymentId } from '../yaml/deployment-id'
import { resolveReferences } from '../yaml/environment'
import type { Environment, UnsetReference } from '../yaml/environment'
import { plain } from '../yaml/python-text'
import { describePlace, follow, member, positionOf } from '../yaml/tree'
import type { Tree } from '../yaml/tree'
import { asObject, checkEntry, replaceMembers } from './check-entry'
import { misspelledIn } from './misspelled'
import { unknownProviderWarning } from './unknown-provider'

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
  /** Names of providers that LiteLLM does not have and the file brings. */
  readonly customProviders: ReadonlySet<string>
}

export interface Rows {
  readonly rows: readonly ConfigRow[]
  readonly setAside: readonly SetAside[]
  /** What is served, but perhaps not as meant. */
  readonly warnings: readonly string[]
}

/** Parameters that say what the model is: needed for lists and prices, and no secrets. */
const describing = new Set(['model', 'custom_llm_provider', 'base_model'])

/** One entry of `model_list`: a row, several where `organization` is a list, none where it is for another environment. */
export function rowsOf(entry: Tree, context: RowsContext): Rows {
  const { environment, validate, maxNameLength } = context
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
  if (environmentCheck === 'inactive') return { rows: [], setAside: [], warnings: [] }
  if (environmentCheck !== 'active') return aside(entry, name, [environmentCheck])

  const rows: ConfigRow[] = []
  const warnings = new Set<string>()
  for (const one of perOrganization(deployment)) {
    const checked = checkEntry(entry, one, environment, validate)
    const problems = checked.ok ? nameProblems(checked.deployment, maxNameLength) : checked.problems
    if (!checked.ok || problems.length > 0) return aside(entry, name, [...problems, ...unmet])
    for (const each of checked.tolerated) warnings.add(toleranceOf(entry, each))
    const odd = unknownProviderWarning(entry, checked.deployment.litellm_params, context.customProviders)
    if (odd !== undefined) warnings.add(odd)
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
  return { rows, setAside: [], warnings: [...warnings] }
}

const fates: Readonly<Record<string, string>> = {
  model_info: 'It is left out',
  'model_info.team_id': 'It is read as text',
  'model_info.id': 'The id is the one that LiteLLM computes',
  'model_info.blocked': 'The model is blocked',
}

function toleranceOf(entry: Tree, { loc, msg }: Problem): string {
  const path = loc.join('.')
  return `${describePlace(follow(entry, loc))}: ${path}: ${msg}. ${fates[path] ?? 'The value is kept as it is'}.`
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

function aside(entry: Tree, name: string | null, found: readonly Problem[]): Rows {
  const meant = new Map(misspelledIn(entry, 'entry').map(({ key, intended }) => [intended, key.value]))
  const problems = found.map((each) => {
    const written = each.type === 'missing' ? meant.get(String(each.loc[0])) : undefined
    if (written === undefined) return each
    return { ...each, msg: `${each.msg}; did you mean ${String(each.loc[0])} by ${written}?` }
  })
  const [first] = problems
  const at = problems.length === 1 && first !== undefined ? follow(entry, first.loc) : entry
  return {
    rows: [],
    setAside: [deepFreeze({ where: describePlace(at), id: null, name, problems })],
    warnings: [],
  }
}

function problem(type: string, loc: readonly (string | number)[], msg: string): Problem {
  return { type, loc, msg }
}
