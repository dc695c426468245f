import type { Presenter } from '../model-info/present'
import { groupsOf } from './groups'
import type { GroupInfo } from './groups'
import { lists } from './lists'
import type { ReadyBytes } from './lists'
import type { Listing } from './listing'
import { namesOf } from './names'
import type { Fallbacks, NameEntry, NamesOptions } from './names'
import { pageOf } from './query'
import type { ModelQuery, Page } from './query'
import type { Row } from './row'
import type { Snapshot } from './snapshot'
import { nameFor } from './visibility'
import type { Scope } from './visibility'

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
  /** One page of the rows that fit the query. */
  page(scope: Scope, query: ModelQuery): Page
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
}

export function readsOf({ snapshot, presenter, listing, fallbacks, publicInfo }: ReadParts): Reads {
  const kept = lists()
  const listed = (): readonly Row[] => listing.of(snapshot())
  const seen = (scope: Scope): readonly Row[] =>
    scope.admin ? listed() : listed().filter((row) => scope.sees(row))

  function ready(kind: string, scope: Scope, build: (rows: readonly Row[]) => readonly Buffer[]): ReadyBytes {
    return kept.get(`${kind} ${scope.key}`, { listed: listed(), presenter: presenter(), scope }, build)
  }

  const data = (parts: readonly Buffer[], tail = ']}'): readonly Buffer[] => [
    Buffer.from('{"data":['),
    ...parts.flatMap((part, at) => (at === 0 ? [part] : [comma, part])),
    Buffer.from(tail),
  ]
  const json = (value: GroupInfo | NameEntry): Buffer => Buffer.from(JSON.stringify(value))

  function derived(scope: Scope, name: string): readonly Row[] {
    const rows = listed()
    if (rows === snapshot().rows) return []
    return rows.filter((row) => row.standsFor !== undefined && row.publicName === name && scope.sees(row))
  }

  return {
    rows: seen,
    models: (scope, teamId) =>
      ready(`models ${teamId ?? ''}`, scope, (rows) => {
        const usable = teamId === undefined ? rows : rows.filter((row) => scope.usableBy(row, teamId))
        return data(usable.map((row) => presenter().bytes(row, scope.audience(row))))
      }),
    names: (scope, options) =>
      ready(`names ${JSON.stringify(options)}`, scope, (rows) =>
        data(
          namesOf(rows, scope, presenter(), { ...options, fallbacks: fallbacks(), publicInfo }).map(json),
          '],"object":"list"}',
        ),
      ),
    name(scope, name, options) {
      const rows = (snapshot().byName.get(name) ?? []).filter(
        (row) => scope.sees(row) && nameFor(row, scope) === name,
      )
      // Aliases and what wildcards stand for are in no index: they are few.
      const found = rows.length > 0 ? rows : derived(scope, name)
      return namesOf(found, scope, presenter(), { ...options, fallbacks: fallbacks(), publicInfo })[0]
    },
    groups: (scope, group) =>
      ready(`groups ${group ?? ''}`, scope, (rows) => {
        const wanted = group === undefined ? rows : rows.filter((row) => nameFor(row, scope) === group)
        return data(groupsOf(wanted, scope, presenter()).map(json))
      }),
    page: (scope, query) => pageOf(seen(scope), query, scope, presenter()),
  }
}

const comma = Buffer.from(',')
