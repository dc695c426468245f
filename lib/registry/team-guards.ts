import type { Caller } from '../caller'
import type { Deployment } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import { jsonEquals } from '../json'
import type { JsonValue } from '../json'
import { referentOf } from '../yaml/environment'
import type { Destination } from './destinations'
import type { Edit } from './edit'
import { keysOf, leavesOf, memberOf } from './leaves'
import type { Leaf } from './leaves'
import type { Path } from './path'
import { isPriceName } from '../model-info/prices'
import { mayForAll } from './permissions'
import { teamOf } from './team-name'

/** What the administrator of a team may not write: whatever would reach secrets that are not the team's, or bills. */
export function guardTeamWrite(caller: Caller, edit: Edit): void {
  if (mayForAll(caller, 'update')) return
  const { next, before, added, removed } = edit
  if (before !== undefined && teamOf(next) !== teamOf(before))
    throw adminOnly(caller, 'model_info.team_id', 'move a model to another team')
  for (const [part, was, is] of partsOf(before, next))
    for (const key of changedKeys(was, is, (name) => isCredential(name) || isPrice(name)))
      throw isCredential(key) ? credentialRefused(caller) : adminOnly(caller, part + key, 'set a price')
  for (const leaf of added.concat(removed)) {
    if (isCredential(leaf.name)) throw credentialRefused(caller)
    // Deeper down only LiteLLM's own names are prices: a body for the provider has words of its own.
    if (leaf.name.includes('cost_per_')) throw adminOnly(caller, leaf.path.toString(), 'set a price')
  }
  const referring = added.concat(edit.guesses).find((leaf) => serversPart(leaf) !== undefined)
  if (referring !== undefined) throw referenceRefused(referring)
  if (before !== undefined) guardPlaces(edit, before)
}

const credential = 'litellm_credential_name'

function isCredential(name: string): boolean {
  return name.toLowerCase() === credential
}

function credentialRefused(caller: Caller): ModelManagementError {
  return adminOnly(caller, credential, `attach a stored credential (${credential})`)
}

type Part = readonly [path: string, before: JsonValue | undefined, next: JsonValue | undefined]

/** Where LiteLLM looks for prices. */
function partsOf(before: Deployment | undefined, next: Deployment): readonly Part[] {
  const at = (...keys: readonly string[]): Part => [
    `${keys.join('.')}.`,
    keys.reduce<JsonValue | undefined>(memberOf, before),
    keys.reduce<JsonValue | undefined>(memberOf, next),
  ]
  return [at('litellm_params'), at('litellm_params', 'model_info'), at('model_info'), ['', before, next]]
}

/** Of the keys that are guarded. */
function changedKeys(
  before: JsonValue | undefined,
  next: JsonValue | undefined,
  isGuarded: (key: string) => boolean,
): readonly string[] {
  if (before === next) return []
  const keys = [before, next].flatMap((one) => keysOf(one).filter(isGuarded))
  return keys.filter((key) => !jsonEquals(memberOf(before, key), memberOf(next, key)))
}

/** A base model brings the prices of its own. */
function isPrice(key: string): boolean {
  return isPriceName(key) || key.toLowerCase() === 'base_model'
}

const parts: ReadonlySet<string> = new Set(['litellm_params', 'model_info'])

/** As `litellm_params.extra_body`. */
function topOf({ keys }: Path): string {
  return keys.slice(0, parts.has(keys[0] ?? '') ? 2 : 1).join('.')
}

/**
 * A stored secret stays with the place it was given for: whoever changes the place brings the secret along. What is the
 * server's own, a variable or a stored credential, nobody but its administrators can bring along.
 */
function guardPlaces(edit: Edit, before: Deployment): void {
  const moved = movedPlace(edit)
  if (moved === undefined) return
  const params = edit.root.member('litellm_params')
  const hidden = new Set(edit.hiddenBefore.map(({ path }) => path))
  const secrets = new Map<string, Set<JsonValue>>()
  for (const leaf of leavesOf(before.litellm_params, params))
    if (hidden.has(leaf.path) || isServers(leaf))
      secrets.set(leaf.name, (secrets.get(leaf.name) ?? new Set()).add(leaf.value))
  const kept = leavesOf(edit.next.litellm_params, params).find(
    // At its own place: taken from anywhere, a guess beside the secret would be told whether it is right.
    (leaf) => secrets.get(leaf.name)?.has(leaf.value) === true && (isServers(leaf) || !edit.isSent(leaf)),
  )
  if (kept === undefined) return
  const place = moved.toString()
  const secret = kept.path.keys.slice(1).join('.')
  throw new ModelManagementError(
    'invalid_value',
    isServers(kept)
      ? `${place} says where ${secret} is sent, which is the server's. Send your own ${secret} with it.`
      : `${place} says where ${secret} is sent. Send ${secret} again with it.`,
    { param: place },
  )
}

function isServers({ name, value }: Leaf): boolean {
  return name === credential || referentOf(value) !== undefined
}

/** The first parameter by which secrets would be sent elsewhere. */
function movedPlace({ destinationsBefore, destinations, guesses }: Edit): Path | undefined {
  const [from, to] = [placesIn(destinationsBefore), placesIn(destinations)]
  const isMoved = (path: Path): boolean => from.get(path)?.text !== to.get(path)?.text
  const guessed = new Set(guesses.map(({ path }) => path))
  const isGuessed = (path: Path): boolean => to.get(path)?.from.some((one) => guessed.has(one)) === true
  return [...new Set([...from.keys(), ...to.keys()])].find((path) => isMoved(path) || isGuessed(path))
}

interface Place {
  /** Equal for places that are the same. */
  readonly text: string
  readonly from: readonly Destination['stored'][]
}

function placesIn(destinations: readonly Destination[]): ReadonlyMap<Path, Place> {
  const places = new Map<Path, Place>()
  for (const { path, place, stored, redirects } of destinations) {
    if (!redirects) continue
    const { text, from } = places.get(path) ?? { text: '', from: [] }
    places.set(path, { text: text + JSON.stringify(place), from: [...from, stored] })
  }
  return places
}

/** What a value names of the server, for messages. */
function serversPart({ name, value }: Leaf): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (referentOf(value) !== undefined)
    return /^\s*oidc/i.test(value)
      ? 'a token of the server (oidc/…)'
      : 'a variable of the server (os.environ/…)'
  if (name === 'aws_profile_name') return 'a profile of the server'
  // LiteLLM takes what is not the JSON of a service account for the path of a file.
  return /^vertex_(?:ai_)?credentials$/.test(name) && !/^\s*\{/.test(value)
    ? 'a file of the server'
    : undefined
}

function referenceRefused(leaf: Leaf): ModelManagementError {
  const param = topOf(leaf.path)
  const what = serversPart(leaf) ?? 'a secret of the server'
  return new ModelManagementError(
    'invalid_value',
    `${param} refers to ${what}. Only a proxy admin can do that: send the value itself.`,
    { param },
  )
}

function adminOnly({ role }: Caller, param: string, deed: string): ModelManagementError {
  return new ModelManagementError('admin_only', `Only a proxy admin can ${deed}. Your role=${role}`, {
    param,
  })
}
