import { isAddress } from '../model-info/addresses'
import type { RowBytes } from '../model-info/audience-bytes'
import type { Presenter } from '../model-info/present'
import { groupsOf } from './groups'
import type { GroupInfo } from './groups'
import { etagOf, lists, readyBytes } from './lists'
import type { Basis, ReadyBytes } from './lists'
import type { Listing } from './listing'
import { namesOf } from './names'
import type { Fallbacks, NameEntry, NamesOptions } from './names'
import { matchesPattern } from './patterns'
import { foundIn, pageOf, sorted } from './query'
import type { ModelQuery, Order, Page } from './query'
import type { Row } from './row'
import type { Snapshot } from './snapshot'
import { nameFor } from './visibility'
import type { Scope } from './visibility'

const answersKept = 512
/** A caller may ask for a long list in any number of ways, as for one team after the other. */
const answerBytesKept = 128 * 1024 * 1024
/** Each is an order of rows, not a copy of them. */
const searchesKept = 64

/** Every list of models. All show the same rows to the same caller: what differs is how. */
export interface Reads {
  /** `{"data":[…]}`, a row for each deployment. */
  models(scope: Scope, teamId?: string): ReadyBytes
  /** `{"data":[…],"object":"list"}`, an entry for each name. */
  names(scope: Scope, options: NamesOptions): ReadyBytes
  /** The entry of one name; undefined when the caller has none by it. */
  name(scope: Scope, name: string, options: NamesOptions): NameEntry | undefined
  /** `{"data":[…]}`, what is known of each name, or of one. */
  groups(scope: Scope, group?: string): ReadyBytes
  /** One page of what fits the query, of all rows or of these. */
  page(scope: Scope, query: ModelQuery, rows?: readonly Row[]): Page
  /** The rows behind all of these. */
  rows(scope: Scope): readonly Row[]
}

export interface ReadParts {
  readonly snapshot: () => Snapshot
  readonly presenter: () => Presenter
  readonly listing: Listing
  readonly fallbacks: () => Fallbacks
  /** Keys of `model_info` that ordinary callers get with the metadata of `/v1/models`. */
  readonly publicInfo: readonly string[]
  /** Rows. */
  readonly maxPageSize: number
}

export function readsOf({
  snapshot,
  presenter,
  listing,
  fallbacks,
  publicInfo,
  maxPageSize,
}: ReadParts): Reads {
  const answers = lists<ReadyBytes>({
    most: answersKept,
    mostBytes: answerBytesKept,
    bytesOf: ({ bytes }) => bytes.length,
  })
  const searches = lists<readonly Row[]>({ most: searchesKept })
  const orders = lists<readonly Row[]>({ most: searchesKept })
  const listed = (): readonly Row[] => listing.of(snapshot())
  const seen = (scope: Scope): readonly Row[] =>
    scope.admin ? listed() : listed().filter((row) => scope.sees(row))

  function ready(
    asked: readonly unknown[],
    scope: Scope,
    build: (rows: readonly Row[]) => ReadyBytes,
  ): ReadyBytes {
    return answers.get(JSON.stringify([scope.key, ...asked]), basis(scope), build)
  }

  function modelList(rows: readonly Row[], scope: Scope): ReadyBytes {
    const parts = rows.map((row) => presenter().bytes(row, scope.audience(row)))
    const list = listOf(parts)
    if (rows.length === listed().length) share(rows, parts, scope, list.bytes)
    return list
  }

  /** A list of everything holds the bytes of each row: they are not kept twice. */
  function share(rows: readonly Row[], parts: readonly RowBytes[], scope: Scope, list: Buffer): void {
    let end = head.length - comma.length
    const shared = parts.map(({ bytes, digest }, at) => {
      const row = rows[at]!
      const start = end + comma.length
      end = start + bytes.length
      return { row, audience: scope.audience(row), bytes: list.subarray(start, end), digest }
    })
    presenter().share(shared)
  }

  function basis(scope: Scope): Basis {
    const [now, at] = [snapshot(), presenter()]
    return { snapshot: now, listed: listing.of(now), presenter: at, fallbacks: fallbacks(), scope }
  }

  function found(scope: Scope, { page: _, size: _size, ...query }: ModelQuery): readonly Row[] {
    const now = basis(scope)
    // What is typed into a search box is another search with each key, in the same order.
    const inOrder = (rows: readonly Row[], order: Order): readonly Row[] =>
      orders.get(JSON.stringify([scope.key, order]), now, () => sorted(rows, order, scope, presenter()))
    return searches.get(JSON.stringify([scope.key, query]), now, (rows) =>
      foundIn(rows, query, scope, inOrder),
    )
  }

  const foundAmong = (rows: readonly Row[], scope: Scope, query: ModelQuery): readonly Row[] =>
    foundIn(rows, query, scope, (those, order) => sorted(those, order, scope, presenter()))

  /** The rows that are listed by one name; where there are none, what a listed pattern stands for. */
  function named(scope: Scope, name: string): readonly Row[] {
    const isIt = (row: Row): boolean => nameFor(row, scope) === name && scope.sees(row)
    const rows = listing.named(snapshot(), name).filter(isIt)
    return rows.length > 0 ? rows : listing.byPattern(snapshot(), name).filter(isIt)
  }

  const entries = (rows: readonly Row[], scope: Scope, options: NamesOptions): readonly NameEntry[] =>
    namesOf(rows, scope, presenter(), { ...options, publicInfo, fallbacksOf: fallbacksFor(scope, options) })

  /** What a name falls back to, as far as the caller has it in a list. */
  function fallbacksFor(scope: Scope, { metadata }: NamesOptions): (name: string) => readonly string[] {
    if (metadata === undefined) return () => []
    const all = fallbacks()[metadata]
    if (scope.admin) return (name) => all.get(name) ?? []
    const names = new Set(seen(scope).map((row) => row.publicName))
    const patterns = [...names].filter((name) => name.includes('*'))
    const isSeen = (name: string): boolean =>
      names.has(name) || (!isAddress(name) && patterns.some((pattern) => matchesPattern(pattern, name)))
    return (name) => (all.get(name) ?? []).filter(isSeen)
  }

  return {
    rows: seen,
    models: (scope, teamId) =>
      ready(['models', teamId], scope, (rows) => {
        const usable = teamId === undefined ? rows : rows.filter(scope.ofTeam(teamId))
        return modelList(usable, scope)
      }),
    names: (scope, options) =>
      ready(['names', options], scope, (rows) =>
        readyBytes(joined(entries(rows, scope, options).map(json), '],"object":"list"}')),
      ),
    name: (scope, name, options) => entries(named(scope, name), scope, options)[0],
    groups: (scope, group) =>
      ready(['groups', group], scope, (rows) =>
        readyBytes(
          joined(groupsOf(group === undefined ? rows : named(scope, group), scope, presenter()).map(json)),
        ),
      ),
    page: (scope, query, rows) =>
      pageOf(rows === undefined ? found(scope, query) : foundAmong(rows, scope, query), query, maxPageSize),
  }
}

/** The list of these rows. Most often one of them is another than before: the validator is made of theirs, not of megabytes. */
export function listOf(rows: readonly RowBytes[], tail = ']}'): ReadyBytes {
  const bytes = joined(
    rows.map((row) => row.bytes),
    tail,
  )
  return { bytes, etag: etagOf([...rows.map(({ digest }) => digest), tail].join()) }
}

/** `{"data":[` with the parts and commas between them. */
function joined(parts: readonly Buffer[], tail = ']}'): Buffer {
  const separated = parts.flatMap((part, at) => (at === 0 ? [part] : [comma, part]))
  return Buffer.concat([head, ...separated, Buffer.from(tail)])
}

const head = Buffer.from('{"data":[')
const comma = Buffer.from(',')

function json(value: GroupInfo | NameEntry): Buffer {
  return Buffer.from(JSON.stringify(value))
}
