import type { Deployment } from '../adapters/adapter'
import { jsonEquals, omit, pick } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { extrasOf, isPart } from '../model-info/extras'
import { redactExtras, redactModelInfo } from '../model-info/redact'
import { removedParams } from '../model-info/secret-names'
import { createDestinationFinder } from './destinations'
import type { Destination } from './destinations'
import { differingLeaves, memberOf, valueAt } from './leaves'
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
  /** What the write makes different, as it is afterwards and as it was before. */
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
  /** What readers are not shown of the stored deployment, and of the next one. */
  readonly hiddenBefore: readonly Leaf[]
  readonly hiddenNext: readonly Leaf[]
  /**
   * What was sent in clear and readers are not shown. It is judged as if it were new, since a guess that is judged less strictly
   * where it is right is confirmed.
   */
  readonly guesses: readonly Leaf[]
  /** Where requests go by what the write changes or sends, and where they went by it before. */
  readonly destinations: readonly Destination[]
  readonly destinationsBefore: readonly Destination[]
  /** The place of a secret that was sent in clear, whether or not it equals the stored one. */
  readonly sentSecret: string | undefined
  /** Whether the value was sent in clear. */
  isSent(leaf: Pick<Leaf, 'path' | 'value'>): boolean
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
  const hidden = (deployment: JsonObject, shown = shownOf(deployment)): readonly Leaf[] =>
    differingLeaves(deployment, withoutRemoved(shown), root)
  const shownSent = shownOf(sent)
  const hiddenSent = hidden(sent, shownSent)
  const isTouched = (param: string): boolean =>
    memberOf(memberOf(sent, 'litellm_params'), param) !== undefined ||
    !jsonEquals(next.litellm_params[param], before?.litellm_params[param])
  const findDestinations = createDestinationFinder(root, isTouched)

  return {
    next,
    before,
    root,
    added: differingLeaves(next, before, root),
    removed: before === undefined ? [] : differingLeaves(before, next, root),
    hiddenBefore: before === undefined ? [] : hidden(before, shownBefore),
    hiddenNext: next === sent ? hiddenSent : hidden(next),
    guesses: before === undefined ? [] : hiddenSent.filter((leaf) => valueAt(next, leaf.path) === leaf.value),
    destinations: findDestinations(next),
    destinationsBefore: before === undefined ? [] : findDestinations(before),
    sentSecret: literalSecretIn(sent, shownSent),
    isSent: ({ path, value }) => valueAt(sent, path) === value,
  }
}

/**
 * A deployment, or a part of one, as readers may see it; of `litellm_params` nothing is left out that a message could name. The
 * same object where nothing is masked.
 */
export function shownOf(deployment: JsonObject): JsonObject {
  const { litellm_params: params, model_info: info } = deployment
  const extras = extrasOf(deployment)
  const shownExtras = redactExtras(extras)
  const shownParams = isObject(params) ? redactExtras(params) : params
  const shownInfo = isObject(info) ? redactModelInfo(info) : info
  const rest = shownExtras === extras ? deployment : { ...pick(deployment, isPart), ...shownExtras }
  return withPart(withPart(rest, 'litellm_params', shownParams), 'model_info', shownInfo)
}

/** Some parameters are shown to nobody, whatever is in them. */
function withoutRemoved(shown: JsonObject): JsonObject {
  const { litellm_params: params } = shown
  return isObject(params) ? withPart(shown, 'litellm_params', omit(params, removedParams)) : shown
}

function withPart(deployment: JsonObject, name: string, part: JsonValue | undefined): JsonObject {
  return part === undefined || part === deployment[name] ? deployment : { ...deployment, [name]: part }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
