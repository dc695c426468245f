import type { Deployment } from '../adapters/adapter'
import { omit } from '../json'
import type { JsonObject } from '../json'
import { redactExtras, redactModelInfo } from '../model-info/redact'
import { hiddenLeaves, identity, leavesOf } from './leaves'
import type { Leaf } from './leaves'

const parts: ReadonlySet<string> = new Set(['model_name', 'litellm_params', 'model_info'])

/**
 * The path of a secret that readers were not shown and would be shown from now on, although who writes did not send it: a mask that
 * came back in `{ name: 'api_key', value: '********' }` brings the secret along when the name beside it says something harmless now.
 */
export function revealed(before: Deployment, next: Deployment, sent: JsonObject): string | undefined {
  const secrets = new Set(hiddenIn(before).map(text))
  if (secrets.size === 0) return undefined
  const shown = new Set(shownIn(before).map(identity))
  const brought = new Set(leavesOf(sent).map(text))
  return shownIn(next).find(
    (leaf) => secrets.has(text(leaf)) && !brought.has(text(leaf)) && !shown.has(identity(leaf)),
  )?.path
}

interface Part {
  readonly stored: JsonObject
  readonly shown: JsonObject
}

/** Each under its own name, so that equal paths of two parts are not taken for one. What is left out of the params is hidden. */
function partsOf({ litellm_params: params, model_info: info, ...others }: Deployment): readonly Part[] {
  const extras = omit(others, parts)
  return [
    { stored: { litellm_params: params }, shown: { litellm_params: redactExtras(params) } },
    { stored: { model_info: info }, shown: { model_info: redactModelInfo(info) } },
    { stored: extras, shown: redactExtras(extras) },
  ]
}

/** What a reader is not shown as it is. */
export function hiddenIn(deployment: Deployment): readonly Leaf[] {
  return partsOf(deployment).flatMap(({ stored, shown }) => hiddenLeaves(stored, shown))
}

function shownIn(deployment: Deployment): readonly Leaf[] {
  return partsOf(deployment).flatMap(({ stored, shown }) => {
    const hidden = new Set(hiddenLeaves(stored, shown).map(({ path }) => path))
    return leavesOf(stored).filter(({ path }) => !hidden.has(path))
  })
}

function text({ value }: Leaf): string {
  return JSON.stringify(value)
}
