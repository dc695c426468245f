import { holdsAddress } from './address-in-name'
import { fillStars, findStars } from './patterns'
import type { Row } from './row'

/** Who chose the name: what a caller asks for is never an address; whoever writes an alias into the file may write one. */
export type ChosenBy = 'caller' | 'file'

/** The row's own `model`; without one it is called by its name. */
export function ownModel({ deployment, publicName }: Row): string {
  const { model } = deployment.litellm_params
  return typeof model === 'string' ? model : publicName
}

/**
 * The model that a wildcard row calls for a name. Undefined where the name does not fit, and where the model would leave the provider
 * or the host of the row's own: a name is chosen by callers, and the row's key goes wherever it leads. The whole is judged, not what
 * each star stands for.
 */
export function calledModel(
  row: Row,
  name: string,
  by: ChosenBy = 'caller',
  ownModelOf = ownModel,
): string | undefined {
  const stars = row.pattern === undefined ? undefined : findStars(row.pattern, name)
  if (stars === undefined) return undefined
  const own = ownModelOf(row)
  // As LiteLLM: where the stars do not fit, what was asked for is called.
  const model = fillStars(own, stars) ?? name
  if (!keepsProvider(row, own, model)) return undefined
  if (by === 'file') return model
  const leadsAway = holdsAddress(withoutOwnHost(name, row.publicName)) || leadsToHost(own, model)
  return leadsAway ? undefined : model
}

function keepsProvider({ deployment, teamId }: Row, own: string, model: string): boolean {
  const [head = '', ...rest] = own.split('*')
  if (rest.length === 0) return true
  const directory = head.slice(0, head.lastIndexOf('/') + 1)
  if (directory !== '') return model.startsWith(directory)
  const { custom_llm_provider: provider } = deployment.litellm_params
  if (typeof provider === 'string' && provider !== '') return true
  // A row of everybody's may leave the provider to its callers, as LiteLLM's `*` does; a team's has a key for one provider.
  if (head === '') return teamId === null
  return model.startsWith(head) && !model.includes('/')
}

/** A model that has no star is what the row's writer chose. */
function leadsToHost(own: string, model: string): boolean {
  return own !== model && holdsAddress(withoutOwnHost(model, own))
}

/** What follows the host that a template fixes: `https://own.example/*` fixes one, `https://*` and `https://own.example*` do not. */
function withoutOwnHost(text: string, template: string): string {
  const [head = ''] = template.split('*')
  const at = head.indexOf('://')
  const length = at < 0 ? -1 : head.slice(at + 3).search(/[/?#\\]/)
  const own = head.slice(0, at + 3 + length + 1)
  return length >= 0 && text.startsWith(own) ? text.slice(own.length) : text
}
