import { settledCaller } from '../caller'
import type { Caller } from '../caller'
import { copyJson } from '../json'
import type { PublicModel } from '../model-info/present'
import type { GivenLimits } from '../options/limits'
import type { RegistryListener } from './changes'
import { checkedNew } from './checked-new'
import type { NewDeployment } from './draft'
import { lookAgain } from './look-again'
import { unlessUnknown } from './registry'
import type { Registry } from './registry'
import type { Resolution, ResolvedDeployment } from './resolve'
import type { Row } from './row'
import type { Status } from './status'
import { everything } from './visibility'
import type { Scope } from './visibility'

/** What the host may call. Reads answer from memory unless they return a promise. */
export interface ModelRegistry {
  /** The deployments behind a name, references and secrets in clear; empty when there is none that may be used now. */
  resolve(name: string, caller?: Caller): readonly ResolvedDeployment[]
  /** The same with the reason when it is empty. */
  resolution(name: string, caller?: Caller): Resolution
  /** Like `resolution`, but a name that is not known is looked for in storage before it is called unknown. */
  resolveFresh(name: string, caller?: Caller): Promise<Resolution>
  /** What `GET /model/info` lists, for this caller or, without one, whole. */
  list(caller?: Caller): readonly PublicModel[]
  /** One model as storage has it now. */
  get(id: string, caller?: Caller): Promise<PublicModel | undefined>
  /** Adds a model as `POST /model/new` does. Resolves when it is stored. */
  create(body: NewDeployment, caller?: Caller): Promise<PublicModel>
  /** Called after every change that is in effect on this instance, its own and others'. Returns what ends it. */
  on(event: 'change', listener: RegistryListener): () => void
  status(): Status
  /** Reads the config file and storage now. */
  reload(): Promise<void>
}

/** The host itself, when it calls without naming a caller. */
const host: Caller = Object.freeze({ userId: 'default_user_id', role: 'proxy_admin' })

export function hostRegistryOf(registry: Registry, limits: GivenLimits): ModelRegistry {
  const again = lookAgain(registry.refresh)
  const scopeFor = (caller: Caller | undefined): Scope =>
    caller === undefined ? everything : registry.scope(caller)
  const resolution = (name: string, caller?: Caller): Resolution =>
    registry.resolution(name, scopeFor(caller))

  /** The host's own to change: parts of what is presented are shared with the next who reads. */
  const presented = (row: Row, scope: Scope): PublicModel =>
    copyJson(registry.presenter.model(row, scope.audience(row)))

  return {
    resolution,
    resolve: (name, caller) => resolution(name, caller).deployments,
    async resolveFresh(name, caller) {
      const known = resolution(name, caller)
      if (known.outcome !== 'unknown') return known
      await again.for(name)
      return resolution(name, caller)
    },
    list(caller) {
      const scope = scopeFor(caller)
      return registry.reads.rows(scope).map((row) => presented(row, scope))
    },
    async get(id, caller) {
      const scope = scopeFor(caller)
      const row = await registry.find(id, scope).catch(unlessUnknown)
      return row === undefined ? undefined : presented(row, scope)
    },
    async create(body, by = host) {
      const caller = settledCaller(by)
      const row = await registry.writes.create(checkedNew(body, limits), { caller })
      return presented(row, registry.scope(caller))
    },
    on: (_, listener) => registry.onChange(listener),
    status: registry.status,
    async reload() {
      registry.reloadConfig()
      await registry.refresh()
    },
  }
}
