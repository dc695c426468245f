import { ModelManagementError } from '../errors'
import type { Presenter } from '../model-info/present'
import type { TimeSlices } from '../time-slices'
import type { Row } from './row'
import { isWildcard } from './snapshot'
import { sortInSlices } from './sort'
import { nameFor } from './visibility'
import type { Scope } from './visibility'

/** What `/v2/model/info` can be asked for; absent means no restriction. */
export interface ModelQuery {
  readonly model?: string
  readonly teamId?: string
  readonly accessGroup?: string
  /** Part of a public name, in any case. */
  readonly search?: string
  /** Only what this user made, and what belongs to the caller's teams. */
  readonly madeBy?: string
  readonly wildcardsOnly?: boolean
  readonly withoutAutoRouters?: boolean
  /** Only paused rows, or only those that are not. */
  readonly blocked?: boolean
  readonly sortBy?: string
  readonly sortOrder?: string
  /** From 1. */
  readonly page: number
  readonly size: number
}

export interface Page {
  readonly rows: readonly Row[]
  /** Of all pages. */
  readonly total: number
  readonly page: number
  readonly pages: number
  readonly size: number
}

/** What is asked for, without the page. */
export type Search = Omit<ModelQuery, 'page' | 'size'>

/** How what is found is sorted; with neither it stays in its order. */
export type Order = Pick<ModelQuery, 'sortBy' | 'sortOrder'>

/** Sorts, then filters, everything the caller sees: the places of what is found. `ordered` are those of all rows in the order that is asked for. */
export async function foundIn(
  rows: readonly Row[],
  { sortBy: _by, sortOrder: _order, ...filters }: Search,
  parts: QueryParts,
  ordered: Uint32Array,
): Promise<Uint32Array> {
  const tests = testsOf(filters, parts)
  if (tests.length === 0) return ordered
  const found = await parts.slices.filter(Array.from(ordered), (at) => {
    const row = rows[at]
    return row !== undefined && tests.every((test) => test(row))
  })
  return Uint32Array.from(found)
}

/** Who asks, and what it takes to answer. */
export interface QueryParts {
  readonly scope: Scope
  readonly presenter: Presenter
  /** The rows that the team may use which is asked for. */
  readonly isOfTeam: ((row: Row) => boolean) | undefined
  readonly slices: TimeSlices
}

/** Counts and pages what was found. A larger page than the largest is answered with that size. */
export function pageOf(
  rows: readonly Row[],
  found: Uint32Array,
  query: Pick<ModelQuery, 'page' | 'size'>,
  largest: number,
): Page {
  const size = Math.min(query.size, largest)
  const from = (query.page - 1) * size
  return {
    rows: Array.from(found.slice(from, from + size)).flatMap((at) => rows[at] ?? []),
    total: found.length,
    page: query.page,
    pages: Math.ceil(found.length / size),
    size,
  }
}

function testsOf(
  query: Omit<Search, keyof Order>,
  { scope, isOfTeam }: QueryParts,
): readonly ((row: Row) => boolean)[] {
  const { model, accessGroup, search, madeBy, wildcardsOnly, withoutAutoRouters, blocked } = query
  const part = search?.toLowerCase()
  const tests: ((row: Row) => boolean)[] = []
  if (model !== undefined) tests.push((row) => namesFor(row, scope).includes(model))
  if (isOfTeam !== undefined) tests.push(isOfTeam)
  if (accessGroup !== undefined) tests.push((row) => row.accessGroups.includes(accessGroup))
  if (madeBy !== undefined)
    tests.push(
      (row) => row.audit.createdBy === madeBy || (row.teamId !== null && scope.teams.has(row.teamId)),
    )
  if (wildcardsOnly === true) tests.push(isWildcard)
  if (withoutAutoRouters === true) tests.push((row) => !isAutoRouter(row))
  if (blocked !== undefined) tests.push((row) => row.blocked === blocked)
  if (part !== undefined && part !== '')
    tests.push((row) => namesFor(row, scope).some((name) => name.toLowerCase().includes(part)))
  return tests
}

/** By which a row is found: administrators may also know the name that a team's model is kept by. */
function namesFor({ deployment, publicName }: Row, { admin }: Scope): readonly string[] {
  const { model_name: name } = deployment
  return admin && name !== publicName ? [publicName, name] : [publicName]
}

/** LiteLLM's own routing, which no provider serves. */
function isAutoRouter({ deployment }: Row): boolean {
  const { model } = deployment.litellm_params
  return typeof model === 'string' && model.startsWith('auto_router/')
}

/** What rows are sorted by; null sorts last, whichever way. */
type SortKey = (row: Row) => string | number | null

function sortKey(name: string, scope: Scope, presenter: Presenter): SortKey | undefined {
  switch (name) {
    case 'model_name':
      return (row) => nameFor(row, scope).toLowerCase()
    case 'created_at':
      return (row) => row.audit.createdAt
    case 'updated_at':
      return (row) => row.audit.updatedAt
    case 'costs':
      return (row) => {
        const { inputCost, outputCost } = presenter.facts(row)
        return (inputCost ?? 0) + (outputCost ?? 0) || null
      }
    case 'status':
      return (row) => Number(row.stored)
    default:
      return undefined
  }
}

/** Throws `invalid_query` for an order that there is not. */
export function assertOrder({ sortBy, sortOrder = 'asc' }: Order): void {
  if (sortBy === undefined || sortOrder === 'asc' || sortOrder === 'desc') return
  throw new ModelManagementError('invalid_query', `Invalid sortOrder: ${sortOrder}. Must be 'asc' or 'desc'`)
}

/** The places of the rows in this order; a key that nobody knows leaves them in theirs. */
export async function placesInOrder(
  rows: readonly Row[],
  { sortBy, sortOrder = 'asc' }: Order,
  { scope, presenter, slices }: QueryParts,
): Promise<Uint32Array> {
  const key = sortBy === undefined ? undefined : sortKey(sortBy, scope, presenter)
  if (key === undefined) return Uint32Array.from(rows.keys())
  const sign = sortOrder === 'asc' ? 1 : -1
  const keyed = await slices.map(rows, (row, at) => ({ at, by: key(row) }))
  const sorted = await sortInSlices(keyed, (one, other) => compare(one.by, other.by, sign), slices)
  return Uint32Array.from(sorted, ({ at }) => at)
}

function compare(one: string | number | null, other: string | number | null, sign: number): number {
  if (one === other) return 0
  if (one === null) return 1
  if (other === null) return -1
  return one < other ? -sign : sign
}
