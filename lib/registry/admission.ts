import { sealedText } from '../adapters/sealed-form'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import type { JsonValue } from '../json'
import type { Options } from '../options'
import { countValues } from '../schema/count-values'
import { assertCredentialExists } from './credentials'
import type { Credentials } from './credentials'
import { isDoneWithin } from './done-within'
import type { FoundAddress } from './address-values'
import type { Destination } from './destinations'
import type { Edit } from './edit'
import type { Leaf } from './leaves'
import { literalSecretRefused } from './literal-secrets'
import { mayForAll } from './permissions'
import type { References } from './references'
import { publicNameOf } from './team-name'
import { addressIn, defaultUrlPolicy, deniedAddress } from './url-policy'

/**
 * Throws `invalid_value` for what this gateway does not keep. What stays as it was before an update has been admitted, or other
 * hands have written it, and does not keep the rest from being changed; what is sent in clear is judged even if it is the same.
 */
export type Admission = (caller: Caller, edit: Edit) => Promise<void>

export function admissionOf(
  options: Options,
  references: References,
  credentials: Credentials,
  patienceMs = policyPatienceMs,
): Admission {
  const { secrets, urlPolicy = defaultUrlPolicy, limits } = options
  return async (caller, edit) => {
    const { next } = edit
    if (sealedText(next) !== undefined) throw sealedRefused()
    assertFits(edit, options)
    if (secrets === 'reference-only' && edit.sentSecret !== undefined)
      throw literalSecretRefused(edit.sentSecret)
    for (const leaf of edit.added.concat(edit.guesses)) references.check(leaf)
    assertCredentialExists(edit, credentials)
    const isAdmin = mayForAll(caller, 'update')
    let asked = 0
    for (const destination of newDestinations(edit)) {
      const param = destination.path.toString()
      const refuse = (reason: string): never => {
        throw refused(param, reason)
      }
      if (!isAdmin && destination.leadsAway) refuse('it would lead to another host')
      for (const found of destination.addresses) {
        const url = urlToAsk(found, destination.isSure, isAdmin, refuse)
        if (url === undefined) continue
        if (++asked > limits.maxAddresses) throw tooManyAddresses(limits.maxAddresses)
        const answer: unknown = urlPolicy(url, { caller, param, model: publicNameOf(next) })
        const reason = reasonIn(isPromise(answer) ? await answerWithin(patienceMs, answer) : answer)
        if (reason !== undefined) refuse(reason)
      }
    }
  }
}

/** Those that the stored model does not have at the same place, and those that were sent in clear though readers see them not. */
function newDestinations({ destinations, destinationsBefore, guesses }: Edit): readonly Destination[] {
  const known = new Map<unknown, Set<JsonValue>>()
  for (const { path, value } of destinationsBefore) known.set(path, (known.get(path) ?? new Set()).add(value))
  const guessed = new Set(guesses.map(({ path }) => path))
  return destinations.filter(
    ({ path, value, stored }) => known.get(path)?.has(value) !== true || guessed.has(stored),
  )
}

/** What no body could bring at once is not brought bit by bit either: every list holds all of it. Smaller is always taken. */
function assertFits(edit: Edit, { bodyLimit: most, limits: { maxValues } }: Options): void {
  const { next, before, hiddenNext, hiddenBefore } = edit
  const values = before === undefined ? 0 : countValues(next)
  if (before !== undefined && values > maxValues && values > countValues(before))
    throw tooLarge(`have more than ${maxValues} values (option 'limits.maxValues')`)
  const size = sizeOf(next, hiddenNext)
  // A model of many small secrets is not to become one that nobody can change any more.
  const spare = Math.min(Math.max(hiddenNext.length - 1, 0) * secretStep, most)
  if (size <= most + spare || (before !== undefined && size <= sizeOf(before, hiddenBefore))) return
  throw tooLarge(`be larger than ${most} bytes (option 'bodyLimit')`)
}

function tooManyAddresses(most: number): ModelManagementError {
  return new ModelManagementError(
    'limit_reached',
    `The write has more than ${most} addresses (option 'limits.maxAddresses'). Remove what the model does not need.`,
  )
}

function tooLarge(what: string): ModelManagementError {
  return new ModelManagementError('limit_reached', `The model would ${what}. Remove what it does not need.`)
}

const secretStep = 256

/** Secrets count in steps, so that nobody finds out how long one is by filling the rest. */
function sizeOf(deployment: JsonValue, hidden: readonly Leaf[]): number {
  let size = bytesOf(deployment)
  for (const { value } of hidden) size += secretStep - (bytesOf(value) % secretStep)
  return size
}

function bytesOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** A write waits for the policy, and the next writes of the same model for this one. */
const policyPatienceMs = 10_000

async function answerWithin(ms: number, answer: PromiseLike<unknown>): Promise<unknown> {
  const answered = Promise.resolve(answer)
  if (await isDoneWithin(ms, answered)) return answered
  throw new ModelManagementError(
    'upstream_failed',
    "The URL policy of this gateway (option 'urlPolicy') did not answer in time.",
  )
}

/** Most policies answer at once, and a model may have thousands of addresses. */
function isPromise(answer: unknown): answer is PromiseLike<unknown> {
  return typeof (Object(answer) as { readonly then?: unknown }).then === 'function'
}

/** Administrators may write what is no URL; what others write has to be one that every parser reads alike. */
function urlToAsk(
  { text, isHost, certainty }: FoundAddress,
  isSure: boolean,
  isAdmin: boolean,
  refuse: (reason: string) => never,
): URL | undefined {
  // What may be something else is not for a policy that knows some addresses only.
  if (certainty !== 'certain') {
    const reason = isAdmin ? undefined : deniedAddress(text, isHost)
    return reason === undefined ? undefined : refuse(reason)
  }
  const address = addressIn(text, isHost)
  if (address === undefined) return isAdmin || !isSure ? undefined : refuse('it is no URL')
  if (!isAdmin && address.oddity !== undefined) refuse(address.oddity)
  return address.url
}

function reasonIn(verdict: unknown): string | undefined {
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
