import { costMap } from '../../lib/model-info/cost-map'
import { presenterOf } from '../../lib/model-info/present'
import { sizeOf } from '../../lib/registry/list-bytes'
import { createKnownTeams } from '../../lib/registry/known-teams'
import { listing } from '../../lib/registry/listing'
import { readsOf } from '../../lib/registry/reads'
import type { Reads } from '../../lib/registry/reads'
import { isRow, storedRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { snapshotOf, withStored } from '../../lib/registry/snapshot'
import { everything, scopeOf } from '../../lib/registry/visibility'
import type { Scope } from '../../lib/registry/visibility'
import { createTimeSlices } from '../../lib/time-slices'
import { heldBytes } from '../support/memory'
import { draft } from '../support/rows'

/** Pools, and what the engine sets up when code runs for the first time. */
const someBytes = 512 * 1024
const answerCacheBytes = 128 * 1024 * 1024

/** Words, which take less time than one long one. */
function row(at: number, revision = '1', noteBytes = 12_000): Row {
  const deployment = {
    model_name: `m${at}`,
    litellm_params: { model: 'x' },
    model_info: { note: `${revision} `.padEnd(noteBytes, 'a note ') },
  }
  const read = storedRow({ ...draft(`m${at}`, at), deployment, revision }, 'test')
  if (!isRow(read)) throw new Error('not a row')
  return read
}

/** Lists of so many rows, of which each can change and the prices of all. */
function world(count: number, noteBytes?: number) {
  const slices = createTimeSlices()
  const noNames: ReadonlySet<string> = new Set()
  const fallbacks = { general: new Map(), context_window: new Map(), content_policy: new Map() }
  const none = { fallbacks, publicGroups: noNames }
  const made = Array.from({ length: count }, (_, at) => row(at, '1', noteBytes))
  const state = { snapshot: snapshotOf([], made, 1), presenter: presenterOf(costMap({})) }
  const reads = readsOf({
    slices,
    snapshot: () => state.snapshot,
    latest: () => state.snapshot,
    presenter: () => state.presenter,
    listing: listing({ slices, policy: 'show', expand: () => () => [] }),
    fileLists: () => none,
    teams: createKnownTeams([]),
    publicNames: () => noNames,
    costMap: () => costMap({}),
    publicInfo: [],
    maxPageSize: 1000,
  })
  return {
    reads,
    put: (at: number, now?: Row) => (state.snapshot = withStored(state.snapshot, `m${at}`, now)),
    rebuild: (revision: string) => {
      const rows = state.snapshot.rows.map((_, at) => row(at, revision))
      state.snapshot = snapshotOf([], rows, state.snapshot.revision + 1)
    },
    reprice: () => (state.presenter = presenterOf(costMap({}))),
  }
}

const team = (id: string): Scope =>
  scopeOf({ userId: id, role: 'internal_user', teams: [{ id, models: ['m*'] }] })
const users = ['a', 'b', 'c'].map(team)

/** Asks for everything that there is to be asked for, and gives the length of the longest list. */
async function askAll(reads: Reads, scopes: readonly Scope[]): Promise<number> {
  let longest = 0
  for (const scope of scopes) {
    longest = Math.max(longest, sizeOf(await reads.models(scope)))
    await reads.names(scope, { metadata: 'general' })
    await reads.groups(scope)
    const page = await reads.page(scope, { search: '1', sortBy: 'model_name', page: 1, size: 50 })
    await reads.list(page.rows, scope, ']}')
  }
  return longest
}

type World = ReturnType<typeof world>

it.each<[what: string, change: (made: World, turn: number) => void]>([
  ['changes of one model', ({ put }, turn) => put(7, row(7, `r${turn}`))],
  ['changes of one model after another', ({ put }, turn) => put(turn, row(turn, `r${turn}`))],
  ['deleting and creating', ({ put }, turn) => (put(turn), put(turn, row(turn, `r${turn}`)))],
  ['changes of the prices', ({ reprice }) => void reprice()],
  ['reading anew what other hands changed', ({ rebuild }, turn) => rebuild(`r${turn}`)],
])('after %s nothing is held but what the latest lists need', async (_, change) => {
  const before = await heldBytes()
  const made = world(40)
  let longest = 0
  for (let turn = 0; turn < 12; turn++) {
    longest = await askAll(made.reads, turn === 0 ? [everything, ...users] : [everything, users[turn % 3]!])
    change(made, turn)
  }
  await askAll(made.reads, [everything, ...users])
  // The rows for administrators and for others, and a copy for each of the three users.
  expect((await heldBytes()) - before).toBeLessThan(3 * longest + users.length * 1.3 * longest + someBytes)
  expect(longest).toBeGreaterThan(40 * 12_000)
})

it('after lists of very many callers no more is held than the cache may hold', async () => {
  const before = await heldBytes()
  const { reads } = world(10, 80_000)
  let length = 0
  for (let caller = 0; caller < 250; caller++) length = sizeOf(await reads.models(team(`t${caller}`)))
  expect(250 * length).toBeGreaterThan(1.4 * answerCacheBytes)
  const held = (await heldBytes()) - before
  expect(held).toBeLessThan(answerCacheBytes + 3 * length)
})
