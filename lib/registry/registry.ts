import type { ModelSource } from '../adapters/adapter'
import { checkedSource } from '../adapters/checked-source'
import { ownsSecret } from '../adapters/own-secrets'
import { refuseSealed } from '../adapters/refuse-sealed'
import type { Caller } from '../caller'
import type { ConfigFile } from '../config/config-file'
import type { Environment } from '../yaml/environment'
import { ModelManagementError } from '../errors'
import type { CostMapKeeper } from '../model-info/cost-map-keeper'
import { presenterOf } from '../model-info/present'
import { providerModels } from '../model-info/provider-models'
import type { Presenter } from '../model-info/present'
import type { Options } from '../options'
import { createTimeSlices } from '../time-slices'
import { accessGroupsOf } from './access-groups'
import type { AccessGroups } from './access-groups'
import { configured } from './configured'
import { createListing } from './configured-listing'
import { asideLog } from './aside-log'
import { costMapBytes } from './cost-map-bytes'
import { costMapControl } from './cost-map-control'
import type { CostMapControl } from './cost-map-control'
import { admissionOf } from './admission'
import { createCredentials } from './credentials'
import type { Credentials } from './credentials'
import { changeEvents, changeOf } from './changes'
import type { RegistryListener } from './changes'
import { strictlyRisingClock } from './clock'
import type { ReadyOptions } from './first-load'
import { createFileLog } from './file-log'
import { follow } from './follow'
import { gateFor, gatedGroups, gatedWrites } from './gate'
import { isAsked } from './ids'
import type { ReadyBytes } from './list-bytes'
import { createPublicGroups } from './public-groups'
import type { PublicGroups } from './public-groups'
import type { ModelQuery, Page } from './query'
import { createKnownTeams } from './known-teams'
import { patient } from './patience'
import { readsOf } from './reads'
import type { Reads } from './reads'
import { referencesOf } from './references'
import type { References } from './references'
import { isName, resolver } from './resolve'
import type { Resolution, Resolver } from './resolve'
import { roomOf } from './room'
import { aliasesIn, fileListsIn } from './router-settings'
import type { Row } from './row'
import { scopeCache } from './scope-cache'
import type { Snapshot } from './snapshot'
import { statusOf } from './status'
import { createStatusFacts } from './status-facts'
import type { Status } from './status'
import { knownOr, unlessUnknown } from './unknown-model'
import { viewOf } from './view'
import type { Scope } from './visibility'
import { writesOf } from './writes'
import type { Writes } from './writes'

/** The models of one router, from all sources: what `http/` and the host's registry are made of. */
export interface Registry {
  readonly writes: Writes
  readonly reads: Reads
  readonly accessGroups: AccessGroups
  readonly credentials: Credentials
  readonly costMapControl: CostMapControl
  readonly publicGroups: Pick<PublicGroups, 'set'>
  readonly presenter: Presenter
  scope(caller: Caller): Scope
  /** Throws `not_ready` until everything was loaded for the first time. */
  assertReady(): void
  /** One row as storage has it now. Throws `unknown_model`, also for one that the caller does not see. */
  find(id: string, scope: Scope): Promise<Row>
  /** A page of what the caller sees, or of the one row with this id as storage has it now. */
  page(scope: Scope, query: ModelQuery, id?: string): Promise<Page>
  /** Whether everything was loaded once, whether some source is out of reach now, and whether this is the end. */
  health(): { readonly ready: boolean; readonly degraded: boolean; readonly closed: boolean }
  /** The cost map as JSON. */
  costMapBytes(): ReadyBytes
  /** What a name stands for, for whoever this scope is. */
  resolution(name: unknown, scope: Scope): Resolution
  /** Whether a model may have this name. */
  isName(value: unknown): value is string
  /** Called after every change that is in effect on this instance. Returns what ends it. */
  onChange(listener: RegistryListener): () => void
  status(): Status
  /** The same, of the latest rows however many changed, in slices. */
  freshStatus(): Promise<Status>
  /** Reads storage now. Rejects if it cannot be read. */
  refresh(): Promise<void>
  reloadConfig(): void
  ready(options?: ReadyOptions): Promise<void>
  close(): Promise<void>
}

export interface RegistryParts {
  readonly options: Options
  readonly source: ModelSource
  readonly config: ConfigFile | undefined
  readonly costMap: CostMapKeeper
  readonly environment: Environment
}

export function registryOf({ options, config, costMap, environment, ...given }: RegistryParts): Registry {
  const { logger, refreshMs } = options
  const onLate = (): void => void follower.refresh().catch(() => {})
  const waiting = patient({ source: refuseSealed(checkedSource(given.source)), logger, onLate })
  const { source } = waiting
  const events = changeEvents(logger)
  const scopes = scopeCache()
  const slices = createTimeSlices()
  const presenter = (): Presenter => presenterOf(costMap.current(), options.publicParams)
  let presenting = presenter()
  const { maxNameLength } = options.limits
  const view = viewOf(
    source.name,
    (change) => events.emit(() => changeOf(change)),
    asideLog(logger, 'storage'),
    { slices, maxNameLength },
  )
  const control = costMapControl({ source, costMap, logger })
  const publicGroups = createPublicGroups({ source, logger, assertWritable })
  const follower = follow({
    source,
    view,
    logger,
    refreshMs,
    onRead: () => [control, publicGroups].forEach((one) => one.follow()),
    unanswered: waiting.fault,
    prepare,
  })
  const references = referencesOf({
    options,
    config,
    environment,
    ownsSecret: (text) => ownsSecret(given.source, text),
  })
  const credentials = createCredentials(config)
  const lookups = { references, credentials }
  const inClear: References['inClear'] = (params, row) => credentials.fill(references.inClear(params, row))
  const qualify = (name: string): string | undefined => providerModels(costMap.current()).qualifiedName(name)
  const createResolver = (): Resolver => resolver(inClear, maxNameLength, qualify)
  let resolving = createResolver()
  const emitAll = (): void => events.emit(() => ({ ids: 'all', rows: [], revision: view.snapshot.revision }))
  const stopCostMap = costMap.onChange(() => {
    presenting = presenter()
    resolving = createResolver()
    emitAll()
    if (follower.loaded) prepare().catch(() => {})
  })
  let closed = false
  const rowsOf = configured(source)
  let fileLists = fileListsIn(config?.current())
  const reportFile = createFileLog(options)
  const configure = (): void => {
    const file = config?.current()
    fileLists = fileListsIn(file)
    publicGroups.configure(file)
    // The file has variables too, and says which are not for stored models.
    const haveCredentialsChanged = credentials.update()
    resolving = createResolver()
    reportFile(file)
    view.configure(rowsOf(file), aliasesIn(file, maxNameLength))
    // The rows look the same, and are called with other parameters.
    if (haveCredentialsChanged) emitAll()
    if (follower.loaded) prepare().catch(() => {})
  }
  const stopConfig = config?.onChange(configure)
  configure()

  const statusFacts = createStatusFacts({
    snapshot: () => view.snapshot,
    costMap: costMap.current,
    references,
    slices,
  })

  /** Does in slices, before anybody asks, what the first one would wait for. */
  async function prepare(): Promise<void> {
    await reads.prepare()
    await statusFacts.prepare()
  }

  const status = (): Status =>
    statusOf({ options, ...lookups, source, waiting, config, costMap, view, follower, ...statusFacts })

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
  }

  async function find(id: string, scope: Scope): Promise<Row> {
    assertReady()
    const known = view.snapshot.byId.get(id)
    const row = isAsked(id, known) ? await follower.read(id).catch(knownOr(known)) : known
    if (row === undefined || !scope.sees(row))
      throw new ModelManagementError('unknown_model', `Model id = ${id} not found on litellm proxy`, { id })
    return row
  }

  const ungated = writesOf({
    source,
    view,
    follower,
    logger,
    costMap: costMap.current,
    scope: scopes.of,
    assertWritable,
    admit: admissionOf(options, references, credentials),
    room: roomOf(view, options.limits),
    maxNameLength,
    stamp: strictlyRisingClock(),
  })
  const pass = gateFor(options.limits.maxConcurrentWrites, waiting.writes)
  const writes = gatedWrites(ungated, pass)
  const current = (): Snapshot => {
    assertReady()
    return view.snapshot
  }
  const reads = readsOf({
    snapshot: current,
    latest: () => view.snapshot,
    presenter: () => presenting,
    slices,
    listing: createListing({ options, costMap: costMap.current, slices, qualify }),
    fileLists: () => fileLists,
    teams: createKnownTeams(typeof options.auth === 'object' ? (options.auth.keys ?? []) : []),
    publicNames: publicGroups.names,
    costMap: costMap.current,
    publicInfo: options.publicInfo,
    maxPageSize: options.limits.maxPageSize,
  })

  const { refresh } = follower
  const accessGroups = gatedGroups(
    accessGroupsOf({ snapshot: current, refresh, writes, maxNameLength }),
    pass,
  )
  const mapBytes = costMapBytes(costMap.current)

  return {
    writes,
    reads,
    accessGroups,
    credentials,
    costMapControl: control,
    publicGroups,
    costMapBytes: mapBytes,
    health: () => ({
      ready: follower.loaded,
      degraded: (follower.fault ?? waiting.fault()) !== null || config?.lastError() !== undefined,
      closed,
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
    isName: (value) => isName(value, maxNameLength),
    resolution: (name, scope) => resolving.resolve(view.snapshot, name, scope),
    onChange: events.on,
    status,
    async freshStatus() {
      await statusFacts.prepare()
      return status()
    },
    refresh,
    reloadConfig: () => void config?.reload(),
    ready: follower.ready,
    async close() {
      closed = true
      stopConfig?.()
      stopCostMap()
      config?.close()
      control.close()
      publicGroups.close()
      costMap.close()
      waiting.close()
      await follower.close()
    },
  }
}
