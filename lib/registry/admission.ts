import type { Deployment } from '../adapters/adapter'
import { sealedText } from '../adapters/sealed-form'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import type { JsonValue } from '../json'
import type { Options } from '../options'
import { isDoneWithin } from './done-within'
import { destinationIn, destinationLeaves, leadsAway } from './destinations'
import { hiddenIn } from './kept-hidden'
import { identity, leavesOf } from './leaves'
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
  const { secrets, urlPolicy = defaultUrlPolicy, bodyLimit } = options
  return async (caller, deployment, before) => {
    if (sealedText(deployment) !== undefined) throw sealedRefused()
    if (before !== undefined) assertFits(deployment, before, bodyLimit)
    if (secrets === 'reference-only') refuseLiteralSecrets(deployment, before)
    const kept = new Set(leavesOf(before ?? {}).map(identity))
    const news = leavesOf(deployment).filter((leaf) => !kept.has(identity(leaf)))
    for (const leaf of news) references.check(leaf)
    const addressed = new Set(before === undefined ? [] : destinationLeaves(before).map(identity))
    for (const leaf of destinationLeaves(deployment).filter((one) => !addressed.has(identity(one)))) {
      const facts = { caller, param: leaf.path, model: publicNameOf(deployment) }
      const ask = (url: URL): Promise<unknown> => answerWithin(patienceMs, async () => urlPolicy(url, facts))
      const reason = await reasonAgainst(leaf, mayForAll(caller, 'update'), ask)
      if (reason !== undefined) throw refused(leaf.path, reason)
    }
  }
}

/** What no body could bring at once is not brought bit by bit either: every list holds all of it. Smaller is always taken. */
function assertFits(deployment: Deployment, before: Deployment, most: number): void {
  const size = sizeOf(deployment)
  if (size <= most || size <= sizeOf(before)) return
  throw new ModelManagementError(
    'limit_reached',
    `The model would be larger than ${most} bytes (option 'bodyLimit'). Remove what it does not need.`,
  )
}

const secretStep = 256

/** Secrets count in steps, so that nobody finds out how long one is by filling the rest. */
function sizeOf(deployment: Deployment): number {
  const over = hiddenIn(deployment).map(({ value }) => bytesOf(value) % secretStep)
  return over.reduce((size, bytes) => size + secretStep - bytes, bytesOf(deployment))
}

function bytesOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value))
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

/** Administrators may write what is no URL; what others write has to be one that every parser reads alike. */
async function reasonAgainst(
  leaf: Leaf,
  isAdmin: boolean,
  policy: (url: URL) => Promise<unknown>,
): Promise<string | undefined> {
  if (!isAdmin && leadsAway(leaf)) return 'it would lead to another host'
  const found = destinationIn(leaf)
  if (found === undefined) return undefined
  const address = addressIn(found.text, found.isHost)
  if (address === undefined) return isAdmin || !found.isSure ? undefined : 'it is no URL'
  if (address.oddity !== undefined && !isAdmin) return address.oddity
  const verdict = await policy(address.url)
  if (verdict === true) return undefined
  return typeof verdict === 'string' ? verdict : 'no reason is given'
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
