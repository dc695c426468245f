import { ModelManagementError } from '../errors'
import type { JsonObject, JsonValue } from '../json'
import type { CostMap } from '../model-info/cost-map'
import type { Presenter } from '../model-info/present'
import type { TimeSlices } from '../time-slices'
import { deprecationsOf } from './deprecations'
import type { DeprecationQuery } from './deprecations'
import { groupsOf } from './groups'
import type { GroupInfo } from './groups'
import { readyBytes } from './list-bytes'
import type { ReadyBytes } from './list-bytes'
import type { Row } from './row'
import { scopeOf } from './visibility'
import type { Scope } from './visibility'

/** What dashboards ask beside the lists. */
export interface HubReads {
  /** What is known of the names that are public, to everybody: no team's models, and no names that are addresses. */
  published(): Promise<Published>
  /** The models that their providers end. */
  deprecations(scope: Scope, query: DeprecationQuery): Promise<JsonObject>
  /** The OpenAI parameters of a model that the caller sees, else of a model of the cost map. Throws `unknown_model`. */
  openaiParams(scope: Scope, model: string): Promise<JsonValue>
}

export interface Published {
  readonly groups: readonly GroupInfo[]
  /** The same as JSON. */
  readonly bytes: ReadyBytes
}

export interface HubContext {
  readonly presenter: Presenter
  readonly publicNames: ReadonlySet<string>
}

export interface HubParts<C extends HubContext> {
  readonly context: () => Promise<C>
  /** Differs where what is published may differ. */
  readonly versionOf: (now: C) => string
  readonly named: (scope: Scope, name: string, now: C) => readonly Row[]
  /** Each deployment that the caller sees, once. */
  readonly deployments: (scope: Scope, now: C) => Promise<readonly Row[]>
  readonly costMap: () => CostMap
  readonly slices: TimeSlices
}

/** Whoever has no key: sees what belongs to no team. */
const everybody = scopeOf({ userId: 'anonymous', role: 'customer' })

export function createHubReads<C extends HubContext>(parts: HubParts<C>): HubReads {
  const { context, named, slices } = parts
  // Asked for without a key, so that it is made once for each state.
  let latest: { readonly version: string; readonly value: Promise<Published> } | undefined

  async function publish(now: C): Promise<Published> {
    const found = await slices.map([...now.publicNames], (name) => named(everybody, name, now))
    const groups: GroupInfo[] = []
    for (const rows of found)
      groups.push(...(await groupsOf(rows, everybody, now.presenter, slices, now.publicNames)))
    return { groups, bytes: readyBytes(Buffer.from(JSON.stringify(groups))) }
  }

  return {
    async published() {
      const now = await context()
      const version = parts.versionOf(now)
      if (latest?.version !== version) latest = { version, value: publish(now) }
      const { value } = latest
      value.catch(() => (latest = undefined))
      return value
    },
    async deprecations(scope, query) {
      const now = await context()
      const rows = await parts.deployments(scope, now)
      const about = { scope, presenter: now.presenter, map: parts.costMap(), slices, now: new Date() }
      return deprecationsOf(rows, query, about)
    },
    async openaiParams(scope, model) {
      const now = await context()
      const [row] = named(scope, model, now)
      if (row !== undefined) return now.presenter.shown(row)('supported_openai_params') ?? null
      const unlisted = { model_name: model, litellm_params: { model }, model_info: {} }
      const { provider, fields } = parts.costMap().describe(unlisted)
      if (provider !== undefined) return fields['supported_openai_params'] ?? null
      throw new ModelManagementError('unknown_model', `Could not map model=${model}`, { id: model })
    },
  }
}
