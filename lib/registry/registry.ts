import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isWritable } from '../adapters/adapter'
import type { ModelSource } from '../adapters/adapter'
import type { Caller } from '../caller'
import type { ConfigFile } from '../config/config-file'
import type { ConfigRow } from '../config/rows'
import type { Environment } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import { canonicalJson } from '../json'
import type { CostMapKeeper } from '../model-info/cost-map-keeper'
import { presenterOf } from '../model-info/present'
import type { Presenter, PublicModel } from '../model-info/present'
import type { Options } from '../options'
import { accessGroupsOf } from './access-groups'
import type { AccessGroups } from './access-groups'
import { costMapBytes } from './cost-map-bytes'
import { costMapControl } from './cost-map-control'
import type { CostMapControl } from './cost-map-control'
import { admissionOf } from './admission'
import { changeEvents, changeOf } from './changes'
import type { RegistryListener } from './changes'
import { checkedNew } from './checked-new'
import { strictlyRisingClock } from './clock'
import type { NewDeployment } from './draft'
import { follow } from './follow'
import { gated } from './gate'
import type { ReadyBytes } from './lists'
import { knownModels, listing } from './listing'
import { lookAgain } from './look-again'
import type { ModelQuery, Page } from './query'
import { readsOf } from './reads'
import type { Reads } from './reads'
import { referencesOf } from './references'
import { resolver } from './resolve'
import type { Resolution, ResolvedDeployment } from './resolve'
import { roomOf } from './room'
import { configRow } from './row'
import { aliasesIn, fallbacksIn } from './router-settings'
import type { Row } from './row'
import { scopeCache } from './scope-cache'
import type { Snapshot } from './snapshot'
import { statusOf } from './status'
import type { Status } from './status'
import { viewOf } from './view'
import { everything } from './visibility'
import type { Scope } from './visibility'
import { unreachable, writesOf } from './writes'
import type { Writes } from './writes'

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

/** What `http/` works with besides. Everything that leaves through it has been redacted. */
export interface Registry extends ModelRegistry {
  readonly writes: Writes
  readonly reads: Reads
  readonly accessGroups: AccessGroups
  readonly costMapControl: CostMapControl
  readonly presenter: Presenter
  scope(caller: Caller): Scope
  /** Throws `not_ready` until everything was loaded for the first time. */
  assertReady(): void
  /** One row as storage has it now. Throws `unknown_model`, also for one that the caller does not see. */
  find(id: string, scope: Scope): Promise<Row>
  /** A page of what the caller sees, or of the one row with this id as storage has it now. */
  page(scope: Scope, query: ModelQuery, id?: string): Promise<Page>
  /** Whether everything was loaded once, and whether some source is out of reach now. */
  health(): { readonly ready: boolean; readonly degraded: boolean }
  /** The cost map as JSON. */
  costMapBytes(): ReadyBytes
  ready(): Promise<void>
  close(): Promise<void>
}

export interface RegistryParts {
  readonly options: Options
  readonly source: ModelSource
  readonly config: ConfigFile | undefined
  readonly costMap: CostMapKeeper
  readonly environment: Environment
}

/** The host itself, when it calls without naming a caller. */
const host: Caller = { userId: 'default_user_id', role: 'proxy_admin' }

export function registryOf({ options, source, config, costMap, environment }: RegistryParts): Registry {
  const { logger, refreshMs } = options
  const events = changeEvents(logger)
  const scopes = scopeCache()
  const presenter = (): Presenter => presenterOf(costMap.current(), options.publicParams)
  let presenting = presenter()
  const view = viewOf(source.name, (change) => events.emit(changeOf(change)))
  const control = costMapControl({ source, costMap, logger })
  const follower = follow({ source, view, logger, refreshMs, onRead: control.follow })
  const again = lookAgain(follower.refresh)
  const references = referencesOf({ options, config, environment })
  let resolving = resolver(references.inClear)
  const stopCostMap = costMap.onChange(() => {
    presenting = presenter()
    events.emit({ ids: 'all', rows: [], revision: view.snapshot.revision })
  })
  let fallbacks = fallbacksIn(config?.current())
  const configure = (): void => {
    const rows = configuredRows(config, source)
    const aliases = aliasesIn(config?.current())
    fallbacks = fallbacksIn(config?.current())
    // The file has variables too, and says which are not for stored models.
    resolving = resolver(references.inClear)
    view.configure(
      rows.map(({ id, deployment }) => configRow(id, deployment, canonicalJson(deployment))),
      aliases,
    )
  }
  const stopConfig = config?.onChange(configure)
  configure()

  const scopeFor = (caller: Caller | undefined): Scope =>
    caller === undefined ? everything : scopes.of(caller)

  function assertReady(): void {
    if (follower.loaded) return
    // Whoever asks while nothing is loaded makes the next attempt an early one.
    follower.refresh().catch(() => {})
    throw new ModelManagementError('not_ready', 'The models are still being loaded. Try again in a moment.')
  }

  function assertWritable(): void {
    assertReady()
    if (config?.current().generalSettings['store_model_in_db'] === false)
      throw new ModelManagementError(
        'writes_disabled',
        `Models cannot be changed here: general_settings.store_model_in_db is false in the config file.`,
      )
    if (!isWritable(source))
      throw new ModelManagementError(
        'writes_disabled',
        `Models are kept in '${source.name}', which is read-only.`,
      )
  }

  async function find(id: string, scope: Scope): Promise<Row> {
    assertReady()
    const known = view.snapshot.byId.get(id)
    const row = known?.stored === false ? known : await follower.read(id).catch(knownOr(known))
    if (row === undefined || !scope.sees(row))
      throw new ModelManagementError('unknown_model', `Model id = ${id} not found on litellm proxy`, { id })
    return row
  }

  const resolution = (name: string, caller?: Caller): Resolution =>
    resolving.resolve(view.snapshot, name, scopeFor(caller))

  const ungated = writesOf({
    source,
    view,
    follower,
    costMap: costMap.current,
    scope: scopes.of,
    assertWritable,
    admit: admissionOf(options, references),
    room: roomOf(view, options.limits),
    stamp: strictlyRisingClock(),
  })
  const writes = gated(ungated, options.limits.maxConcurrentWrites)
  const current = (): Snapshot => {
    assertReady()
    return view.snapshot
  }
  const { expandWildcard } = options
  const reads = readsOf({
    snapshot: current,
    presenter: () => presenting,
    listing: listing({
      policy: options.wildcards,
      expand: expandWildcard === undefined ? knownModels(costMap.current) : () => expandWildcard,
    }),
    fallbacks: () => fallbacks,
    publicInfo: options.publicInfo,
  })

  const accessGroups = accessGroupsOf({ snapshot: current, writes })
  const mapBytes = costMapBytes(costMap.current)

  return {
    writes,
    reads,
    accessGroups,
    costMapControl: control,
    costMapBytes: mapBytes,
    health: () => ({
      ready: follower.loaded,
      degraded: follower.fault !== null || config?.lastError() !== undefined,
    }),
    async page(scope, query, id) {
      if (id === undefined) return reads.page(scope, query)
      const row = await find(id, scope).catch(unlessUnknown)
      return reads.page(scope, query, row === undefined ? [] : [row])
    },
    get presenter() {
      return presenting
    },
    scope: scopes.of,
    assertReady,
    find,
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
      return reads.rows(scope).map((row) => presenting.model(row, scope.audience(row)))
    },
    async get(id, caller) {
      const scope = scopeFor(caller)
      const row = await find(id, scope).catch(unlessUnknown)
      return row === undefined ? undefined : presenting.model(row, scope.audience(row))
    },
    async create(body, caller = host) {
      const row = await writes.create(checkedNew(body), { caller })
      return presenting.model(row, scopes.of(caller).audience(row))
    },
    on: (_, listener) => events.on(listener),
    status: () => statusOf({ options, references, source, config, costMap, view, follower }),
    async reload() {
      config?.reload()
      await follower.refresh()
    },
    ready: follower.ready,
    async close() {
      stopConfig?.()
      stopCostMap()
      config?.close()
      control.close()
      costMap.close()
      await follower.close()
    },
  }
}

/** The file's models, but for those that the adapter keeps in the very same file: these are stored ones. */
function configuredRows(config: ConfigFile | undefined, { file }: ModelSource): readonly ConfigRow[] {
  const { rows = [], files: [main = ''] = [] } = config?.current() ?? {}
  if (file === undefined) return rows
  const own = realPathOf(file)
  return rows.filter(({ where }) => realPathOf(resolve(dirname(main), where.file)) !== own)
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    // Not there yet: then it is no other file either.
    return resolve(file)
  }
}

/** What storage cannot be asked about is answered from the view; "not found" would be a guess that clients act upon. */
function knownOr(known: Row | undefined): (error: unknown) => Row {
  return (error) => known ?? unreachable(error)
}

function unlessUnknown(error: unknown): undefined {
  if (error instanceof ModelManagementError && error.code === 'unknown_model') return undefined
  throw error
}
