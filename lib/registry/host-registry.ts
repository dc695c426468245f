import { roles, settledCaller } from '../caller'
import type { Caller } from '../caller'
import { ModelManagementError } from '../errors'
import { copyJson } from '../json'
import type { PublicModel } from '../model-info/present'
import { suggestName } from '../options/check'
import type { GivenLimits } from '../options/limits'
import type { RegistryListener } from './changes'
import { checkedNew } from './checked-new'
import type { NewDeployment } from './draft'
import { lookAgain } from './look-again'
import { unlessUnknown } from './unknown-model'
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
  /** Called after every change that is in effect on this instance, its own and others'. Returns what ends it. Throws `invalid_option` for another event. */
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
    caller === undefined ? everything : registry.scope(assertCaller(caller))
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
      if (known.outcome !== 'unknown' || !registry.isName(name)) return known
      await again.for(name)
      return resolution(name, caller)
    },
    list(caller) {
      const scope = scopeFor(caller)
      return registry.reads.rows(scope).map((row) => presented(row, scope))
    },
    async get(id, caller) {
      const scope = scopeFor(caller)
      // No model has another id than a text.
      if (typeof id !== 'string') return undefined
      const row = await registry.find(id, scope).catch(unlessUnknown)
      return row === undefined ? undefined : presented(row, scope)
    },
    async create(body, by = host) {
      const caller = settledCaller(assertCaller(by))
      const row = await registry.writes.create(checkedNew(body, limits), { caller })
      return presented(row, registry.scope(caller))
    },
    on(event, listener) {
      assertListens(event, listener)
      return registry.onChange(listener)
    },
    status: registry.status,
    async reload() {
      registry.reloadConfig()
      await registry.refresh()
    },
  }
}

/** Cheap, since `resolve()` asks it for each request: who is not quite a caller sees what such a caller would. */
function assertCaller(caller: Caller): Caller {
  if (typeof caller === 'object' && caller !== null && roles.includes(caller.role)) return caller
  const message = `A caller must be an object with a userId and a role, which is one of ${roles.join(', ')}; without a caller leave the argument out.`
  throw new ModelManagementError('invalid_option', message, { param: 'caller' })
}

function assertListens(event: unknown, listener: unknown): void {
  if (event !== 'change') {
    const advice =
      typeof event === 'string'
        ? ` '${event}'. ${suggestName(event, ['change'])}`
        : " of that name. Known is: 'change'."
    throw new ModelManagementError('invalid_option', `There is no event${advice}`, { param: 'event' })
  }
  if (typeof listener === 'function') return
  const message = "on('change', listener) needs a function as its listener."
  throw new ModelManagementError('invalid_option', message, { param: 'listener' })
}
