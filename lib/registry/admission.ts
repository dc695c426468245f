import type { Deployment } from '../adapters/adapter'
import { sealedText } from '../adapters/sealed-form'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import type { Options } from '../options'
import { isReference } from '../yaml/environment'
import { isDoneWithin } from './done-within'
import { leavesOf, sameness } from './leaves'
import type { Leaf } from './leaves'
import { refuseLiteralSecrets } from './literal-secrets'
import { mayForAll } from './permissions'
import type { References } from './references'
import { publicNameOf } from './team-name'
import { addressIn, defaultUrlPolicy } from './url-policy'

/**
 * Throws `invalid_value` for what this gateway does not keep. `before` is what an update begins from: what stays as it is
 * there has been admitted, or other hands have written it, and does not keep the rest from being changed.
 */
export type Admission = (caller: Caller, deployment: Deployment, before?: Deployment) => Promise<void>

export function admissionOf(
  options: Options,
  references: References,
  patienceMs = policyPatienceMs,
): Admission {
  const { secrets, urlPolicy = defaultUrlPolicy } = options
  return async (caller, deployment, before) => {
    if (sealedText(deployment) !== undefined) throw sealedRefused()
    if (secrets === 'reference-only') refuseLiteralSecrets(deployment, before)
    const kept = new Set(leavesOf(before ?? {}).map(identity))
    const news = leavesOf(deployment).filter((leaf) => !kept.has(identity(leaf)))
    for (const leaf of news) references.check(leaf)
    for (const leaf of news) {
      const facts = { caller, param: leaf.path, model: publicNameOf(deployment) }
      const ask = (url: URL): Promise<unknown> => answerWithin(patienceMs, async () => urlPolicy(url, facts))
      const reason = await reasonAgainst(leaf, mayForAll(caller, 'update'), ask)
      if (reason !== undefined) throw refused(leaf.path, reason)
    }
  }
}

/** A write waits for the policy, and the next writes of the same model for this one. */
const policyPatienceMs = 10_000

async function answerWithin(ms: number, ask: () => Promise<unknown>): Promise<unknown> {
  const answer = ask()
  if (await isDoneWithin(ms, answer)) return answer
  throw new ModelManagementError(
    'upstream_failed',
    "The URL policy of this gateway (option 'urlPolicy') did not answer in time.",
  )
}

/** Names of parameters that say where requests go; the second kind may hold a bare host, without a scheme. */
const urlNames = /(?:api[_-]?base|base[_-]?url|ur[li])s?$/i
const hostNames = /(?:host|hostname|endpoint|server|domain|proxy|proxies)$/i

/** Administrators may write what is no URL; what others write has to be one that every parser reads alike. */
async function reasonAgainst(
  leaf: Leaf,
  isAdmin: boolean,
  policy: (url: URL) => Promise<unknown>,
): Promise<string | undefined> {
  if (!isAdmin && leadsAway(leaf)) return 'it would lead to another host'
  const text = addressTextIn(leaf)
  if (text === undefined) return undefined
  const address = addressIn(text, hostNames.test(leaf.name))
  if (address === undefined) return isAdmin ? undefined : 'it is no URL'
  if (address.oddity !== undefined && !isAdmin) return address.oddity
  const verdict = await policy(address.url)
  if (verdict === true) return undefined
  return typeof verdict === 'string' ? verdict : 'no reason is given'
}

/** Clients build hosts of these, as `https://${region}-aiplatform.example`: with such a character in it the rest is a path. */
function leadsAway({ path, name, value }: Leaf): boolean {
  const isPlace = path.startsWith('litellm_params.') && /(?:region(?:_name)?|location|project)$/i.test(name)
  return isPlace && typeof value === 'string' && !isReference(value) && /[/\\?#@\s\p{Cc}]/u.test(value)
}

/** What of a parameter says where requests go, if anything does. */
function addressTextIn({ path, name, value }: Leaf): string | undefined {
  if (typeof value !== 'string' || value === '' || isReference(value)) return undefined
  // Of some providers the model itself may be an address: `huggingface/https://…`.
  if (path === 'litellm_params.model') return /[a-z][a-z\d+.-]*:[/\\]{2}.*/is.exec(value)?.[0]
  const says = path.startsWith('litellm_params.') && (urlNames.test(name) || hostNames.test(name))
  return says ? value : undefined
}

function identity(leaf: Leaf): string {
  return `${leaf.path} ${sameness(leaf)}`
}

/** Only what an adapter sealed is kept in that form: read back, it would be set aside. */
function sealedRefused(): ModelManagementError {
  const param = 'litellm_params.sealed'
  const message = `${param} has the form of a sealed model. Send the model in clear: sealing it is the adapter's work.`
  return new ModelManagementError('invalid_value', message, { param })
}

function refused(param: string, reason: string): ModelManagementError {
  const message = `${param} is refused by the URL policy of this gateway: ${reason}.`
  return new ModelManagementError('invalid_value', message, { param })
}
