import type { Deployment } from '../adapters/adapter'
import { omit } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { redactExtras, redactModelInfo } from '../model-info/redact'
import { differingLeaves, leavesOf } from './leaves'
import type { Leaf } from './leaves'
import { literalSecretIn } from './literal-secrets'
import { Path } from './path'

/** What a write makes of a model. Every guard judges the same one, so that each deployment is redacted once a write. */
export interface Edit {
  readonly next: Deployment
  /** The stored deployment on update. */
  readonly before: Deployment | undefined
  /** The root of all paths below. */
  readonly root: Path
  /** What readers are not shown, by its place, of the stored deployment and of the next one. */
  readonly hiddenBefore: ReadonlyMap<Path, JsonValue>
  readonly hiddenNext: ReadonlyMap<Path, JsonValue>
  /** The place of a secret that was sent in clear, whether or not it equals the stored one. */
  readonly sentSecret: string | undefined
  /** Whether the value was sent in clear. */
  isSent(leaf: Pick<Leaf, 'path' | 'value'>): boolean
  /**
   * Whether the value was sent in clear and is one that readers are not shown. It is judged as if it were new, since a guess
   * that is judged less strictly where it is right is confirmed.
   */
  isGuess(leaf: Pick<Leaf, 'path' | 'value'>): boolean
}

export interface EditParts {
  readonly next: Deployment
  /** The body as it was sent, masks and all. */
  readonly sent: JsonObject
  readonly before?: Deployment | undefined
  /** What readers are shown of `before`, where it is known already. */
  readonly shownBefore?: JsonObject | undefined
}

export function createEdit({ next, sent, before, shownBefore }: EditParts): Edit {
  const root = new Path()
  const hidden = (deployment: JsonObject, shown = shownOf(deployment)): ReadonlyMap<Path, JsonValue> =>
    valuesOf(differingLeaves(deployment, shown, root))
  const shownSent = shownOf(sent)
  const sentValues = valuesOf(leavesOf(sent, root))
  const hiddenSent = hidden(sent, shownSent)
  const isSent: Edit['isSent'] = ({ path, value }) => sentValues.has(path) && sentValues.get(path) === value

  return {
    next,
    before,
    root,
    hiddenBefore: before === undefined ? new Map() : hidden(before, shownBefore),
    hiddenNext: next === sent ? hiddenSent : hidden(next),
    sentSecret: literalSecretIn(sent, shownSent),
    isSent,
    isGuess: (leaf) => hiddenSent.has(leaf.path) && isSent(leaf),
  }
}

/** A deployment, or a part of one, as readers may see it; of `litellm_params` nothing is left out that a message could name. */
export function shownOf(deployment: JsonObject): JsonObject {
  const { model_name: name, litellm_params: params, model_info: info } = deployment
  return {
    ...redactExtras(omit(deployment, parts)),
    ...(name !== undefined && { model_name: name }),
    ...(params !== undefined && { litellm_params: isObject(params) ? redactExtras(params) : params }),
    ...(info !== undefined && { model_info: isObject(info) ? redactModelInfo(info) : info }),
  }
}

const parts: ReadonlySet<string> = new Set(['model_name', 'litellm_params', 'model_info'])

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valuesOf(leaves: readonly Leaf[]): ReadonlyMap<Path, JsonValue> {
  return new Map(leaves.map(({ path, value }) => [path, value] as const))
}
