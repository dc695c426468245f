import type { JsonObject } from '../json'
import type { CostMap } from '../model-info/cost-map'
import type { Presenter } from '../model-info/present'
import type { TimeSlices } from '../time-slices'
import { createFallbackNames } from './fallback-names'
import { createGrantedRows } from './granted-rows'
import { groupsOf } from './groups'
import { createHubReads } from './hub-reads'
import type { HubReads } from './hub-reads'
import { createCopiedList, createSharedList, jsonOf, sizeOf } from './list-bytes'
import type { ReadyBytes } from './list-bytes'
import type { Listing } from './listing'
import type { KnownTeams } from './known-teams'
import { anthropicModel, formatNames } from './name-shapes'
import { namesOf } from './names'
import type { FileLists, NameEntry, NamesOptions } from './names'
import { assertOrder, foundIn, pageOf, placesInOrder } from './query'
import type { ModelQuery, Page } from './query'
import type { Row } from './row'
import type { Snapshot } from './snapshot'
import { createVersionedCache } from './versioned-cache'
import { createVisibility } from './visible-rows'
import { everything, nameFor, seenBy } from './visibility'
import type { Scope } from './visibility'

/** A caller may ask for a long list in any number of ways, as for one team after the other. */
const answerLimits = { maxEntries: 4096, maxBytes: 128 * 1024 * 1024 }
/** Each is an order of rows, not a copy of them. */
const orderLimits = { maxEntries: 64, maxBytes: 16 * 1024 * 1024 }

/** Every list of models. All show the same rows to the same caller: what differs is how. Whatever takes long is done in slices. */
export interface Reads extends HubReads {
  /** `{"data":[…]}`, a row for each deployment. */
  models(scope: Scope, teamId?: string): Promise<ReadyBytes>
  /** `{"data":[…],"object":"list"}`, an entry for each name, or the shape that is asked for. */
  names(scope: Scope, options: NamesOptions): Promise<ReadyBytes>
  /** The entry of one name; undefined when the caller has none by it. */
  name(scope: Scope, name: string, options: NamesOptions): Promise<NameEntry | JsonObject | undefined>
  /** `{"data":[…]}`, what is known of each name, or of one. */
  groups(scope: Scope, group?: string): Promise<ReadyBytes>
  /** One page of what fits the query, of all rows or of these. */
  page(scope: Scope, query: ModelQuery, rows?: readonly Row[]): Promise<Page>
  /** `{"data":[…]` of these rows, and what ends it. */
  list(rows: readonly Row[], scope: Scope, tail: string): Promise<ReadyBytes>
  /** The rows behind all of these, in one piece. */
  rows(scope: Scope): readonly Row[]
  /** Builds what administrators see of each row, so that no request waits for it. */
  prepare(): Promise<void>
}

export interface ReadParts {
  /** Throws while there is none that may be shown. */
  readonly snapshot: () => Snapshot
  readonly latest: () => Snapshot
  readonly presenter: () => Presenter
  readonly listing: Listing
  readonly fileLists: () => FileLists
  readonly teams: KnownTeams
  /** Another set where others are public. */
  readonly publicNames: () => ReadonlySet<string>
  readonly costMap: () => CostMap
  /** Keys of `model_info` that ordinary callers get with the metadata of `/v1/models`. */
  readonly publicInfo: readonly string[]
  /** Rows. */
  readonly maxPageSize: number
  readonly slices: TimeSlices
}

/** What one request sees from its begin to its end, whatever changes meanwhile. */
interface ReadContext {
  readonly snapshot: Snapshot
  readonly listed: readonly Row[]
  readonly presenter: Presenter
  readonly file: FileLists
  readonly publicNames: ReadonlySet<string>
}

export function readsOf(parts: ReadParts): Reads {
  const { listing, publicInfo, maxPageSize, slices } = parts
  const answers = createVersionedCache<ReadyBytes>({ ...answerLimits, sizeOf })
  const places = createVersionedCache<Uint32Array>({ ...orderLimits, sizeOf: ({ byteLength }) => byteLength })
  const granted = createGrantedRows(listing, slices)
  const visibility = createVisibility(slices, { granted })
  const visibleDeployments = createVisibility(slices)
  /** Holds the bytes that the rows hold anyway, as long as the snapshot is the latest. */
  const sharedLists = new WeakMap<readonly Row[], Map<Presenter, Promise<ReadyBytes>>>()
  const numbers = new WeakMap<object, number>()
  let latestNumber = 0

  async function currentContext(snapshot = parts.snapshot()): Promise<ReadContext> {
    const now = { presenter: parts.presenter(), file: parts.fileLists(), publicNames: parts.publicNames() }
    return { ...now, snapshot, listed: await listing.of(snapshot) }
  }

  /** The same number for the same object, which is not held. */
  function numberOf(object: object): number {
    const known = numbers.get(object) ?? ++latestNumber
    numbers.set(object, known)
    return known
  }

  const versionOf = ({ presenter, file, publicNames }: ReadContext, rows: number): string =>
    [rows, numberOf(presenter), numberOf(file), numberOf(publicNames)].join()

  async function ready(
    asked: readonly unknown[],
    scope: Scope,
    build: (rows: readonly Row[], now: ReadContext) => Promise<ReadyBytes>,
  ): Promise<ReadyBytes> {
    const now = await currentContext()
    const { rows, version } = await visibility.of(scope, now.snapshot, now.listed)
    const key = JSON.stringify([scope.key, ...asked])
    return answers.get(key, versionOf(now, version), () => build(rows, now))
  }

  async function copied(
    rows: readonly Row[],
    scope: Scope,
    { presenter, listed }: Pick<ReadContext, 'presenter' | 'listed'>,
    tail?: string,
  ): Promise<ReadyBytes> {
    const json = presenter.json[scope.admin ? 'admin' : 'others']
    await json.prepare(rows, listed, slices)
    const list = createCopiedList()
    await slices.map(rows, (row) => {
      const value = json.get(row)
      list.add(value, value.gap === undefined ? '' : presenter.access(row, scope.audience(row)))
    })
    return list.end(tail)
  }

  async function forAdmin({ snapshot, presenter, listed }: ReadContext): Promise<ReadyBytes> {
    const { rows } = await visibility.of(everything, snapshot, listed)
    const known = sharedLists.get(rows) ?? new Map<Presenter, Promise<ReadyBytes>>()
    // Of the presenter before, nobody asks again.
    if (!known.has(presenter)) known.clear()
    sharedLists.set(rows, known)
    const made = known.get(presenter) ?? shared(rows, presenter)
    known.set(presenter, made)
    made.catch(() => known.delete(presenter))
    return made
  }

  async function shared(listed: readonly Row[], { json }: Presenter): Promise<ReadyBytes> {
    await json.admin.prepare(listed, listed, slices)
    const list = createSharedList()
    await slices.map(listed, (row) => list.add(json.admin.get(row)))
    return list.end()
  }

  async function listOf(values: readonly unknown[], tail?: string): Promise<ReadyBytes> {
    const list = createCopiedList()
    await slices.map(values, (value) => list.add(jsonOf(value)))
    return list.end(tail)
  }

  /** The rows that are listed by one name; where there are none, what a listed pattern stands for. */
  function named(scope: Scope, name: string, { snapshot, listed: rows }: ReadContext): readonly Row[] {
    // An administrator calls a team's model by no public name.
    const isIt = (row: Row): boolean =>
      (!scope.admin || row.teamId === null) && nameFor(row, scope) === name && scope.sees(row)
    const exact = listing.named(snapshot, rows, name).filter(isIt)
    return exact.length > 0 ? exact : listing.byPattern(snapshot, name, isIt)
  }

  async function entries(
    rows: readonly Row[],
    scope: Scope,
    options: NamesOptions,
    now: ReadContext,
  ): Promise<readonly NameEntry[]> {
    const fallbacksOf = createFallbackNames(scope, options, now.file, async () => {
      const { rows: seen } = await visibility.of(scope, now.snapshot, now.listed)
      return seen
    })
    return namesOf(rows, scope, now.presenter, {
      ...options,
      publicInfo,
      slices,
      isOfTeam: parts.teams.assertKnown(scope, options.teamId, now.snapshot.rows),
      fallbacksOf: await fallbacksOf,
    })
  }

  /** Each deployment once, as far as the caller sees it. */
  async function deploymentsFor(
    scope: Scope,
    now: ReadContext,
  ): Promise<{ readonly rows: readonly Row[]; readonly version: string }> {
    const deployments = listing.deployments(now.snapshot)
    const visible = await visibleDeployments.of(scope, now.snapshot, deployments)
    return { rows: visible.rows, version: `deployments ${versionOf(now, visible.version)}` }
  }

  async function found(scope: Scope, query: ModelQuery): Promise<Page> {
    const { page: _page, size: _size, ...search } = query
    const { sortBy, sortOrder } = search
    const now = await currentContext()
    const { rows, version } = await deploymentsFor(scope, now)
    const isOfTeam = parts.teams.filterFor(scope, query.teamId, now.snapshot.rows)
    const about = { scope, presenter: now.presenter, isOfTeam, slices }
    const cached = (asked: unknown, make: () => Promise<Uint32Array>): Promise<Uint32Array> =>
      places.get(JSON.stringify([scope.key, asked]), version, make)
    // What is typed into a search box is another search with each key, in the same order.
    const ordered = await cached([sortBy, sortOrder], () => placesInOrder(rows, search, about))
    const those = await cached(search, () => foundIn(rows, search, about, ordered))
    return pageOf(rows, those, query, maxPageSize)
  }

  const hub = createHubReads<ReadContext>({
    context: currentContext,
    versionOf: (now) => versionOf(now, numberOf(now.listed)),
    named,
    deployments: async (scope, now) => (await deploymentsFor(scope, now)).rows,
    costMap: parts.costMap,
    slices,
  })

  return {
    ...hub,
    rows(scope) {
      const snapshot = parts.snapshot()
      const rows = seenBy(listing.ofNow(snapshot), scope)
      const more = granted.ofNow(scope, snapshot, rows)
      return more.length === 0 ? rows : [...rows, ...more]
    },
    async models(scope, teamId) {
      const context = await currentContext()
      const isUsable = parts.teams.filterFor(scope, teamId, context.snapshot.rows)
      if (scope.admin && isUsable === undefined) return forAdmin(context)
      return ready(['models', teamId], scope, async (rows, now) =>
        copied(isUsable === undefined ? rows : await slices.filter(rows, isUsable), scope, now),
      )
    },
    async names(scope, options) {
      const isOfTeam = parts.teams.assertKnown(scope, options.teamId, parts.snapshot().rows)
      return ready(['names', options], scope, async (rows, now) => {
        const usable = isOfTeam === undefined ? rows : rows.filter(isOfTeam)
        const context = { rows: usable, scope, presenter: now.presenter, slices }
        return formatNames(await entries(rows, scope, options, now), options.shape, context)
      })
    },
    async name(scope, name, options) {
      const now = await currentContext()
      const rows = named(scope, name, now)
      const [entry] = await entries(rows, scope, options, now)
      const isAnthropic = options.shape?.of === 'anthropic'
      return entry === undefined || !isAnthropic ? entry : anthropicModel(entry, rows, now.presenter)
    },
    async groups(scope, group) {
      const build = async (rows: readonly Row[], now: ReadContext): Promise<ReadyBytes> =>
        listOf(await groupsOf(rows, scope, now.presenter, slices, now.publicNames))
      if (group === undefined) return ready(['groups'], scope, build)
      const now = await currentContext()
      const key = JSON.stringify([scope.key, 'group', group])
      return answers.get(key, versionOf(now, numberOf(now.listed)), () =>
        build(named(scope, group, now).filter(scope.lists), now),
      )
    },
    async page(scope, query, rows) {
      assertOrder(query)
      if (rows === undefined) return found(scope, query)
      const isOfTeam = parts.teams.filterFor(scope, query.teamId, parts.snapshot().rows)
      const about = { scope, presenter: parts.presenter(), isOfTeam, slices }
      const ordered = await placesInOrder(rows, query, about)
      return pageOf(rows, await foundIn(rows, query, about, ordered), query, maxPageSize)
    },
    async list(rows, scope, tail) {
      return copied(
        rows,
        scope,
        { presenter: parts.presenter(), listed: await listing.of(parts.snapshot()) },
        tail,
      )
    },
    async prepare() {
      await forAdmin(await currentContext(parts.latest()))
    },
  }
}
