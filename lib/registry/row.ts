import type { Deployment } from '../adapters/adapter'
import { sealedText } from '../adapters/sealed-form'
import { ModelManagementError } from '../errors'
import type { Problem } from '../errors'
import { isJsonObject } from '../json'
import type { Audit, Presentable } from '../model-info/present'
import { nameProblems } from '../schema/names'
import { validator } from '../schema/validator'
import { shapeOf } from './model-shape'
import { compilePattern, isPattern } from './patterns'
import type { Pattern } from './patterns'
import { publicNameOf, teamOf } from './team-name'

/** One deployment in the view, whatever source it came from. Checked; never changed. */
export interface Row extends Presentable {
  /** Opaque; compare for equality only. */
  readonly revision: string
  readonly teamId: string | null
  readonly accessGroups: readonly string[]
  /** Where the public name has stars. */
  readonly pattern?: Pattern
  /** The row that this one shows under another name: an alias's target, or the wildcard it is one model of. */
  readonly standsFor?: Row
  /** Whether that other name is an alias. */
  readonly isAlias?: true
}

/** What decides who sees a row. */
export interface AccessFacts extends Pick<Row, 'teamId' | 'publicName' | 'accessGroups' | 'isAlias'> {
  readonly deployment: Pick<Deployment, 'model_name'>
  readonly standsFor?: AccessFacts
}

/** A row that is not served, and why. */
export interface SetAside {
  /** The file with line and column, or the adapter's name. */
  readonly where: string
  readonly id: string | null
  readonly problems: readonly Problem[]
}

/** What storage says of one model: what is served, or why nothing is. */
export type Reading = Row | Unserved

export interface Unserved extends Pick<Row, 'id' | 'revision'> {
  readonly setAside: SetAside
}

const noAudit: Audit = { createdAt: null, createdBy: null, updatedAt: null, updatedBy: null }

export function configRow(id: string, deployment: Deployment, revision: string): Row {
  const blocked = deployment.model_info['blocked'] === true
  return { id, stored: false, deployment, blocked, audit: noAudit, revision, ...facts(deployment) }
}

/** Checks what an adapter handed back, since foreign hands may have been there. `asked` is its place in a list, or its id. */
export function storedRow(
  given: unknown,
  where: string,
  asked: number | string = 0,
  maxNameLength = Infinity,
): Reading {
  const shape = shapeOf(given, asked)
  if (shape.problem !== undefined) {
    const { key, id, revision, problem } = shape
    return { id: key, revision, setAside: { where, id, problems: [problem] } }
  }
  const { id, blocked, createdAt, createdBy, updatedAt, updatedBy, revision } = shape.model
  const setAside = (problems: readonly Problem[]): Unserved => ({
    id,
    revision,
    setAside: { where, id, problems },
  })
  const problem = unreadable(shape.model.deployment)
  if (problem !== undefined) return setAside([problem])
  const checked = checkDeployment(shape.model.deployment)
  if (!checked.ok) return setAside(checked.problems)
  const misnamed = nameProblems(checked.deployment, maxNameLength)
  if (misnamed.length > 0) return setAside(misnamed)
  // A model that a hand wrote into a file says nothing of when; an empty text is no time to a client.
  const audit = {
    createdAt: textOf(createdAt) || null,
    createdBy: textOf(createdBy),
    updatedAt: textOf(updatedAt) || null,
    updatedBy: textOf(updatedBy),
  }
  const { deployment } = checked
  return { id, stored: true, deployment, blocked, audit, revision, ...facts(deployment) }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Why there is nothing to check: the adapter says so itself, or it is one that cannot know. */
function unreadable(deployment: unknown): Problem | undefined {
  const says = (type: string, msg: string): Problem => ({ type, loc: ['deployment'], msg })
  if (deployment instanceof ModelManagementError) return says(deployment.code, deployment.message)
  // Taken for a plain one, its ciphertext would be sent to the provider.
  if (sealedText(deployment) === undefined) return undefined
  return says(
    'key_ring',
    'It is sealed, and the adapter does not open it: give the router sealed(adapter, { keys }) instead of the adapter.',
  )
}

export function isRow(reading: Reading): reading is Row {
  return 'deployment' in reading
}

type Checked =
  | { readonly ok: true; readonly deployment: Deployment }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const check = validator('deployment')

/** The deployment with its typed fields coerced and `model_info` filled in, or what is wrong with it. */
export function checkDeployment(value: unknown): Checked {
  const checked = check(value)
  if (!checked.ok) return checked
  const { value: whole } = checked
  const deployment = isJsonObject(whole['model_info']) ? whole : { ...whole, model_info: {} }
  return { ok: true, deployment: deployment as Deployment }
}

function facts(deployment: Deployment): Pick<Row, 'publicName' | 'teamId' | 'accessGroups' | 'pattern'> {
  const { access_groups: groups } = deployment.model_info
  const publicName = publicNameOf(deployment)
  return {
    publicName,
    ...(isPattern(publicName) ? { pattern: compilePattern(publicName) } : {}),
    teamId: teamOf(deployment),
    accessGroups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
  }
}
